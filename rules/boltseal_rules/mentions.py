"""What else reads a value that a fix would change: every other place where its name stands."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from boltseal.source import Source, Span
from boltseal.use import ImageUse
from boltseal_rules.text_use import objected

_LEAST = 4
"""Characters of an expression: fewer are no name that can be looked for."""


def mentioned(source: Source, name: re.Pattern[str], known: Iterable[Span]) -> str:
    """Where a name stands besides the spans that are known: '' or 'line 12 reads it too'.

    ``name`` matches the name as this format writes it where it is read; ``known`` are the bytes of
    the definition and of the places where the value is an image as a whole. Comments count too: it
    is better to ask than to break a build.
    """
    spans = sorted(known)
    starts = [span.start for span in spans]
    for match in name.finditer(source.text):
        at = source.byte_offset(match.start())
        index = bisect_right(starts, at) - 1
        if index < 0 or at >= spans[index].end:
            return f"line {source.line_of(at)} reads it too"
    return ""


def guarded(use: ImageUse) -> ImageUse:
    """A use that other spots read: its fix is unsafe where the same expression stands elsewhere.

    The bytes of a related spot are the expression by which it is read, ``$(params.image)``, say.
    """
    source = use.source
    spots = [it.span for it in use.related if it.source is None or it.source is source]
    for text in sorted({source.slice(span) for span in spots}):
        expression = text.decode("utf-8", "replace").strip("\"' ")
        if len(expression) < _LEAST:
            continue
        if objection := mentioned(source, re.compile(re.escape(expression)), (use.span, *spots)):
            return objected(use, objection)
    return use
