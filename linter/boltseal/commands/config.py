"""``config show`` and ``config schema``: what holds for a path, and what may be said."""

import json
import os

from boltseal import console, userconfig
from boltseal.configuration import keys
from boltseal.configuration.configs import Located
from boltseal.configuration.settings import Config
from boltseal.configuration.shape import Names
from boltseal.home import home
from boltseal.report.form import SettingsFormat
from boltseal.report.settings import json_text, shown, toml_lines
from boltseal.tally import Exit


def run_show(path: str, located: Located, effective: Config, form: SettingsFormat) -> Exit:
    """Say what holds for a path, and where it is from.

    ``effective`` is the configuration that was found with what was typed. The user's own file is
    read too. Raises UsageError for one that is broken.
    """
    found = shown(path, located, effective, userconfig.read(os.environ, home()))
    console.out([json_text(found)] if form is SettingsFormat.JSON else toml_lines(found))
    return Exit.CLEAN


def run_schema(names: Names, *, user: bool) -> Exit:
    """Print the JSON Schema of a configuration, or of the ``user``'s own file."""
    schema = userconfig.schema() if user else keys.schema(names)
    console.out([json.dumps(schema, indent=2, ensure_ascii=True)])
    return Exit.CLEAN
