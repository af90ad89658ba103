"""The second half of the pipeline: uses and digests to fixed bytes, which are read again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from boltseal.edit import Safety, apply
from boltseal.engine import PLAIN, Inspected, Knowledge, Task, inspect, judge, outcome_for
from boltseal.finding import Finding
from boltseal.reference import DEFAULT_TAG, ImageReference
from boltseal.resolve.outcome import Resolution, Resolved
from boltseal.seal import seal
from boltseal.source import Source
from boltseal.use import ImageUse, Split


class Fixed(NamedTuple):
    """A file after the fix: the bytes, the uses sealed with their digests, and what is left to say."""

    source: Source
    data: bytes
    sealed: tuple[tuple[ImageUse, str], ...]
    findings: tuple[Finding, ...]


class Inconsistent(Exception):
    """An edited file does not read as it should: a bug, and nothing was written."""


def wanted_references(
    knowledge: Knowledge, inspected: Inspected, task: Task = PLAIN
) -> Iterator[ImageReference]:
    """The references in one file that a fix has to know the digests of: those of its findings."""
    for finding in judge(knowledge, inspected):
        image = finding.use.image if finding.use else None
        if image and not finding.suppression and _is_made(finding.fix_safety, task):
            yield image
    if task.update:
        yield from (use.image for use in inspected.uses if use.image and _has_both(use.image))


def pinned_references(files: Iterable[Inspected]) -> Iterator[ImageReference]:
    """The references that have a digest."""
    for inspected in files:
        for use in inspected.uses:
            if use.image and use.image.is_pinned:
                yield use.image


def _has_both(image: ImageReference) -> bool:
    """Whether a reference has a digest, and a tag that tells what the digest should be."""
    return image.is_pinned and image.tag is not None


def _is_made(level: Safety | None, task: Task) -> bool:
    """Whether a fix of that safety is made."""
    return level is Safety.SAFE or (task.unsafe and level is Safety.UNSAFE)


def fix(
    knowledge: Knowledge,
    inspected: Inspected,
    resolution: Resolution,
    task: Task = PLAIN,
) -> Fixed:
    """Make the fixes of the findings in one file; nothing is written.

    What is accepted, or not asked for, is no such finding, and stays as it is. The edited bytes are
    read again: every use must be what it was, but for the digests meant to be new. Raises
    Inconsistent where it is not, and EditRefused where edits contradict each other.
    """
    findings = tuple(judge(knowledge, inspected, resolution, task))
    digests = _digests(findings, inspected.uses, resolution, task)
    if not digests:
        return Fixed(inspected.source, inspected.source.data, (), findings)
    edits = [
        edit
        for index, digest in digests.items()
        for edit in seal(inspected.uses[index], digest).edits
    ]
    source = inspected.source
    after = Source(source.path, apply(source.data, edits), source.tree)
    again = inspect(knowledge, after, explicit=inspected.explicit)
    _verify(inspected, again, digests)
    _confirm(knowledge, inspected, after)
    sealed = tuple((inspected.uses[index], digest) for index, digest in digests.items())
    # Edits may add lines: what is left is looked for where it stands now.
    later = knowledge._replace(ruling=knowledge.ruling.after(source, edits))
    return Fixed(inspected.source, after.data, sealed, tuple(judge(later, again, resolution, task)))


def _digests(
    findings: Iterable[Finding], uses: Sequence[ImageUse], resolution: Resolution, task: Task
) -> dict[int, str]:
    """The digest to write, by the position of the use."""
    positions = {id(use): index for index, use in enumerate(uses)}
    digests: dict[int, str] = {}
    for finding in findings:
        use = finding.use
        if finding.fix is None or finding.suppression or not use or not use.image:
            continue
        if not _is_made(finding.fix.safety, task) or (use.image.is_pinned and not task.update):
            continue
        outcome = outcome_for(use, resolution, task)
        if isinstance(outcome, Resolved):
            digests[positions[id(use)]] = outcome.digest
    return digests


def _verify(before: Inspected, after: Inspected, digests: Mapping[int, str]) -> None:
    path = before.source.path
    if after.problems or len(before.uses) != len(after.uses):
        raise Inconsistent(f"{path}: the edited file does not read like the one before")
    for index, (old, new) in enumerate(zip(before.uses, after.uses, strict=True)):
        if _expected(old, digests.get(index)) != _seen(new):
            raise Inconsistent(f"{path}: {old.text!r} would become {new.text!r}")


def _confirm(knowledge: Knowledge, before: Inspected, after: Source) -> None:
    found_by = {use.place for use in before.uses}
    for place in knowledge.places:
        if place.name in found_by and place.confirm and not place.confirm(before.source, after):
            raise Inconsistent(f"{after.path}: a second reader sees more than the edits")


def _seen(use: ImageUse) -> tuple[str, str, str | None]:
    return use.place, use.route, use.image.canonical if use.image else use.text


def _expected(use: ImageUse, digest: str | None) -> tuple[str, str, str | None]:
    if digest is None or use.image is None:
        return _seen(use)
    tag = use.image.tag
    if tag is None and not isinstance(use.spelling, Split):
        tag = DEFAULT_TAG
    return use.place, use.route, use.image._replace(tag=tag, digest=digest).canonical
