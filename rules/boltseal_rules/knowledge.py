"""The lists of places and checks. To add one, write its module and add its name here."""

from importlib import import_module

from boltseal.check import Check, FileCheck, Rule
from boltseal.place import Place

# In the order in which a file is offered to them: the first that knows it keeps it.
_PLACES = (
    "dockerfile",
    "helm_template",
    "kubernetes",
    "compose",
    "helm_values",
)

# In the order in which their findings are shown.
_CHECKS = (
    "mutable_tag",
    "implicit_latest",
    "unresolvable_reference",
    "invalid_reference",
)

PLACES: tuple[Place, ...] = tuple(
    import_module(f"boltseal_rules.places.{name}").PLACE for name in _PLACES
)
CHECKS: tuple[Check, ...] = tuple(
    import_module(f"boltseal_rules.checks.{name}").CHECK for name in _CHECKS
)
UNPARSABLE: FileCheck = import_module("boltseal_rules.checks.unparsable_file").CHECK
RULES: tuple[Rule, ...] = (*(check.rule for check in CHECKS), UNPARSABLE.rule)
