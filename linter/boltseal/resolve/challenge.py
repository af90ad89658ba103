"""The WWW-Authenticate header: how a registry asks for a login (RFC 9110 section 11.6.1)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110 section 5.6.2, not a secret
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PARAMETER = re.compile(rf"({_TOKEN})[ \t]*=[ \t]*({_TOKEN}|{_QUOTED})", re.DOTALL)
_SCHEME = re.compile(rf"({_TOKEN})(?:[ \t]+(.*))?", re.DOTALL)
# A list item: quoted strings are taken whole, so a comma or an escape inside them splits nothing.
# An opening quote that is never closed takes the rest.
_ITEM = re.compile(rf'(?:[^",]|{_QUOTED}|"(?:[^"\\]|\\.)*\\?$)+', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Challenge(NamedTuple):
    """One way to log in: the scheme in lower case, and its parameters by lower-case name."""

    scheme: str
    parameters: Mapping[str, str]


def challenges(headers: Iterable[str]) -> list[Challenge]:
    """Read every challenge of an answer.

    In: the values of all its WWW-Authenticate headers; each may hold several challenges.
    Out: the challenges in order. What does not follow the grammar is left out; raises nothing.
    """
    return [challenge for header in headers for challenge in _challenges(header)]


def essence(offered: Iterable[Challenge]) -> list[tuple[str, str | None, str | None]]:
    """What decides how challenges are answered: scheme, token service and the registry's name there.

    The rest, such as the scope, is not the same for two repositories of one registry.
    """
    return [
        (challenge.scheme, challenge.parameters.get("realm"), challenge.parameters.get("service"))
        for challenge in offered
    ]


def _challenges(header: str) -> Iterator[Challenge]:
    scheme = ""
    parameters: dict[str, str] = {}
    for match in _ITEM.finditer(header):
        item = match[0].strip(" \t")
        if _add(parameters, item):
            continue
        start = _SCHEME.fullmatch(item)
        if start is None:
            continue
        if scheme:
            yield Challenge(scheme, parameters)
        scheme, parameters = start[1].lower(), {}
        # What is no parameter here is a token68, as in "Negotiate YWJj": nothing uses it.
        _add(parameters, (start[2] or "").strip(" \t"))
    if scheme:
        yield Challenge(scheme, parameters)


def _add(parameters: dict[str, str], item: str) -> bool:
    """Add ``item`` when it is ``name=value``; the first of two equal names counts."""
    match = _PARAMETER.fullmatch(item)
    if match is None:
        return False
    name, value = match.groups()
    if value.startswith('"'):
        value = _ESCAPE.sub(r"\1", value[1:-1])
    parameters.setdefault(name.lower(), value)
    return True
