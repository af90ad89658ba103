"""The lists of places and checks. To add one, write its module and add its name here."""

from importlib import import_module

from boltseal.check import Check, FileCheck, Rule
from boltseal.errors import UsageError, unknown
from boltseal.place import Place
from boltseal.settings import Config
from boltseal_rules.kinds import KINDS

# In the order in which a file is offered to them: the first that knows it keeps it.
_PLACES = (
    "earthfile",
    "dockerfile",
    "docker_bake",
    "terraform",
    "nomad",
    "helm_template",
    "gitlab_ci",
    "devcontainer",
    "quadlet",
    "skaffold",
    "ansible_variables",
    "ansible",
    "helm_chart",
    "helmfile",
    "kustomize",
    "kubernetes",
    "compose",
    "helm_values",
    # Asked only when named, and then besides the one that keeps the file.
    "embedded",
    "shell",
)

# In the order in which their findings are shown.
_CHECKS = (
    "mutable_tag",
    "implicit_latest",
    "unresolvable_reference",
    "invalid_reference",
    "unlocked_artifact",
)

PLACES: tuple[Place, ...] = tuple(
    import_module(f"boltseal_rules.places.{name}").PLACE for name in _PLACES
)
CHECKS: tuple[Check, ...] = tuple(
    import_module(f"boltseal_rules.checks.{name}").CHECK for name in _CHECKS
)
UNPARSABLE: FileCheck = import_module("boltseal_rules.checks.unparsable_file").CHECK
RULES: tuple[Rule, ...] = (*(check.rule for check in CHECKS), UNPARSABLE.rule)


def places(config: Config) -> tuple[Place, ...]:
    """The places to ask in a run, in order. Raises UsageError for a name that is no place."""
    names = place_names()
    for name in (*config.enable_places, *config.disable_places):
        if name not in names:
            raise UsageError(unknown("place", name, names))
    wanted = frozenset(config.enable_places) - frozenset(config.disable_places)
    return tuple(
        place
        for place in PLACES
        if (place.name in wanted or not place.opt_in) and place.name not in config.disable_places
    )


def place_names() -> tuple[str, ...]:
    """Every name that a use may carry as its place."""
    return (*(place.name for place in PLACES), *(kind.name for kind in KINDS))
