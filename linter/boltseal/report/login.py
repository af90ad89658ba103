"""Which login is used for a registry, and where it was looked for. Never the login itself."""

import json
from collections.abc import Iterator, Sequence

from boltseal.printable import printable
from boltseal.resolve.credential import Broken, Credential
from boltseal.resolve.credentials import Look
from boltseal.resolve.scope import Scope
from boltseal.resolve.sources import Absence
from boltseal.style import Style

ANONYMOUS = "anonymous"
_RESULTS = {Absence.UNSET: "unset", Absence.NO_FILE: "no-file", Absence.NO_LOGIN: "no-login"}


def login_lines(scope: Scope, looks: Sequence[Look], style: Style) -> Iterator[str]:
    """For people: the answer first, then every look that led to it."""
    last = looks[-1]
    if isinstance(last.found, Credential):
        answer = f"{style.green(last.found.kind)} from {_place(last)}"
    else:
        answer = f"{style.yellow(ANONYMOUS)}, no login is configured for it"
    yield f"{style.bold(str(scope))}: {answer}"
    yield "looked for in this order:"
    for look in looks:
        yield f"  {_line(look, style)}"


def login_record(scope: Scope, looks: Sequence[Look]) -> str:
    """For programs: one JSON object on one line, described in ``docs/schema``."""
    last = looks[-1]
    has_login = isinstance(last.found, Credential)
    record = {
        "registry": scope.registry,
        "repository": scope.repository or None,
        "login": last.found.kind if isinstance(last.found, Credential) else ANONYMOUS,
        "source": last.where if has_login else None,
        "setting": last.setting if has_login else None,
        "looked": [_look(look) for look in looks],
    }
    return json.dumps(record, ensure_ascii=True)


def _place(look: Look) -> str:
    where = printable(look.where)
    return f"{where}: {printable(look.setting)}" if look.setting else where


def _line(look: Look, style: Style) -> str:
    match look.found:
        case Credential():
            return f"{_place(look)}: {style.green('used')}"
        case Broken(reason):
            return f"{style.yellow('warning')}: {printable(reason)}"
        case _:
            return f"{_place(look)}: {style.dim(look.found)}"


def _look(look: Look) -> dict[str, str | None]:
    result, warning = "login", None
    if isinstance(look.found, Broken):
        result, warning = "broken", look.found.reason
    elif isinstance(look.found, Absence):
        result = _RESULTS[look.found]
    return {
        "source": look.where,
        "setting": look.setting or None,
        "result": result,
        "warning": warning,
    }
