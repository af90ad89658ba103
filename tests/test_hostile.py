"""Text that is made to cost time costs little, and ends in no exception."""

import time

import pytest

from boltseal.engine import inspect
from boltseal.source import Source
from tests.tools import KNOWLEDGE

SIZE = 64 * 1024
POD = "apiVersion: v1\nkind: Pod\n"
HELMFILE = "releases:\n- values:\n  - image:\n      repository: a/b\n"
STEP = "jobs:\n  a:\n    container: nginx\n    steps:\n    - run: docker build -t "
BOMB = "".join(f"b{i}: &a{i + 1} {{<<: [*a{i}, *a{i}], x: *a{i}}}\n" for i in range(1000))
SUMS = "".join(f'  a{i} = "${{local.a{i + 1}}}${{local.a{i + 1}}}"\n' for i in range(1000))
CASES = {
    "actions of a pack that are not closed": (
        "web.nomad.hcl",
        'job "web" {\n  image = "nginx' + "[" * SIZE,
    ),
    "brackets on a line that the fast parser refuses": (
        "helmfile.yaml",
        f"{HELMFILE}     " + "[" * SIZE,
    ),
    "a long sum": ("a.py", "image = a" + " | default" * (SIZE // 10)),
    "a long chain of calls": ("a.py", "image = a" + ".b(1)" * (SIZE // 50)),
    "one word again and again": ("a.py", f'image = "{"image" * (SIZE // 5)}"\nprint 1\n'),
    "expressions that are not closed": (
        ".github/workflows/a.yml",
        STEP + "${{" * (SIZE // 3),
    ),
    "an input that is not closed": (".gitlab-ci.yml", "a:\n  image: $[[ inputs." + "a" * SIZE),
    "a variable that is not closed": (
        ".devcontainer/devcontainer.json",
        f'{{"image": "${{{"a" * SIZE}"}}',
    ),
    "slashes and backslashes": ("Jenkinsfile", "docker image = " + "/\\" * (SIZE // 2)),
    "quotes that go on in the next line": ("Jenkinsfile", "docker image " + "'\\\n" * (SIZE // 3)),
    "images in one agent": (
        "Jenkinsfile",
        "agent { docker { " + "image [a] " * (SIZE // 10),
    ),
    "images in images": ("Jenkinsfile", "docker.image(" * (SIZE // 13)),
    "aliases of aliases": ("values.yaml", "a: &a0 {image: nginx}\n" + BOMB),
    "sums of sums": (
        "main.tf",
        f'locals {{\n{SUMS}}}\nresource "docker_image" "x" {{\n  name = local.a0\n}}\n',
    ),
    "a name without end": (
        "main.tf",
        'resource "docker_image" "a" {\n  name = "nginx"\n}\n' + "a" * SIZE,
    ),
    "defaults in defaults": ("Dockerfile", "FROM " + "${A:-" * (SIZE // 5)),
    "documents without end": ("pod.yaml", f"{POD}image: nginx\n" + "---\n" * (SIZE // 4)),
    "a long number": ("values.yaml", f"image:\n  repository: a/b\n  tag: {'1' * SIZE}x\n"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_takes_little_time(case: str) -> None:
    path, text = CASES[case]
    start = time.process_time()
    inspect(KNOWLEDGE, Source(path, text.encode()))
    assert time.process_time() - start < 4


LARGE = 2 * 1024 * 1024
TOO_LARGE = {
    "Dockerfile": f"FROM nginx\nRUN {'a' * LARGE}\n",
    "Earthfile": f"FROM nginx\nRUN {'a' * LARGE}\n",
    "main.tf": f'resource "docker_image" "a" {{\n  name = "nginx"\n}}\n#{"a" * LARGE}',
    "web.nomad": f'job "a" {{\n  image = "nginx"\n}}\n#{"a" * LARGE}',
    "Jenkinsfile": f"docker.image('nginx')\n//{'a' * LARGE}",
    "a.py": f"image = 'nginx:1.27'\n#{'a' * LARGE}",
    "run.sh": f"docker run nginx\n#{'a' * LARGE}",
}


@pytest.mark.parametrize("path", TOO_LARGE)
def test_more_than_anybody_writes_is_not_read(path: str) -> None:
    (problem,) = inspect(KNOWLEDGE, Source(path, TOO_LARGE[path].encode())).problems
    assert problem.reason == f"larger than {LARGE} bytes"


def test_a_large_module_that_names_no_image_is_nothing_to_report() -> None:
    found = inspect(KNOWLEDGE, Source("a.py", f"# image\n#{'a' * LARGE}".encode()))
    assert found.uses == found.problems == ()


@pytest.mark.parametrize(
    "call",
    ["client.containers.run('alpine:3')", 'DockerContainer("redis:8")', "images.pull('a:1')"],
)
def test_a_large_module_that_runs_an_image_is_reported(call: str) -> None:
    found = inspect(KNOWLEDGE, Source("a.py", f"{call}\n#{'a' * LARGE}".encode()))
    assert [problem.reason for problem in found.problems] == ["larger than 2097152 bytes"]


@pytest.mark.parametrize("many", ["a,", "\n"])
def test_more_entries_than_fit_in_memory_are_not_read(many: str) -> None:
    text = f"{POD}image: nginx\nx: [{many * 3_000_001}]\n"
    (problem,) = inspect(KNOWLEDGE, Source("pod.yaml", text.encode())).problems
    assert problem.reason == "more than 3000000 lines and entries"
