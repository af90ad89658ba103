"""The YAML around what a template engine fills in."""

import re
from collections.abc import Iterator

from boltseal.source import Span

_OPENER = re.compile(r"\{[{%#]")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_COMMENT_OPENER = re.compile(r"\{\{-?[ \t]*/\*")
_COMMENT_CLOSER = re.compile(r"\*/[ \t]*-?\}\}")
_COMMENT = re.compile(r"\{\{-?[ \t]*/\*|\{#")
_REMARK = re.compile(r"[ \t]+#")
_END = re.compile(r"\{\{-?[ \t]*end[ \t]*-?\}\}")
_LINES = re.compile(r"\|[ \t\r\n]*nindent[ \t]+[^\s|]+[ \t\r\n]*-?\}\}\Z")
_KEY = re.compile(r"(?P<indent> *(?:- +)*)[^\s#][^\r\n]*:[ \t]+")
_BELOW = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?\r?\n)++(?P<indent> *)(?P<item>- )?(?=[^\s#])")
_INDENT = re.compile(" *")
_CONTENT = re.compile(r"\n(?P<indent> *)[^\s]")
_WITHIN_LINES = re.compile(r"[^\r\n]+")


def mask(text: str) -> str:
    """The text with every action blotted out, character for character, so that YAML is left.

    A line that holds nothing but actions becomes a comment: it renders to no line, or to lines of
    its own. It begins as deep as what follows, so that it ends no text of several lines. Elsewhere an action becomes a word, and what renders to nothing becomes spaces: a
    comment of the template, and behind other text an ``end``. So does, behind a key, what renders to
    lines of their own where more of the key's lines follow. Line ends stay where they are.
    """
    spans = list(_actions(text))
    alone = list(_alone(text, spans))
    lines = list(_lines(text, spans))
    depths = _depths(text, spans, alone, lines)
    out: list[str] = []
    below: list[Span] = []
    at = 0
    for action, is_alone, line, depth in zip(spans, alone, lines, depths, strict=True):
        start, end = action
        out.append(text[at:start])
        if is_alone:
            out.append(_remark(text[start:end], depth - (start - line)))
        else:
            behind = bool(text[max(line, at) : start].strip())
            out.append(_word(text[start:end], behind=behind))
            if behind and _LINES.search(text, start, end):
                below.append(action)
        at = end
    masked = "".join((*out, text[at:]))
    return _spaced(masked, [it for it in below if _goes_on(masked, *it)]) if below else masked


def actions(text: str) -> Iterator[str]:
    """The actions and the comments of a template, in order."""
    return (text[start:end] for start, end in _actions(text))


def _goes_on(masked: str, start: int, end: int) -> bool:
    """Whether an action is all that stands behind a key in its line, and more follows below."""
    more = _BELOW.match(masked, end)  # first: it holds for one action in a line at most
    key = _KEY.fullmatch(masked, masked.rfind("\n", 0, start) + 1, start) if more else None
    if more is None or key is None:
        return False
    deeper = len(more["indent"]) - len(key["indent"])
    return deeper > 0 or (deeper == 0 and more["item"] is not None)


def _spaced(text: str, spans: list[Span]) -> str:
    out: list[str] = []
    at = 0
    for start, end in spans:
        out += text[at:start], _filled(text[start:end], " ")
        at = end
    return "".join((*out, text[at:]))


def _actions(text: str) -> Iterator[Span]:
    """Where actions and comments stand, in order. Linear, also where none is ever closed."""
    at = 0
    missing: set[str] = set()
    for opener in _OPENER.finditer(text):
        start = opener.start()
        if start >= at and (end := _closed(text, opener, missing)):
            at = end
            yield Span(start, end)


def _closed(text: str, opener: re.Match[str], missing: set[str]) -> int:
    """Where an action ends; 0 if nowhere. ``missing`` are the closers that stand nowhere ahead."""
    comment = _COMMENT_OPENER.match(text, opener.start())
    if comment and "*/" not in missing:
        found = _COMMENT_CLOSER.search(text, comment.end())
        if found:
            return found.end()
        missing.add("*/")
    closer = _CLOSERS[opener[0]]
    if closer not in missing:
        end = text.find(closer, comment.end() if comment else opener.end())
        if end >= 0:
            return end + len(closer)
        missing.add(closer)
    return 0


def _alone(text: str, actions: list[Span]) -> Iterator[bool]:
    """For each action, whether its lines hold nothing but actions."""
    before: list[bool] = []
    at, blank = 0, True
    for start, end in actions:
        line = text.rfind("\n", at, start) + 1
        blank = (blank or line > 0) and not text[line or at : start].strip()
        before.append(blank)
        at = end
    after: list[bool] = []
    at, blank = len(text), True
    for start, end in reversed(actions):
        stop = text.find("\n", end, at)
        rest = text[end : at if stop < 0 else stop]
        blank = _REMARK.match(rest) is not None or ((blank or stop >= 0) and not rest.strip())
        after.append(blank)
        at = start
    return (first and last for first, last in zip(before, reversed(after), strict=True))


def _lines(text: str, actions: list[Span]) -> Iterator[int]:
    """For each action, where its line begins."""
    line = seen = 0
    for start, _ in actions:
        line = text.rfind("\n", seen, start) + 1 or line
        seen = start
        yield line


def _depths(text: str, actions: list[Span], alone: list[bool], lines: list[int]) -> list[int]:
    """For each action, how deep the next line begins that holds more than actions."""
    depths: list[int] = []
    depth, stop = 0, len(text)
    backwards = zip(reversed(actions), reversed(alone), reversed(lines), strict=True)
    for (start, end), is_alone, line in backwards:
        if content := _CONTENT.search(text, end, stop):
            depth = len(content["indent"])
        depths.append(depth)
        if not is_alone and (indent := _INDENT.match(text, line, start)):
            depth = len(indent[0])
        stop = start
    return depths[::-1]


def _remark(action: str, deeper: int) -> str:
    """Comments of the same lengths as the lines of an action, ``deeper`` by some columns if they can."""

    def remark(line: re.Match[str]) -> str:
        before = deeper if 0 < deeper < len(line[0]) else 0
        return f"{' ' * before}#{' ' * (len(line[0]) - before - 1)}"

    return _WITHIN_LINES.sub(remark, action)


def _word(action: str, *, behind: bool) -> str:
    nothing = _COMMENT.match(action) or (behind and _END.match(action))
    return _filled(action, " " if nothing else "x")


def _filled(action: str, character: str) -> str:
    if "\n" not in action and "\r" not in action:
        return character * len(action)
    return _WITHIN_LINES.sub(lambda line: character * len(line[0]), action)
