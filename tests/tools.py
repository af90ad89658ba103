"""What tests say over and over: the uses of a text, and the text after a fix."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

from boltseal.engine import Inspected, Knowledge, Task, inspect, judge
from boltseal.fixing import Fixed, fix, wanted_references
from boltseal.resolve.outcome import Outcome, Resolution, Resolved
from boltseal.source import ALONE, Source, Tree
from boltseal.use import ImageUse
from boltseal_rules.knowledge import PLACES, UNPARSABLE, checks, is_barren

CHECKS = checks(asked=True)

KNOWLEDGE = Knowledge(PLACES, CHECKS, UNPARSABLE, is_barren=is_barren)


def digest(canonical: str) -> str:
    """The digest that every test registry answers: the hash of the name."""
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


class MemoryTree:
    """The files around one, without a disk: paths with their texts."""

    root = "."

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self._files = {path: _bytes(data) for path, data in files.items()}

    def read(self, path: str) -> Source | None:
        return Source(path, self._files[path], self) if self.exists(path) else None

    def exists(self, path: str) -> bool:
        return path in self._files

    def files(self, folder: str, wants: Callable[[str], bool]) -> Sequence[str]:
        prefix = "" if folder == "." else f"{folder}/"
        return sorted(p for p in self._files if p.startswith(prefix) and wants(p))


def tree(files: Mapping[str, bytes | str]) -> Tree:
    return MemoryTree(files)


def inspected(
    path: str, data: bytes | str, around: Tree = ALONE, *, opted: tuple[str, ...] = ()
) -> Inspected:
    """A file looked at by every place; those that are opt-in only where ``opted`` names them."""
    return inspect(_knowledge(opted), Source(path, _bytes(data), around))


def _knowledge(opted: tuple[str, ...]) -> Knowledge:
    places = tuple(p for p in KNOWLEDGE.places if not p.opt_in or p.name in opted)
    return KNOWLEDGE._replace(places=places)


def _bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def uses(
    path: str, data: bytes | str, around: Tree = ALONE, *, opted: tuple[str, ...] = ()
) -> list[ImageUse]:
    return list(inspected(path, data, around, opted=opted).uses)


def texts(
    path: str, data: bytes | str, around: Tree = ALONE, *, opted: tuple[str, ...] = ()
) -> list[str]:
    return [use.text for use in uses(path, data, around, opted=opted)]


def result(
    path: str,
    data: bytes | str,
    around: Tree = ALONE,
    *,
    unsafe: bool = False,
    opted: tuple[str, ...] = (),
) -> Fixed:
    found = inspected(path, data, around, opted=opted)
    task = Task(unsafe=unsafe)
    answers: dict[str, Outcome] = {
        image.canonical: Resolved(digest(image.canonical), "application/json")
        for image in wanted_references(_knowledge(opted), found, task)
    }
    return fix(_knowledge(opted), found, answers, task)


def update(found: Inspected, answers: Resolution, *, opted: tuple[str, ...] = ()) -> Fixed:
    """A file whose sealed references are sealed anew, as a registry answers."""
    return fix(_knowledge(opted), found, answers, Task(update=True))


def rules(path: str, data: bytes | str, around: Tree = ALONE) -> list[str]:
    """The rules that have something to say, in the order of their findings."""
    return [finding.rule for finding in judge(KNOWLEDGE, inspected(path, data, around))]


def problems(path: str, data: bytes | str) -> list[str]:
    """Why parts of a text cannot be read."""
    return [problem.reason for problem in inspected(path, data).problems]


def sealed(path: str, data: bytes | str, around: Tree = ALONE, *, unsafe: bool = False) -> str:
    """The text after a fix, with every digest that was written in shown as what it is made of."""
    after = result(path, data, around, unsafe=unsafe)
    shown = after.data
    for use, written in after.sealed:
        name = f"<{use.image.canonical}>" if use.image else ""
        for form in (written, written.removeprefix("sha256:")):
            shown = shown.replace(form.encode(), name.encode())
    return shown.decode()


def fixed(
    path: str,
    data: bytes | str,
    around: Tree = ALONE,
    *,
    unsafe: bool = False,
    opted: tuple[str, ...] = (),
) -> bytes:
    return result(path, data, around, unsafe=unsafe, opted=opted).data
