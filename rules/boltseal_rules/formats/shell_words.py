"""Shell text as commands whose words know where they stand.

Quotes, comments, continued lines, lists, substitutions and heredocs are those of POSIX.1-2017, XCU
2.2 to 2.7, with Bash's arrays. Nothing is expanded: a word is a range of the text. One pass without
recursion; what is no shell gives commands that nobody asks for.
"""

import re
from typing import NamedTuple

from boltseal.source import Span

_TOKEN = re.compile(
    r"""
      (?P<blank>(?:[ \t\r]|\\\r?\n)+)
    | (?P<template>\$?\{\{[^{}\n]*\}\})
    | (?P<piece>\\. | \$'(?:[^'\\]|\\.)*'? | '[^']*'?)
    | (?P<opens>["`] | \$\{ | \$\( | [<>]\( | \( )
    | (?P<close>\))
    | (?P<heredoc><<(?!<)-?)
    | (?P<redirect>(?:(?<=[\s;&|(])[0-9]+)?(?:&>>? | <<< | >> | >[|&]? | <[&>]?))
    | (?P<list>\n | [;&|]+)
    | (?P<comment>\#)
    | (?P<plain>[^\s\\'"$`;&|<>(){}\#]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_QUOTES = re.compile(r"""[^"\\$`]+ | \\. | "|` | \$\{ | \$\( | .""", re.VERBOSE | re.DOTALL)
_IN_BRACES = re.compile(
    r"""[^}"'\\$`]+ | \\. | '[^']*'? | ["`}] | \$\{ | \$\( | .""", re.VERBOSE | re.DOTALL
)
_CLOSERS = {'"': '"', "${": "}"}
_MAX_DEPTH = 100
"""Substitutions inside one another beyond which no more are read for commands."""
_SEPARATORS = frozenset({"blank", "list", "close", "heredoc", "redirect"})


class Word(NamedTuple):
    """One word, quotes included; ``substituted`` if the output of a command is a part of it."""

    start: int
    end: int
    substituted: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


Command = tuple[Word, ...]
"""The words of a simple command, without redirections."""


class Heredoc(NamedTuple):
    """The body of a heredoc, from its first line to the one that ends it, which is not in it.

    ``at`` is where it is begun. ``quoted`` tells that the body stands for itself, ``tabs`` that
    tabs before its lines are taken away.
    """

    at: int
    start: int
    end: int
    quoted: bool
    tabs: bool


class Script(NamedTuple):
    """The commands of a text in order, those in substitutions too, and its heredocs."""

    commands: tuple[Command, ...]
    heredocs: tuple[Heredoc, ...]


def read(text: str, start: int = 0, end: int | None = None) -> Script:
    """The commands of a part of ``text``. A quote that is never closed takes the rest of it."""
    lexer = _Lexer(text, start, len(text) if end is None else end)
    lexer.run()
    return Script(tuple(sorted(lexer.commands)), tuple(sorted(lexer.heredocs)))


class _Frame:
    """Where commands are read: at the top, in a substitution, in parentheses."""

    __slots__ = ("drops", "is_array", "nested", "opener", "substituted", "word", "words")

    def __init__(self, opener: str, *, is_array: bool = False) -> None:
        self.opener = opener
        self.is_array = is_array
        self.words: list[Word] = []
        self.word: int | None = None  # where the word begins that is being read
        self.substituted = False
        self.drops = ""  # the operator whose operand comes next
        self.nested: list[str] = []  # what is open in the word: quotes and braces


class _Lexer:
    """The state of one pass."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.at = start
        self.end = end
        self.frames = [_Frame("")]
        self.commands: list[Command] = []
        self.heredocs: list[Heredoc] = []
        self.pending: list[tuple[int, str, bool]] = []

    def run(self) -> None:
        while self.at < self.end:
            frame = self.frames[-1]
            if frame.nested:
                self._inside(frame)
            else:
                self._outside(frame)
        for frame in self.frames:
            if not frame.nested:
                self._end_command(frame)

    def _inside(self, frame: _Frame) -> None:
        """One piece of what is in quotes or in ``${}``."""
        opener = frame.nested[-1]
        match = (_IN_QUOTES if opener == '"' else _IN_BRACES).match(self.text, self.at, self.end)
        piece = match[0] if match else self.text[self.at]
        self.at += len(piece)
        if piece == _CLOSERS[opener]:
            frame.nested.pop()
        elif piece in ('"', "${", "$(", "`"):
            self._open(frame, piece)

    def _outside(self, frame: _Frame) -> None:
        """One piece of what is in no quotes."""
        match = _TOKEN.match(self.text, self.at, self.end)
        kind, piece = (match.lastgroup, match[0]) if match else ("plain", self.text[self.at])
        start, begins = self.at, frame.word is None
        if kind == "comment" and begins:
            newline = self.text.find("\n", start, self.end)
            self.at = self.end if newline < 0 else newline
            return
        is_group = piece == "(" and (begins or self.text[start - 1] != "=")
        if kind in _SEPARATORS or is_group:
            self._end_word(frame)
        elif begins:
            frame.word = start
        self.at += len(piece)
        if kind == "list":
            self._end_command(frame)
            if piece == "\n":
                self._skip_heredocs()
        elif kind == "close":
            self._close(frame)
        elif kind in ("heredoc", "redirect"):
            frame.drops = piece
        elif kind == "opens":
            self._open(frame, piece)

    def _open(self, frame: _Frame, piece: str) -> None:
        if piece in _CLOSERS:
            frame.nested.append(piece)
        elif piece == "`" and frame.opener == "`":
            self._close(frame)
        elif len(self.frames) > _MAX_DEPTH:
            return  # Each word holds all that is in it: what is read would grow with the square.
        elif frame.word is None:
            self._end_command(frame)
            self.frames.append(_Frame(piece))
        else:
            frame.substituted = True
            self.frames.append(_Frame(piece, is_array=piece == "("))

    def _close(self, frame: _Frame) -> None:
        """The end of a substitution; a parenthesis that nothing opened ends a pattern of ``case``."""
        if frame.word == self.at - 1:
            frame.word = None
        self._end_word(frame, self.at - 1)
        self._end_command(frame)
        if len(self.frames) > 1:
            self.frames.pop()

    def _end_word(self, frame: _Frame, end: int | None = None) -> None:
        if frame.word is None:
            return
        word = Word(frame.word, self.at if end is None else end, frame.substituted)
        drops, frame.drops = frame.drops, ""
        frame.word, frame.substituted = None, False
        if drops in ("<<", "<<-"):
            self.pending.append((word.start, self.text[word.start : word.end], drops == "<<-"))
        elif not drops:
            frame.words.append(word)

    def _end_command(self, frame: _Frame) -> None:
        self._end_word(frame)
        if frame.words and not frame.is_array:
            self.commands.append(tuple(frame.words))
        frame.words = []
        frame.drops = ""

    def _skip_heredocs(self) -> None:
        """Pass over the bodies of the heredocs that the line which just ended has begun."""
        for at, delimiter, tabs in self.pending:
            name = re.sub(r"[\\'\"]", "", delimiter)
            start = self.at
            while self.at < self.end:
                newline = self.text.find("\n", self.at, self.end)
                after = self.end if newline < 0 else newline + 1
                line = self.text[self.at : after].rstrip("\r\n")
                begin, self.at = self.at, after
                if (line.lstrip("\t") if tabs else line) == name:
                    self.heredocs.append(Heredoc(at, start, begin, delimiter != name, tabs))
                    break
        self.pending = []
