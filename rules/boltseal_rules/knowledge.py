"""The lists of places and checks. To add one, write its module and add its name here."""

from collections.abc import Iterator
from importlib import import_module

from boltseal.check import Check, FileCheck, Rule
from boltseal.errors import UsageError, unknown
from boltseal.place import Place
from boltseal.settings import Config
from boltseal_rules.kinds import KINDS
from boltseal_rules.places import python

# In the order in which a file is offered to them: the first that knows it keeps it.
_PLACES = (
    "dockerfile",
    "earthfile",
    "docker_bake",
    "terraform",
    "nomad",
    "jenkinsfile",
    "quadlet",
    "devcontainer",
    "github_actions",
    "gitlab_ci",
    "circleci",
    "azure_pipelines",
    "bitbucket_pipelines",
    "drone",
    "woodpecker",
    "cloud_build",
    "buildkite",
    "pre_commit",
    "skaffold",
    "helm_chart",
    "helmfile",
    "kustomize",
    "argo_cd_overrides",
    "helm_template",
    "ansible_variables",
    "ansible",
    "kubernetes",
    "kubeflow_pipelines",
    "compose",
    "compose_env",
    "helm_values",
    "python",
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
    "stale_digest",
    "missing_digest",
    "unverified_digest",
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
    from boltseal_rules.custom_place import custom_places

    names = (*place_names(), *(row.name for row in config.place))
    for name in (*config.enable_places, *config.disable_places):
        if name not in names:
            raise UsageError(unknown("place", name, names))
    shaped = {place.name: place for place in _shaped(config)}
    wanted = frozenset(config.enable_places) - frozenset(config.disable_places)
    return tuple(
        shaped.get(place.name, place)
        for place in (*custom_places(config), *PLACES)
        if (place.name in wanted or not place.opt_in) and place.name not in config.disable_places
    )


def _shaped(config: Config) -> Iterator[Place]:
    """The places that the configuration adds something to."""
    from boltseal_rules.custom_place import kubernetes_place

    yield kubernetes_place(config)
    if any(config.python):
        yield python.configured(config.python)


def place_names() -> tuple[str, ...]:
    """Every name that a use may carry as its place."""
    return (*(place.name for place in PLACES), *(kind.name for kind in KINDS))
