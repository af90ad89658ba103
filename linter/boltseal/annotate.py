"""Ignore comments for findings: where they go, and the proof that they do what they should.

A comment is written where the finding stands, or above the statement or the block that it is part
of: the nearest place where the file is proved to say what it said before, and where the comment
accepts the finding. What has no such place is left.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from boltseal.edit import Edit, apply
from boltseal.engine import Inspected, Knowledge, inspect, judge
from boltseal.errors import UsageError
from boltseal.finding import Finding
from boltseal.ignores.comment_style import CommentStyle
from boltseal.ignores.reach import continues, is_remark
from boltseal.pattern import pattern
from boltseal.source import Source, Span
from boltseal.use import ImageUse

StyleOf = Callable[[ImageUse], CommentStyle | None]
"""How comments are written in the file of a use; None where there are none."""
_ENDS = ("*/", "-->", "#}", "{{", "}}", "{%", "%}", "{#")
_STEPS = 4
"""Blocks around a finding above which a comment may go."""
# ``# hadolint ignore=DL3008``, ``# renovate: datasource=docker``, and the like: many of the programs
# look at the next line alone.
_FOR_OTHERS = pattern(
    rb"(?:#+|//+)[ \t]*+(?!boltseal:)[a-z][\w-]*+(?::[^/]|[ \t]++(?:global[ \t]++)?[\w-]++=)"
)
_TRIALS = 300
"""How often a file is read again, where some of its comments cannot stand."""


class Annotated(NamedTuple):
    """A file with its comments: the bytes, the findings accepted by them, and those that are left."""

    source: Source
    data: bytes
    accepted: tuple[Finding, ...]
    left: tuple[Finding, ...]


class _Site(NamedTuple):
    """A place for a comment: behind a line, or above it."""

    line: int
    behind: bool


_Sites = Mapping[_Site, tuple[int, ...]]
"""Comments: where each stands, and for which findings, by their positions among all of the file."""


def checked_reason(reason: str) -> str:
    """A reason as it is written. Raises UsageError for one that is no line of text for a comment."""
    reason = reason.strip()
    if not reason:
        raise UsageError("--add-ignores needs a reason")
    if not reason.isprintable():
        raise UsageError("the reason must be one line of printable text")
    for end in _ENDS:
        if end in reason:
            raise UsageError(f"the reason must not have {end!r} in it: it would end the comment")
    return reason


def annotated(
    knowledge: Knowledge, inspected: Inspected, reason: str, style_of: StyleOf
) -> Annotated:
    """The file with a comment for every finding that counts, where one can stand.

    ``reason`` is one that ``checked_reason`` has returned. Nothing is written. What is returned was
    read again: the uses are the same, the findings too, and those with a comment are accepted.
    """
    return _Annotation(knowledge, inspected, reason, style_of).run()


class _Annotation:
    """The comments of one file."""

    def __init__(
        self, knowledge: Knowledge, inspected: Inspected, reason: str, style_of: StyleOf
    ) -> None:
        self._knowledge = knowledge
        self._before = inspected
        self._source = inspected.source
        self._reason = reason
        self._findings = list(judge(knowledge, inspected))
        self._style = next(filter(None, map(style_of, inspected.uses)), None)
        self._said: Hashable | None = None
        self._sites: _Sites = {}
        self._accepted: set[int] = set()
        self._data = inspected.source.data
        self._trials = _TRIALS

    def run(self) -> Annotated:
        wanted = [i for i, it in enumerate(self._findings) if it.use and not it.suppression]
        if self._style is not None and wanted and not self._before.problems:
            self._said = self._style.said(self._source)
        if self._style is not None and self._said is not None:
            for step in range(_STEPS + 2):
                left = [i for i in wanted if i not in self._accepted]
                self._take(list(self._wished(left, step, self._style).items()), self._style)
        active = [i for i, it in enumerate(self._findings) if not it.suppression]
        return Annotated(
            self._source,
            self._data,
            tuple(self._findings[i] for i in active if i in self._accepted),
            tuple(self._findings[i] for i in active if i not in self._accepted),
        )

    def _wished(self, left: Iterable[int], step: int, style: CommentStyle) -> _Sites:
        """A comment at every site that is the next to be tried for one of the findings left."""
        sites: dict[_Site, tuple[int, ...]] = {}
        for index in left:
            site = self._site(self._findings[index], step, style)
            if site:
                sites[site] = (*sites.get(site, ()), index)
        return sites

    def _site(self, finding: Finding, step: int, style: CommentStyle) -> _Site | None:
        line = self._source.line_of(finding.span.start)
        if is_remark(self._source.data, self._line(line)[1]):
            return self._below(line, step)
        if step == 0:
            return _Site(line, behind=True) if style.behind else None
        line = self._statement(line)
        for _ in range(step - 1):
            line = self._parents[line]
            if not line:
                return None
        return _Site(self._above_others(line), behind=False)

    def _below(self, line: int, step: int) -> _Site | None:
        """A site below a line that is a comment itself and means something, like ``# syntax=``."""
        below = line + step
        is_last = below > self._source.line_of(len(self._source.data))
        return None if step == 0 or is_last else _Site(below, behind=False)

    def _above_others(self, line: int) -> int:
        """The topmost of the comments for other programs that must stand directly above a line."""
        while line > 1 and _FOR_OTHERS.match(self._source.data, self._line(line - 1)[1]):
            line -= 1
        return line

    def _statement(self, line: int) -> int:
        """The first line of the statement that a line is part of."""
        data, first = self._source.data, line
        for above in range(line - 1, 0, -1):
            start, at, end = self._line(above)
            if at == end or is_remark(data, at):
                continue
            if not continues(data, start, end):
                break
            first = above
        return first

    @cached_property
    def _parents(self) -> list[int]:
        """For each line, the one that begins the block around it: the nearest above that is less deep."""
        parents, open_lines = [0], [(-1, 0)]
        for line in range(1, self._source.line_of(len(self._source.data)) + 1):
            start, at, end = self._line(line)
            depth = at - start
            if at < end and not is_remark(self._source.data, at):
                while open_lines[-1][0] >= depth:
                    open_lines.pop()
                parents.append(open_lines[-1][1])
                open_lines.append((depth, line))
            else:
                parents.append(open_lines[-1][1])
        return parents

    def _line(self, line: int) -> tuple[int, int, int]:
        """Where a line starts, where its content starts, and where that ends."""
        data = self._source.data
        start = self._source.line_start(line) or self._source.bom
        stop = data.find(b"\n", start)
        text = data[start : len(data) if stop < 0 else stop].rstrip(b" \t\r")
        return start, start + len(text) - len(text.lstrip(b" \t")), start + len(text)

    def _edit(self, site: _Site, findings: Sequence[int], style: CommentStyle) -> Edit:
        """What writes a comment for findings at a site."""
        rules = dict.fromkeys(self._findings[index].rule for index in sorted(findings))
        words = f"{style.opener}boltseal: ignore[{', '.join(rules)}] {self._reason}".encode()
        start, at, end = self._line(site.line)
        if site.behind:
            return Edit(Span(end, end), b"", b"  " + words)
        new = self._source.data[start:at] + words + self._line_end(end)
        return Edit(Span(start, start), b"", new)

    def _line_end(self, at: int) -> bytes:
        """The end of the line at ``at``, or of the file's first line where it has none."""
        data = self._source.data
        stop = data.find(b"\n", at)
        stop = data.find(b"\n") if stop < 0 else stop
        return b"\r\n" if stop > 0 and data[stop - 1 : stop] == b"\r" else b"\n"

    def _take(self, wished: Sequence[tuple[_Site, tuple[int, ...]]], style: CommentStyle) -> None:
        """Write the comments that hold together with those already written; leave the others."""
        if not wished or self._trials <= 0:
            return
        self._trials -= 1
        sites = dict(self._sites)
        for site, findings in wished:
            sites[site] = (*sites.get(site, ()), *findings)
        edits = [self._edit(*it, style) for it in sites.items()]
        data = apply(self._source.data, edits)
        accepted = self._accepted_in(data, edits, style)
        if accepted is not None and all(accepted.issuperset(it) for it in sites.values()):
            self._sites, self._accepted, self._data = sites, accepted, data
        elif len(wished) > 1:
            half = len(wished) // 2
            self._take(wished[:half], style)
            self._take(wished[half:], style)

    def _accepted_in(
        self, data: bytes, edits: Sequence[Edit], style: CommentStyle
    ) -> set[int] | None:
        """Which findings are accepted in an annotated file; None where anything else has changed."""
        after = Source(self._source.path, data, self._source.tree)
        if style.said(after) != self._said:
            return None
        again = inspect(self._knowledge, after, explicit=self._before.explicit)
        if again.problems or list(map(_seen, again.uses)) != list(map(_seen, self._before.uses)):
            return None
        ruling = self._knowledge.ruling.after(self._source, edits)
        findings = list(judge(self._knowledge._replace(ruling=ruling), again))
        if list(map(_told, findings)) != list(map(_told, self._findings)):
            return None
        pairs = list(zip(self._findings, findings, strict=True))
        if any(was.suppression and not now.suppression for was, now in pairs):
            return None
        return {i for i, (was, now) in enumerate(pairs) if now.suppression and not was.suppression}


def _seen(use: ImageUse) -> tuple[str, str, str, str]:
    return use.place, use.route, use.text, use.image.canonical if use.image else ""


def _told(finding: Finding) -> tuple[str, tuple[str, str, str, str] | None]:
    return finding.rule, _seen(finding.use) if finding.use else None
