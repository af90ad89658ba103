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
