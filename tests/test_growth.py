"""Twice as much text takes no more than about twice the steps, however it is made.

Steps are calls of functions, which no load of the machine changes. What a single call may look
through is counted apart.
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from boltseal.engine import inspect, judge
from boltseal.source import Source
from boltseal_rules.formats import shell_words
from tests.tools import KNOWLEDGE

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
VALUES = "image:\n  repository: a/b\n  tag: v1\n"
SHARED = "a: &a\n" + "".join(f"  k{i}: {{image: b:1}}\n" for i in range(100))
CASES: dict[str, tuple[str, Callable[[int], str]]] = {
    "images of one container": ("pod.yaml", lambda n: POD + "  - image: a:1\n" * n),
    "keys that are the same": ("pod.yaml", lambda n: f"{POD}  - image: a:1\n" + "image: a:1\n" * n),
    "keys of values": ("values.yaml", lambda n: VALUES + "image: a:1\n" * n),
    "documents": ("pod.yaml", lambda n: f"{POD}  - image: a:1\n---\n" * n),
    "documents without a head": ("pod.yaml", lambda n: POD + "image: a:1\n---\n" * n),
    "merges of many keys": (
        "values.yaml",
        lambda n: (
            f"{VALUES}a: &a\n"
            + "".join(f"  k{i}: b\n" for i in range(n))
            + "".join(f"b{i}: {{<<: *a}}\n" for i in range(n))
        ),
    ),
    "merges of merges": (
        "compose.yaml",
        lambda n: (
            "x: &a0 {image: a:1}\nservices:\n"
            + "".join(f"  s{i}: &a{i + 1}\n    <<: *a{i}\n    build: .\n" for i in range(n))
        ),
    ),
    "aliases of a large node": ("values.yaml", lambda n: f"{SHARED}b:\n" + "- *a\n" * n),
    "aliases of aliases": (
        "values.yaml",
        lambda n: (
            "image: a:1\na0: &a0 [x]\n"
            + "".join(f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}, *a{i}]\n" for i in range(n))
        ),
    ),
    "anchors": ("values.yaml", lambda n: "image: a:1\nb:\n" + "- &a\n" * n),
    "steps": (
        ".github/workflows/a.yml",
        lambda n: (
            "jobs:\n  a:\n    container: a:1\n    steps:\n" + "    - run: docker run b:1\n" * n
        ),
    ),
    "jobs": (
        ".gitlab-ci.yml",
        lambda n: "".join(f"a{i}:\n  image: b:{i}\n  script: [make]\n" for i in range(n)),
    ),
    "actions": ("templates/a.yaml", lambda n: POD + "  - image: {{ .a }}\n" * n),
    "actions that are open": ("templates/a.yaml", lambda n: f"{POD}  - image: a:1\n" + "{{ " * n),
    "blocks of actions": (
        "templates/a.yaml",
        lambda n: f"{POD}  - image: a:1\n" + "{{ if .a }}\n" * n,
    ),
    "stages": (
        "Dockerfile",
        lambda n: "".join(f"FROM a:{i} AS s{i}\nCOPY --from=s{i} a b\n" for i in range(n)),
    ),
    "arguments in arguments": (
        "Dockerfile",
        lambda n: (
            "ARG A0=a:1\n"
            + "".join(f"ARG A{i + 1}=${{A{i}}}\n" for i in range(n))
            + f"FROM ${{A{n}}}\n"
        ),
    ),
    "heredocs": ("Dockerfile", lambda n: "FROM a:1\n" + "RUN <<A <<B\nA\nB\n" * n),
    "heredocs of one line": ("Dockerfile", lambda n: "FROM a:1\nRUN " + "<<A " * n),
    "continued lines": ("Dockerfile", lambda n: "FROM a:1\nRUN a" + " \\\n b" * n),
    "calls": ("a.py", lambda n: "import docker\n" + "docker.run('a:1')\n" * n),
    "names of names": (
        "a.py",
        lambda n: (
            "a0 = 'a:1'\n" + "".join(f"a{i + 1} = a{i}\n" for i in range(n)) + f"image = a{n}\n"
        ),
    ),
    "blocks": (
        "main.tf",
        lambda n: 'resource "docker_image" "a" {\n  name = "a:1"\n}\n' * n,
    ),
    "locals of locals": (
        "main.tf",
        lambda n: (
            "locals {\n"
            + "".join(f"  a{i} = local.a{i + 1}\n" for i in range(n))
            + '}\nresource "docker_image" "a" {\n  name = local.a0\n}\n'
        ),
    ),
    "braces": ("Jenkinsfile", lambda n: "docker.image('a:1')\n" + "{" * n),
    "agents": ("Jenkinsfile", lambda n: "agent { docker { image 'a:1' } }\n" * n),
    "targets": ("Earthfile", lambda n: "VERSION 0.8\n" + "a:\n  FROM b:1\n" * n),
    "commands": ("run.sh", lambda n: "docker run a:1\n" * n),
    "substitutions": ("run.sh", lambda n: "docker run " + "$(" * n),
}
SIZE = 200


def steps(path: str, text: str) -> int:
    """How many functions are called to read and judge a text."""
    count = 0

    def event(_frame: object, kind: str, _: Any) -> None:
        nonlocal count
        count += kind in ("call", "c_call")

    source = Source(path, text.encode())
    before = sys.getprofile()
    sys.setprofile(event)
    try:
        list(judge(KNOWLEDGE, inspect(KNOWLEDGE, source)))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("case", CASES)
def test_twice_the_text_takes_twice_the_steps(case: str) -> None:
    path, made = CASES[case]
    steps(path, made(1))  # what is loaded and compiled once
    assert steps(path, made(2 * SIZE)) < 2.3 * steps(path, made(SIZE))


class Counted(bytes):
    """Bytes that count how many of them are looked through."""

    looked_through = 0

    def __contains__(self, part: object) -> bool:
        Counted.looked_through += len(self)
        return super().__contains__(part)  # type: ignore[operator]


def test_a_file_is_not_looked_through_for_every_image() -> None:
    data = Counted((POD + "  - image: a:1\n" * SIZE).encode())
    Counted.looked_through = 0
    assert len(inspect(KNOWLEDGE, Source("pod.yaml", data)).uses) == SIZE
    assert Counted.looked_through < SIZE / 2 * len(data)


def test_words_in_words_in_words_are_bounded() -> None:
    text = "docker run " + "$(" * 10_000
    words = [word for command in shell_words.read(text).commands for word in command]
    assert sum(word.end - word.start for word in words) < 200 * len(text)
