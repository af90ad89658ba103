"""What tests say over and over: the uses of a text, and the text after a fix."""

import hashlib

from boltseal.engine import Fixed, Inspected, Knowledge, fix, inspect, judge
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.knowledge import CHECKS, PLACES, UNPARSABLE

KNOWLEDGE = Knowledge(PLACES, CHECKS, UNPARSABLE)


def digest(canonical: str) -> str:
    """The digest that every test registry answers: the hash of the name."""
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def inspected(path: str, data: bytes | str) -> Inspected:
    return inspect(KNOWLEDGE, Source(path, data.encode() if isinstance(data, str) else data))


def uses(path: str, data: bytes | str) -> list[ImageUse]:
    return list(inspected(path, data).uses)


def texts(path: str, data: bytes | str) -> list[str]:
    return [use.text for use in uses(path, data)]


def result(path: str, data: bytes | str, *, unsafe: bool = False) -> Fixed:
    found = inspected(path, data)
    answers: dict[str, Outcome] = {
        use.image.canonical: Resolved(digest(use.image.canonical), "application/json")
        for use in found.uses
        if use.image
    }
    return fix(KNOWLEDGE, found, answers, unsafe=unsafe)


def rules(path: str, data: bytes | str) -> list[str]:
    """The rules that have something to say, in the order of their findings."""
    return [finding.rule for finding in judge(KNOWLEDGE, inspected(path, data))]


def problems(path: str, data: bytes | str) -> list[str]:
    """Why parts of a text cannot be read."""
    return [problem.reason for problem in inspected(path, data).problems]


def sealed(path: str, data: bytes | str, *, unsafe: bool = False) -> str:
    """The text after a fix, with every digest that was written in shown as what it is made of."""
    after = result(path, data, unsafe=unsafe)
    shown = after.data
    for use, written in after.sealed:
        name = f"<{use.image.canonical}>" if use.image else ""
        for form in (written, written.removeprefix("sha256:")):
            shown = shown.replace(form.encode(), name.encode())
    return shown.decode()


def fixed(path: str, data: bytes | str, *, unsafe: bool = False) -> bytes:
    return result(path, data, unsafe=unsafe).data
