"""``--version``: which boltseal this is, and what a report about a bug needs."""

import os

from boltseal import __version__, console
from boltseal.tally import Exit


def run_version(*, verbose: bool) -> Exit:
    """Say the version; where ``verbose``, also on what it runs and what it is configured by."""
    if not verbose:
        console.out([f"boltseal {__version__}"])
        return Exit.CLEAN
    from boltseal import userconfig
    from boltseal.home import home
    from boltseal.report.about import about_lines

    own = userconfig.located(os.environ, home())
    console.out(about_lines(_in_effect(), own.shown if own.there else "", os.environ))
    return Exit.CLEAN


def _in_effect() -> str:
    """The configuration file here; one that is broken is what a report may be about."""
    from boltseal.configuration.configs import Configs
    from boltseal.errors import UsageError

    try:
        return Configs().of("").path
    except UsageError as error:
        return str(error)
