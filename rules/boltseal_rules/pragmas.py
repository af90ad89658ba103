"""The ignore comments of other programs, and what their rules are called here.

hadolint's stand on the line above an instruction, or anywhere for a whole Dockerfile
(``Hadolint/Pragma.hs``); zizmor's on a line of what was found (``finding/location.rs``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from boltseal.errors import UsageError, unknown
from boltseal.ignores.comment import Comment, Pragma
from boltseal.ignores.reach import Mark, reach
from boltseal.pattern import pattern
from boltseal.source import Source, Span

_HADOLINT = pattern(
    rb"(?m)^[ \t]*+#[ \t]*+hadolint[ \t]++(?P<file>global[ \t]++)?+ignore[ \t]*+=[ \t]*+"
    rb"(?P<codes>[DLSC0-9]++(?:[ \t]*+,[ \t]*+[DLSC0-9]++)*+)[ \t]*+(?:#(?P<reason>[^\n]*+))?+\r?$"
)
_HADOLINT_RULES = {
    "DL3006": ("implicit-latest",),
    "DL3007": ("implicit-latest",),
}
_ZIZMOR = pattern(rb"# zizmor: ignore\[(?P<rest>[^\n]*+)")
_ZIZMOR_REST = pattern(r"(?P<codes>.+)\](?:\s+(?P<reason>.*))?")
_ZIZMOR_RULES = {"unpinned-images": ("mutable-tag", "implicit-latest")}


def _hadolint(source: Source) -> Iterator[Comment]:
    matches = list(_HADOLINT.finditer(source.data, source.bom))
    numbers = [source.line_of(match.end()) for match in matches]
    below = reach(source, [Mark(number, number, above=True) for number in numbers])
    for match, number, lines in zip(matches, numbers, below, strict=True):
        rules = _rules(match["codes"].decode().split(","), _HADOLINT_RULES)
        whole_file = match["file"] is not None
        if not rules or not (whole_file or lines.first == number + 1):
            continue
        reason = _text(match["reason"] or b"")
        span = Span(match.start(), match.end())
        yield Comment(span, number, *lines, rules, reason, whole_file, "hadolint")


def _zizmor(source: Source) -> Iterator[Comment]:
    for match in _ZIZMOR.finditer(source.data):
        said = _ZIZMOR_REST.fullmatch(_text(match["rest"]))
        rules = _rules(said["codes"].split(","), _ZIZMOR_RULES) if said else ()
        if said and rules:
            line = source.line_of(match.start())
            span = Span(match.start(), match.end())
            yield Comment(span, line, line, line, rules, said["reason"] or "", program="zizmor")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").strip()


def _rules(codes: Iterable[str], known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What the rules of another program are called here, those left out that are none of ours."""
    named = (rule for code in codes for rule in known.get(code.strip(), ()))
    return tuple(dict.fromkeys(named))


_PRAGMAS = {
    pragma.program: pragma
    for pragma in (
        Pragma("hadolint", b"hadolint", _hadolint),
        Pragma("zizmor", b"# zizmor: ignore[", _zizmor),
    )
}


def pragmas(programs: Sequence[str]) -> tuple[Pragma, ...]:
    """The comments of these programs. Raises UsageError for one whose comments are not known."""
    for program in programs:
        if program not in _PRAGMAS:
            raise UsageError(f"pragmas: {unknown('program', program, _PRAGMAS)}")
    return tuple(_PRAGMAS[program] for program in dict.fromkeys(programs))
