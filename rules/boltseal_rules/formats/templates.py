"""Text that a template engine fills in: how to tell it, and how to read the YAML around it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from boltseal.source import Span

_OPENER = re.compile(r"\{\{-?[ \t]*/\*|\{\{|\{%|\{#")
_CLOSERS = {"{{": re.compile(r"\}\}"), "{%": re.compile(r"%\}"), "{#": re.compile(r"#\}")}
_COMMENT_CLOSER = re.compile(r"\*/[ \t]*-?\}\}")
_COMMENT = re.compile(r"\{\{-?[ \t]*/\*|\{#")
_REMARK = re.compile(r"[ \t]+#")
_LINES = re.compile(r"\|\s*nindent\s+\S+\s*-?\}\}\Z")
_END = re.compile(r"\{\{-?[ \t]*end[ \t]*-?\}\}")
_BLOCK = re.compile(r"\{%|(?<!\$)\{\{-?[ \t]*(?:block|define|else|end|if|range|with)\b")
_WITHIN_LINES = re.compile(r"[^\r\n]+")
_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\[[A-Z][^\[\]]*\]|%%\w+%%|@[A-Za-z_]\w*@|\(\([^()]+\)\)|__[A-Z]\w*__"
    r"|:(?:[A-Z]+_)*(?:TAG|VERSION)$"
)


def is_templated(text: str) -> bool:
    """Whether Go, Helm, Jinja or a like engine has a part in ``text``."""
    return "{{" in text or "{%" in text


def has_blocks(text: str) -> bool:
    """Whether ``text`` branches or loops: read around that, it need not be what it renders to."""
    return _BLOCK.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether ``text`` asks a reader or a script to put something in its place (``<your-image>``)."""
    return _PLACEHOLDER.search(text) is not None


def mask(text: str) -> str:
    """The text with every action blotted out, character for character, so that YAML is left.

    A line that holds nothing but actions becomes a comment: it renders to no line, or to lines of
    its own. Elsewhere an action becomes a word, and what leaves its line empty becomes spaces: a
    comment of the template, behind other text an ``end``, and what ``nindent`` puts on the next
    lines. Line ends stay where they are.
    """
    actions = list(_actions(text))
    out: list[str] = []
    at = 0
    for (start, end), alone in zip(actions, _alone(text, actions), strict=True):
        behind = bool(text[text.rfind("\n", at, start) + 1 or at : start].strip())
        out += text[at:start], _blot(text[start:end], alone=alone, behind=behind)
        at = end
    return "".join((*out, text[at:]))


def _actions(text: str) -> Iterator[Span]:
    """Where actions and comments stand, in order. Linear, also where none is ever closed."""
    at = 0
    missing: set[re.Pattern[str]] = set()
    for opener in _OPENER.finditer(text):
        if opener.start() < at:
            continue
        for closer in _closers(opener[0]):
            if closer in missing:
                continue
            found = closer.search(text, opener.end())
            if found:
                at = found.end()
                yield Span(opener.start(), at)
                break
            missing.add(closer)


def _closers(opener: str) -> tuple[re.Pattern[str], ...]:
    plain = _CLOSERS[opener[:2]]
    return (_COMMENT_CLOSER, plain) if opener.endswith("*") else (plain,)


def _alone(text: str, actions: list[Span]) -> Iterator[bool]:
    """For each action, whether its lines hold nothing but actions."""
    edges = [0, *(edge for action in actions for edge in action), len(text)]
    gaps = [text[start:end] for start, end in list(pairwise(edges))[::2]]
    before = [True]
    for gap in gaps[:-1]:
        before.append(not gap.rpartition("\n")[2].strip() and ("\n" in gap or before[-1]))
    after = [True]
    for gap in reversed(gaps[1:]):
        line = gap.partition("\n")[0]
        after.append(
            _REMARK.match(line) is not None or (not line.strip() and ("\n" in gap or after[-1]))
        )
    return (first and last for first, last in zip(before[1:], after[:0:-1], strict=True))


def _blot(action: str, *, alone: bool, behind: bool) -> str:
    if alone:
        return _WITHIN_LINES.sub(lambda match: "#" + " " * (len(match[0]) - 1), action)
    nothing = _COMMENT.match(action) or (behind and _END.match(action)) or _LINES.search(action)
    word = " " if nothing else "x"
    return _WITHIN_LINES.sub(lambda match: word * len(match[0]), action)
