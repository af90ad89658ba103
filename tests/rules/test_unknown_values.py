"""What is said of a reference of which several values are not known."""

import pytest

from boltseal.use import Opaque
from tests.tools import uses


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("Dockerfile", "FROM $A/$B\n", "A, B have no value in this file"),
        ("Dockerfile", "FROM $A\n", "A has no value in this file"),
        (
            "Dockerfile",
            "FROM $TARGETOS/$TARGETARCH\n",
            "TARGETOS, TARGETARCH are known only when the image is built",
        ),
        ("Earthfile", "VERSION 0.8\na:\n    FROM $A/$B\n", "A, B have no value in this file"),
        ("compose.yaml", "services: {a: {image: $A$B}}\n", "A, B have no default"),
        ("compose.yaml", "services: {a: {image: $A}}\n", "A has no default"),
        (
            "a.py",
            'def f(a, b):\n    docker.from_env().containers.run(f"x.io/{a}:{b}")\n',
            "{a}, {b} are only known when the program runs",
        ),
        (
            "a.py",
            'def f(a):\n    docker.from_env().containers.run(f"x.io/y:{a}")\n',
            "{a} is only known when the program runs",
        ),
    ],
)
def test_one_value_is_and_several_are(path: str, text: str, reason: str) -> None:
    (use,) = uses(path, text)
    assert isinstance(use.spelling, Opaque)
    assert use.spelling.reason == reason
