"""Which program a command runs, behind what may stand before it."""

import re
from collections.abc import Sequence

from boltseal_rules.shell.options import ENV, SUDO, TIMEOUT
from boltseal_rules.shell.terms import Term

ENGINES = frozenset({"docker", "podman", "nerdctl"})
"""Programs that run containers, all with the same words."""

_RESERVED = frozenset(["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"])
_PASSING = frozenset({"command", "nohup", "builtin", "exec", "eval", "caffeinate"})
_WRAPPERS = {"sudo": SUDO, "doas": SUDO, "env": ENV, "timeout": TIMEOUT, "nice": frozenset({"-n"})}
_SET = re.compile(r"[A-Za-z_]\w*\+?=")
_ENGINE_VARIABLE = re.compile(
    r"(?:\w*_)?(?:docker|podman|container|engine)"
    r"(?:_?(?:bin|cmd|cli|tool|engine|runtime|command|exe|executable|client))?",
    re.IGNORECASE,
)
_KUBECTL_VARIABLE = re.compile(
    r"(?:\w*_)?(?:kubectl|oc)(?:_?(?:bin|cmd|cli|command))?", re.IGNORECASE
)
_QUIET_PREFIX = re.compile(r"\$\{?\w+\}?(?=(?:docker|podman|nerdctl|kubectl)$)")
_RETRY = re.compile(r"(?:\w+[_-])?retry(?:[_-]\w+)?")
_COUNT = re.compile(r"\d+[smh]?")


def program_at(terms: Sequence[Term]) -> int:
    """Where the program is named, behind what may stand before it."""
    at = 0
    while at < len(terms):
        text = terms[at].shown
        wrapper = text.rpartition("/")[2]
        if text in _RESERVED or text in _PASSING or _SET.match(text):
            at += 1
        elif wrapper in _WRAPPERS:
            at = _behind_options(terms, at + 1, _WRAPPERS[wrapper]) + (wrapper == "timeout")
        elif _RETRY.fullmatch(text):
            at += 1
            while at < len(terms) and _COUNT.fullmatch(terms[at].shown):
                at += 1
        elif terms[at].text is None and terms[at].lone and program_of(terms, at + 1) in ENGINES:
            at += 1  # $(SUDO), say
        else:
            break
    return at


def _behind_options(terms: Sequence[Term], at: int, valued: frozenset[str]) -> int:
    while at < len(terms) and terms[at].shown.startswith("-"):
        at += 2 if terms[at].shown in valued else 1
    return at


def program_of(terms: Sequence[Term], at: int) -> str:
    """The program, by its last name; a variable by what it is called if no more is known of it."""
    if at >= len(terms):
        return ""
    term = terms[at]
    if term.text is not None:
        return term.text.rpartition("/")[2].lstrip("@+-")
    lone = term.lone
    if lone and _ENGINE_VARIABLE.fullmatch(lone.name):
        return "docker"
    if lone and _KUBECTL_VARIABLE.fullmatch(lone.name):
        return "kubectl"
    return _QUIET_PREFIX.sub("", term.raw).rpartition("/")[2]
