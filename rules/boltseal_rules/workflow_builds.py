"""The names that a workflow gives to what it builds: no registry is asked for these."""

import re
from collections.abc import Iterator

from boltseal_rules.formats.workflow_expressions import Name, choices, whole
from boltseal_rules.formats.yaml_tree import Mapping
from boltseal_rules.workflow_names import Scope, look_up, text_of

_SCRIPT = re.compile(
    r"\b(?:docker|podman|buildah|nerdctl)[ \t][^\n]{0,200}?[ \t](?:-t|--tag)[ \t=]+[\"']?"
    r"((?:\$\{\{[^}\n]*\}\}|[^\s\"'])+)"
)
_TAGS = re.compile(r"^([ \t-]*)tags[\"']?[ \t]*:[ \t]*([^\n]*)$", re.MULTILINE)
_BLOCK = re.compile(r"[|>][-+\d]*[ \t\r]*(?:#.*)?")
_SHELL = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")
_MAX_LINES = 50


def built_names(text: str, root: Mapping) -> frozenset[str]:
    """The names behind ``tags`` of a build action, and behind ``-t`` of a build in a script.

    In: the text of a workflow and its tree, in which variables are looked up.
    """
    written = [match[1] for match in _SCRIPT.finditer(text)]
    for match in _TAGS.finditer(text):
        written += _tags(text, match)
    scope = Scope(root)
    names = (name for tag in dict.fromkeys(written) for name in _values(tag, scope))
    return frozenset(name for name in names if name)


def _tags(text: str, match: re.Match[str]) -> Iterator[str]:
    """The names of one ``tags`` key: on its line, or on those below it."""
    value = match[2].strip()
    if value and not _BLOCK.fullmatch(value):
        yield from _names(value)
        return
    at = match.end() + 1
    for _ in range(_MAX_LINES):
        line = _line(text, at)
        if line.strip() and len(line) - len(line.lstrip()) <= len(match[1]):
            return
        yield from _names(line)
        at += len(line) + 1


def _line(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[at:end] if end >= 0 else text[at:]


def _names(line: str) -> Iterator[str]:
    return (part.strip(" \t\r\"'[]-") for part in line.split(","))


def _values(tag: str, scope: Scope) -> Iterator[str]:
    """A name, or what the variable holds that it is."""
    yield tag
    shell = _SHELL.fullmatch(tag)
    paths: list[tuple[str, ...]] = [("env", shell[1])] if shell else []
    at = whole(tag)
    if at:
        paths = [it.path for it in choices(tag, *at) if isinstance(it, Name)]
    for path in paths:
        if path[0] in ("env", "inputs"):
            yield from (text_of(value.node).strip() for value in look_up(scope, path).values)
