"""The names that a workflow gives to what it builds: no registry is asked for these."""

import re
from collections.abc import Iterator

from boltseal_rules.formats.yaml_tree import Mapping, sites
from boltseal_rules.github.expressions import Name, choices, whole
from boltseal_rules.github.names import Scope, child, look_up, text_of

_SCRIPT = re.compile(
    r"\b(?:docker|podman|buildah|nerdctl)[ \t][^\n]{0,200}?[ \t](?:-t|--tag)[ \t=]+[\"']?"
    r"((?:\$\{\{[^}\n]{0,200}\}\}|[^\s\"'])+)"
)
_SEPARATOR = re.compile(r"[,\n]")
_SHELL = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")


def built_names(text: str, root: Mapping) -> frozenset[str]:
    """The names behind ``tags`` of a build action, and behind ``-t`` of a build in a script.

    In: the text of a workflow and its tree, in which variables are looked up.
    """
    written = [match[1] for match in _SCRIPT.finditer(text)]
    written += _tags(root)
    scope = Scope(root)
    names = (name for tag in dict.fromkeys(written) for name in _values(tag, scope))
    return frozenset(name for name in names if name)


def _tags(root: Mapping) -> Iterator[str]:
    """The names that ``tags`` of a build action lists, on lines or between commas."""
    for site in sites(root):
        if site.key == "with":
            tags = text_of(child(site.mapping, "tags"))
            yield from (part.strip() for part in _SEPARATOR.split(tags))


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
