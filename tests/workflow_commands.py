"""What GitHub's runner takes for a command in a log: written after the rules of its parser.

They are in actions/runner, src/Runner.Common/ActionCommand.cs: the form with colons is looked for
first, where a line begins, then the form with brackets, anywhere in it.
"""

from typing import NamedTuple

NAMES = frozenset(
    {
        *("error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask"),
        *("add-path", "set-env", "set-output", "save-state", "add-matcher", "remove-matcher"),
        *("stop-commands",),
    }
)
_IN_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_IN_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_IN_BRACKETS = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def command(line: str) -> Command | None:
    """The command in one line of a log, None where there is none."""
    return _with_colons(line.lstrip()) or _with_brackets(line)


def commands(output: str) -> list[Command]:
    """The commands in a log, whose lines any of the line ends of a terminal may end."""
    found = (command(part) for line in output.split("\n") for part in line.split("\r"))
    return [it for it in found if it]


def _with_colons(line: str) -> Command | None:
    if not line.startswith("::"):
        return None
    head, separator, data = line[2:].partition("::")
    return _made(head, ",", _IN_PROPERTY, _unescaped(data, _IN_DATA)) if separator else None


def _with_brackets(line: str) -> Command | None:
    _, start, rest = line.partition("##[")
    head, end, data = rest.partition("]")
    return _made(head, ";", _IN_BRACKETS, _unescaped(data, _IN_BRACKETS)) if start and end else None


def _made(
    head: str, between: str, escapes: tuple[tuple[str, str], ...], data: str
) -> Command | None:
    name, _, written = head.partition(" ")
    if name.lower() not in NAMES:
        return None
    properties = {}
    for pair in written.strip().split(between):
        key, _, value = pair.lstrip("=").partition("=")
        value = value.lstrip("=")  # empty entries are left out
        if key and value:
            properties[key] = _unescaped(value, escapes)
    return Command(name.lower(), properties, data)


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for escape, character in escapes:
        text = text.replace(escape, character)
    return text
