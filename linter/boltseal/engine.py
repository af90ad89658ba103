"""The pipeline: files to uses, uses to findings; ``fixing`` goes on to fixed bytes.

It is handed the places and the checks and imports neither.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from boltseal.check import Check, FileCheck
from boltseal.claims import Claims
from boltseal.finding import Finding
from boltseal.place import Found, Place
from boltseal.printable import brief
from boltseal.resolve.outcome import Outcome, Resolution, Unresolved
from boltseal.ruling import Ruling
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse, Opaque

if TYPE_CHECKING:
    from boltseal.resolve.platform import Platform

_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_HALF_READ = Opaque(
    "another part of the file cannot be read", "mend that part, then run boltseal again"
)


class _Known(NamedTuple):
    places: tuple[Place, ...]
    checks: tuple[Check, ...]
    unparsable: FileCheck
    silenced: frozenset[str] = frozenset()
    """Names of places whose uses are dropped: a place may find uses for several names."""
    is_barren: Callable[[Source], bool] = lambda _: False
    """Whether it is plain at once that no place finds anything in a file."""
    ruling: Ruling = Ruling()
    """What becomes of findings, and which files are looked at, as configured."""


class Knowledge(_Known):
    """All that is known of formats and of what is wrong: handed in by the caller."""

    @cached_property
    def claims(self) -> Claims:
        """The claims of the places to files."""
        return Claims(self.places)

    def wants(self, path: str) -> bool:
        """Whether a file of that path, which nobody has named, is looked at."""
        return self.claims.any(path) or self.ruling.includes(path)

    def leaves_out(self, path: str) -> bool:
        """Whether the configuration leaves out a file, even one that is named."""
        return self.ruling.excludes(path)


Knows = Callable[[str], Knowledge]
"""What is known of a file, by its path: folders may have configurations of their own."""


class Inspected(NamedTuple):
    """A file and the uses in it.

    ``problems`` are the parts that could not be read; ``explicit`` that it was looked at whatever
    its name is; ``bug`` is what went wrong where nothing should, and then nothing is known of it.
    ``left_out``: the configuration leaves it out, so that nothing is said of it.
    """

    source: Source
    uses: tuple[ImageUse, ...] = ()
    problems: tuple[Unparsable, ...] = ()
    explicit: bool = False
    bug: str = ""
    left_out: bool = False


class Task(NamedTuple):
    """What a fix is to do.

    ``unsafe``: make unsafe fixes too. ``update``: seal anew what is sealed and has a tag.
    ``platform``: what the answers are for, where they are for one platform alone.
    """

    unsafe: bool = False
    update: bool = False
    platform: "Platform | None" = None


PLAIN = Task()
"""Safe fixes of what is not sealed yet."""


def inspect(knowledge: Knowledge, source: Source, *, explicit: bool = False) -> Inspected:
    """Find the uses of one file. An ``explicit`` file is looked at whatever its name is.

    The first place that knows the content keeps the file; those that are opted in add to it what
    nobody else has found.
    """
    if knowledge.is_barren(source):
        return Inspected(source, explicit=explicit)
    claiming = knowledge.claims.of(source.path)
    others = [it for it in knowledge.places if it not in claiming] if explicit else []
    found = _main(source, claiming, others)
    for place in claiming:
        if place.opt_in and _may_hold(place, source):
            found = _joined(found, _ask(place, source))
    return _inspected(knowledge, source, found, explicit=explicit)


def _main(source: Source, claiming: Sequence[Place], others: Sequence[Place]) -> Found:
    """What the place that keeps the file finds, those that know its name asked first.

    So naming a file does not change its format. A place that does not know the name and cannot
    read the content has the last word only if no other place has one. What is no text at all may
    be of no format, unless it goes by a name that one of them knows.
    """
    last, goes_by_name = Found(), False
    for place in (*claiming, *others):
        if place.opt_in or not _may_hold(place, source):
            continue
        answer = _ask(place, source)
        if answer is None:
            goes_by_name = goes_by_name or place in claiming
            continue
        if answer.uses or place in claiming:
            return answer
        last = last if last.problems or not (goes_by_name or _is_text(source)) else answer
    return last


def _is_text(source: Source) -> bool:
    """Whether a file is in an encoding of text: else it is of none of the formats."""
    if source.data[:2] in _UTF_16:
        return True
    try:
        return bool(source.text)
    except Unparsable:
        return False


def _ask(place: Place, source: Source) -> Found | None:
    try:
        return place.find(source)
    except Unparsable as problem:
        return Found((), (problem,))


def _joined(found: Found, more: Found | None) -> Found:
    """What was found with ``more`` of it, which yields where both claim the same bytes."""
    if more is None:
        return found
    taken = [use.span for use in found.uses]
    free = [
        use
        for use in more.uses
        if not any(span.start < use.span.end and use.span.start < span.end for span in taken)
    ]
    uses = sorted((*found.uses, *free), key=lambda use: use.span)
    return Found(tuple(uses), (*found.problems, *more.problems))


def _may_hold(place: Place, source: Source) -> bool:
    """Whether a file contains any of a place's needles, or hides letters of one.

    In UTF-16 too: no place reads it, and then says so, where skipping it would look clean.
    """
    if any(map(source.holds, place.needles)) or source.hides_letters:
        return True
    codec = _UTF_16.get(source.data[:2])
    return codec is not None and any(
        source.holds(needle.decode().encode(codec)) for needle in place.needles
    )


def _inspected(knowledge: Knowledge, source: Source, found: Found, *, explicit: bool) -> Inspected:
    uses = found.uses
    if knowledge.silenced:
        uses = tuple(use for use in uses if use.place not in knowledge.silenced)
    if found.problems:
        # A file that is understood in part is reported and left alone.
        uses = tuple(use._replace(spelling=_HALF_READ) if use.image else use for use in uses)
    return Inspected(source, knowledge.ruling.required(uses), found.problems, explicit)


def judge(
    knowledge: Knowledge,
    inspected: Inspected,
    resolution: Resolution | None = None,
    task: Task = PLAIN,
) -> Iterator[Finding]:
    """All findings of one file, in order of their place in it.

    Those that are accepted are among them, and say so.
    """
    if inspected.left_out:
        return
    findings = [
        knowledge.unparsable.judge(inspected.source, problem) for problem in inspected.problems
    ]
    for use in inspected.uses:
        outcome = outcome_for(use, resolution, task)
        made = (check.judge(use, outcome) for check in knowledge.checks)
        findings += [finding for finding in made if finding]
    findings.sort(key=lambda finding: finding.span)
    whole = not (inspected.problems or inspected.bug)
    yield from knowledge.ruling.settled(inspected.source, findings, whole=whole)


def outcome_for(use: ImageUse, resolution: Resolution | None, task: Task) -> Outcome | None:
    """What was answered for a use; None where nothing was asked."""
    outcome = resolution.get(use.image.canonical) if resolution and use.image else None
    if outcome is None or task.platform is None or use.platform is None:
        return outcome
    from boltseal.resolve.platform import parse_platform

    if parse_platform(use.platform) == task.platform:
        return outcome
    return Unresolved(
        f"it is used for {brief(use.platform)}, and the digest asked for is that of {task.platform}",
        "fix this file without '--platform', or take the platform out of it",
    )
