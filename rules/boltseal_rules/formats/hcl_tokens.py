"""HCL cut into tokens: words, strings with their templates, heredocs, brackets.

The rules are those of the HCL native syntax specification (``hclsyntax/spec.md``). Brackets are
matched here, so that what is not understood can be stepped over at once; every character is looked
at a bounded number of times.
"""

import re
from typing import NamedTuple

from boltseal.source import Source, Unparsable

WORD, NUMBER, QUOTED, HEREDOC, MARK, NEWLINE = "word", "number", "quoted", "heredoc", "mark", "\n"
"""What a token is; a MARK is an operator, a bracket, or a character of no meaning."""

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r]+|\#[^\n]*|//[^\n]*)|(?P<newline>\n)|(?P<comment>/\*)"
    r"|(?P<word>[^\W\d][\w-]*)|(?P<number>\d[\w.]*)|(?P<quoted>\")"
    r"|(?P<heredoc><<-?[ \t]*(?P<marker>[^\W\d][\w-]*)[ \t]*\r?\n)"
    r"|(?P<mark>=>|==|!=|<=|>=|&&|\|\||::|\.\.\.|.)",
    re.DOTALL,
)
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_IN_QUOTES = re.compile(r"\\.|\$\$\{|%%\{|[$%]\{|[\"\n]", re.DOTALL)
_IN_HEREDOC = re.compile(r"\$\$\{|%%\{|[$%]\{")
_IN_BRACES = re.compile(r"[\"{}]")


class Part(NamedTuple):
    """A part of a string's template: as it is written, or with a ``${}`` or ``%{}`` around it."""

    start: int
    end: int
    is_literal: bool


class Token(NamedTuple):
    """One token: what it is, the characters it takes, and for a bracket where its partner is.

    ``text`` is what a word or a mark is. ``parts`` are those of a string, ``body`` are the
    characters between its quotes or of its lines.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    parts: tuple[Part, ...] = ()
    body: tuple[int, int] = (0, 0)


class Tokens(NamedTuple):
    """The tokens of a file; ``partner`` leads from an opening bracket to the one that closes it."""

    items: tuple[Token, ...]
    partner: dict[int, int]


def tokens(source: Source, text: str) -> Tokens:
    """The tokens of ``text``, which has the length of the file's own.

    Raises Unparsable at a string, a comment, a heredoc or a bracket that has no end.
    """
    items: list[Token] = []
    partner: dict[int, int] = {}
    opened: list[int] = []
    at = 0
    while at < len(text):
        token, at = _next(source, text, at)
        if token is None:
            continue
        if token.kind == MARK and token.text in _CLOSERS:
            opened.append(len(items))
        elif token.kind == MARK and token.text in _CLOSERS.values():
            if not opened or _CLOSERS[items[opened[-1]].text] != token.text:
                raise _broken(source, f"not HCL: a '{token.text}' closes nothing", token.start)
            partner[opened.pop()] = len(items)
        items.append(token)
    if opened:
        first = items[opened[-1]]
        raise _broken(source, f"not HCL: a '{first.text}' is not closed", first.start)
    return Tokens(tuple(items), partner)


def _broken(source: Source, reason: str, index: int) -> Unparsable:
    return Unparsable(reason, source.byte_offset(index))


def _next(source: Source, text: str, at: int) -> tuple[Token | None, int]:
    """The token at ``at``, None for blanks and comments, and where what follows begins."""
    match = _TOKEN.match(text, at)
    if match is None:
        raise ValueError("every character begins a token")
    kind = match.lastgroup if match.lastgroup != "marker" else HEREDOC
    if kind == "blank":
        return None, match.end()
    if kind == "comment":
        end = text.find("*/", match.end())
        if end < 0:
            raise _broken(source, "not HCL: a comment has no end", at)
        return None, end + 2
    if kind == QUOTED:
        parts, end = _quoted(source, text, match.end())
        return Token(QUOTED, at, end, "", parts, (at + 1, end - 1)), end
    if match["heredoc"]:
        token = _heredoc(source, text, match)
        return token, token.end
    shown = NEWLINE if kind == "newline" else str(kind)
    return Token(shown, at, match.end(), match[0]), match.end()


def _quoted(source: Source, text: str, start: int) -> tuple[tuple[Part, ...], int]:
    """The parts of a quoted string whose content begins at ``start``, and where it ends."""
    parts: list[Part] = []
    begin = at = start
    while match := _IN_QUOTES.search(text, at):
        if match[0] == "\n":
            break
        if match[0] not in ("${", "%{", '"'):
            at = match.end()
            continue
        if match.start() > begin:
            parts.append(Part(begin, match.start(), True))
        if match[0] == '"':
            return tuple(parts), match.end()
        end = _braces_end(text, match.end(), len(text))
        if end is None:
            break
        parts.append(Part(match.start(), end, False))
        begin = at = end
    raise _broken(source, "not HCL: a string has no end", start - 1)


def _braces_end(text: str, start: int, limit: int) -> int | None:
    """Where the ``}`` ends that closes a ``${``; strings and further templates may stand in it."""
    stack = ["{"]
    at = start
    while stack:
        quoted = stack[-1] == '"'
        match = (_IN_QUOTES if quoted else _IN_BRACES).search(text, at, limit)
        if match is None or match[0] == "\n":
            return None
        at = match.end()
        if match[0] == '"':
            stack.pop() if quoted else stack.append('"')
        elif match[0] == "}":
            stack.pop()
        elif match[0] in ("{", "${", "%{"):
            stack.append("{")
    return at


def _heredoc(source: Source, text: str, match: re.Match[str]) -> Token:
    """A heredoc: its lines end before the one that holds nothing but its marker."""
    closer = re.compile(rf"^[ \t]*{re.escape(match['marker'])}[ \t]*\r?$", re.MULTILINE)
    closing = closer.search(text, match.end())
    if closing is None:
        raise _broken(source, f"not HCL: a heredoc has no '{match['marker']}'", match.start())
    body = match.end(), closing.start()
    end = closing.end() - (text[closing.end() - 1] == "\r")
    return Token(HEREDOC, match.start(), end, "", _heredoc_parts(text, *body), body)


def _heredoc_parts(text: str, start: int, end: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    begin = at = start
    while match := _IN_HEREDOC.search(text, at, end):
        at = match.end()
        if len(match[0]) > len("${"):
            continue
        if match.start() > begin:
            parts.append(Part(begin, match.start(), True))
        at = _braces_end(text, at, end) or end
        parts.append(Part(match.start(), at, False))
        begin = at
    return (*parts, Part(begin, end, True)) if begin < end else tuple(parts)
