"""Where files of several formats hold shell text, and the variables that they set.

Shell scripts are shell from end to end. Makefiles (GNU make manual, "Recipe Syntax" and "Using
Variables") and justfiles have it in recipes, with variables of their own, units of systemd in
``Exec`` settings. The text that is read is as long as the file, character for character: what is
written otherwise than in a shell is spelled as a shell would, padded with stand-ins.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Span
from boltseal_rules.formats import systemd_unit
from boltseal_rules.formats.shell_words import Command, read

STAND_IN = "\ue003"
"""What pads the text where a variable is written longer than in a shell. It stands for nothing."""

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_MAKE_SPECIAL = re.compile(r"\$\$|\$\((?P<name>[\w.-]+)\)|\$\(shell(?=\s)")
_MAKE_SET = re.compile(
    r" *(?:(?:export|override|private)\s+)*(?P<name>[\w.-]+)[ \t]*"
    r"(?P<operator>:{0,3}=|[?+!]=)[ \t]*(?P<value>[^#\n]*)"
)
_JUST_SET = re.compile(r"(?:export\s+)?(?P<name>[\w-]+)\s*:=\s*(?P<value>(?P<q>['\"]).*(?P=q)|.*)")
_JUST_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_SILENT = re.compile(r"[ \t]*[@+-]*[ \t]*")
_UNIT_PREFIX = re.compile(r"[-@:+!|]*")
_UNIT_SET = re.compile(r"(?<!\w)(?P<name>[A-Za-z_]\w*)=(?P<value>[^\"'\s]*)")
# A comment between continued lines, which goes on like these for a shell.
_UNIT_COMMENT = re.compile(r"(?<=\\\n)[ \t]*[#;][^\r\n]*|(?<=\\\r\n)[ \t]*[#;][^\r\n]*")
_SHELL_SET = re.compile(r"([A-Za-z_]\w*)(\+?)=")
_IN_QUOTES = re.compile(r"(?P<quote>['\"])(?P<script>[^\\]*)(?P=quote)")
_ALIAS = re.compile(r"[\w-]+=(?P<quote>['\"])(?P<script>[^\\]*)(?P=quote)")
_RUNS_QUOTED = re.compile(r"(?:/\S*/)?(?:ba|da|z|k)?sh")
_COMMAND_OPTION = re.compile(r"-[a-z]*c")
_DEFAULT_SET = re.compile(r"\"?\$\{(?P<name>\w+):?=(?P<value>.*)\}\"?")
_DECLARES = frozenset({"export", "local", "readonly", "declare", "typeset"})
_READS = frozenset({"read", "for", "select", "mapfile", "readarray", "getopts"})


class Assignment(NamedTuple):
    """A variable that is set; ``value`` is where its value stands, None where none is written."""

    name: str
    value: Span | None


class CommandLines(NamedTuple):
    """The text to read, its commands in order, and the variables that the file sets."""

    text: str
    commands: tuple[Command, ...]
    assignments: tuple[Assignment, ...]


def script(text: str) -> CommandLines:
    """A shell script."""
    return _lines(text, [Span(0, len(text))], [])


def makefile(text: str) -> CommandLines:
    """The recipes of a makefile, each line of them by itself, and the values of its variables."""
    text = _MAKE_SPECIAL.sub(_as_shell, text)
    parts: list[Span] = []
    found: list[Assignment] = []
    for start, end in _logical_lines(text):
        if text[start] == "\t":
            parts.append(_recipe(text, start, end))
        elif match := _MAKE_SET.match(text, start, end):
            value = Span(match.start("value"), match.start("value") + len(match["value"].rstrip()))
            if match["operator"] == "+=":
                found.append(Assignment(match["name"], None))
                continue
            found.append(Assignment(match["name"], value))
            parts.append(value)
    return _lines(text, parts, found)


def _as_shell(match: re.Match[str]) -> str:
    if match["name"]:
        return f"${{{match['name']}}}"
    return f"{STAND_IN}$" if match[0] == "$$" else "$(     "


def justfile(text: str) -> CommandLines:
    """The recipes of a justfile, each line of them by itself."""
    text = _JUST_VARIABLE.sub(lambda it: f"${{{it[1]}}}".rjust(len(it[0]), STAND_IN), text)
    parts: list[Span] = []
    found: list[Assignment] = []
    for start, end in _logical_lines(text):
        if text[start] in " \t":
            parts.append(_recipe(text, start, end))
        elif match := _JUST_SET.match(text, start, end):
            value = Span(*match.span("value")) if match["q"] else None
            found.append(Assignment(match["name"], value))
    return _lines(text, parts, found)


def unit(text: str) -> CommandLines:
    """What a unit of systemd executes, and its environment."""
    text = _UNIT_COMMENT.sub(lambda line: "\\".rjust(len(line[0])), text)
    parts: list[Span] = []
    found: list[Assignment] = []
    for setting in systemd_unit.settings(text):
        if setting.section != "Service":
            continue
        if setting.key.startswith("Exec"):
            prefix = _UNIT_PREFIX.match(text, setting.start, setting.end)
            parts.append(Span(prefix.end() if prefix else setting.start, setting.end))
        elif setting.key == "Environment":
            matches = _UNIT_SET.finditer(text, setting.start, setting.end)
            found += (Assignment(match["name"], Span(*match.span("value"))) for match in matches)
    return _lines(text, parts, found)


def _lines(text: str, parts: list[Span], found: list[Assignment]) -> CommandLines:
    commands = [command for part in parts for command in read(text, *part).commands]
    quoted = [part for command in commands for part in _quoted(text, command)]
    commands += [command for part in quoted for command in read(text, *part).commands]
    commands.sort()
    assigned = [it for command in commands for it in _assigned(text, command)]
    return CommandLines(text, tuple(commands), (*found, *assigned))


def _recipe(text: str, start: int, end: int) -> Span:
    silent = _SILENT.match(text, start, end)
    return Span(silent.end() if silent else start, end)


def _logical_lines(text: str) -> Iterator[Span]:
    """The lines, those that a backslash ties together as one."""
    start = 0
    for match in _LINE.finditer(text):
        if match.end() > start and not match[0].rstrip("\r\n").endswith("\\"):
            yield Span(start, match.end())
            start = match.end()
    if start < len(text):
        yield Span(start, len(text))


def _quoted(text: str, command: Command) -> Iterator[Span]:
    """The commands in quotes that a shell is given, or that an alias is short for."""
    words = [text[word.start : word.end] for word in command]
    if words[0] == "alias":
        matches = [_ALIAS.fullmatch(text, *word.span) for word in command[1:]]
    elif (
        len(words) > 2 and _RUNS_QUOTED.fullmatch(words[0]) and _COMMAND_OPTION.fullmatch(words[1])
    ):
        matches = [_IN_QUOTES.fullmatch(text, *command[2].span)]
    else:
        return
    for match in matches:
        if match:
            yield Span(*match.span("script"))


def _assigned(text: str, command: Command) -> Iterator[Assignment]:
    """The variables that a command sets for those after it."""
    first = text[command[0].start : command[0].end]
    words = command[1:] if first in _DECLARES else command
    if first in _READS:
        for word in command[1:3]:
            yield Assignment(text[word.start : word.end], None)
        return
    if first == ":":
        for word in words[1:]:
            if default := _DEFAULT_SET.fullmatch(text, word.start, word.end):
                yield Assignment(default["name"], Span(*default.span("value")))
        return
    matches = [_SHELL_SET.match(text, word.start, word.end) for word in words]
    if not all(matches) and first not in _DECLARES:
        return  # Variables for one command alone.
    for word, match in zip(words, matches, strict=True):
        if match:
            yield Assignment(match[1], None if match[2] else Span(match.end(), word.end))
