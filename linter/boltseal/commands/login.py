"""``registry login-info``: which login is used, and where it was looked for."""

from boltseal import console
from boltseal.report.form import UseFormat
from boltseal.report.login import login_lines, login_record
from boltseal.resolve.credentials import ConfiguredCredentials
from boltseal.resolve.scope import Scope
from boltseal.tally import Exit


def run_login_info(scope: Scope, credentials: ConfiguredCredentials, form: UseFormat) -> Exit:
    """Say which login is used for a registry. Opens no socket; runs the user's helpers."""
    looks = credentials.look(scope.registry, scope.repository)
    if form is UseFormat.JSONL:
        console.out([login_record(scope, looks)])
    else:
        console.out(login_lines(scope, looks, console.out_style()))
    return Exit.CLEAN
