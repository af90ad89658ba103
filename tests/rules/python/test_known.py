"""The known calls, in files that hold nothing else by which they could be noticed."""

import pytest

from boltseal_rules.python.known import KnownCall, known_calls
from tests.tools import texts


def said(call: KnownCall, package: str) -> str:
    """A module that makes one call."""
    slot = call.slot
    given = "x, " * slot + '"acme/app:1"' if isinstance(slot, int) else f'{slot}="acme/app:1"'
    return f"import {package or 'os'}\n{'.'.join(('x', *call.name))}({given})\n"


@pytest.mark.parametrize(
    ("call", "package"),
    [(call, package) for call in known_calls() for package in sorted(call.packages) or [""]],
)
def test_each_known_call_is_noticed(call: KnownCall, package: str) -> None:
    assert texts("jobs/run.py", said(call, package)) == ["acme/app:1"]


@pytest.mark.parametrize(
    "name",
    [
        *("image", "IMAGE", "Image", "IMage", "IMAge", "IMAGe", "appImage", "app_img", "appImg"),
        *("IMG", "Img", "IMg", "container_uri", "CONTAINER_URI", "containerUri"),
    ],
)
def test_a_name_is_noticed_in_every_mixture_of_cases(name: str) -> None:
    assert texts("jobs/run.py", f'run({name}="acme/app:1")\n') == ["acme/app:1"]
