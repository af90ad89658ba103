"""The lists of places and checks. To add a check, write its module and add its name here.

A place's module is loaded when the first file is handed to it: ``signs`` tells which files are.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from boltseal.check import Check, CommentCheck, FileCheck, IdleCheck, Rule
from boltseal.errors import UsageError, unknown
from boltseal.place import Found, Place
from boltseal.settings import Config
from boltseal.source import Source
from boltseal_rules import signs
from boltseal_rules.signs import SIGNS, Sign

if TYPE_CHECKING:
    from boltseal.guide import Guide
    from boltseal.page import Page

# In the order in which their findings are shown. The last ones judge what a registry has answered.
_CHECKS = (
    "mutable_tag",
    "implicit_latest",
    "unresolvable_reference",
    "invalid_reference",
    "unlocked_artifact",
)
_ASKED = (
    "stale_digest",
    "missing_digest",
    "unverified_digest",
)


def _module(sign: Sign) -> Any:
    return import_module(f"boltseal_rules.places.{sign.module}")


def _place(sign: Sign) -> Place:
    def claims(path: str) -> bool:
        if sign.opt_in:
            return bool(_module(sign).claims(path))
        return signs.is_claimed(sign, path)

    def find(source: Source) -> Found | None:
        found: Found | None = _module(sign).find(source) if signs.shows(sign, source) else None
        return found

    def confirm(before: Source, after: Source) -> bool:
        return bool(_module(sign).confirm(before, after))

    second = confirm if sign.second_reader else None
    return Place(sign.name, claims, sign.needles, find, sign.words, sign.opt_in, second)


PLACES: tuple[Place, ...] = tuple(map(_place, SIGNS))
UNPARSABLE: FileCheck = import_module("boltseal_rules.checks.unparsable_file").CHECK


def checks(*, asked: bool) -> tuple[Check, ...]:
    """The checks of a run, in order: all of them where a registry is ``asked``."""
    names = (*_CHECKS, *_ASKED) if asked else _CHECKS
    return tuple(import_module(f"boltseal_rules.checks.{name}").CHECK for name in names)


def unused_ignore() -> IdleCheck:
    """The check of comments that accept nothing."""
    check: IdleCheck = import_module("boltseal_rules.checks.unused_ignore").CHECK
    return check


def unexplained_ignore() -> CommentCheck:
    """The check of comments that give no reason, for where reasons are required."""
    check: CommentCheck = import_module("boltseal_rules.checks.unexplained_ignore").CHECK
    return check


def pages() -> dict[Rule, "Page"]:
    """Every rule with its page, in the order in which findings are shown."""
    rules = (
        *(check.rule for check in checks(asked=True)),
        *(UNPARSABLE.rule, unused_ignore().rule, unexplained_ignore().rule),
    )
    return {
        rule: import_module(f"boltseal_rules.pages.{rule.name.replace('-', '_')}").PAGE
        for rule in rules
    }


def guides() -> Iterator[tuple[str, "Guide"]]:
    """What every place and kind says of itself, by its name, in the order in which they are asked."""
    for name in place_names():
        module = import_module(f"boltseal_rules.guides.{name.replace('-', '_')}")
        yield name, module.GUIDE


def is_barren(source: Source) -> bool:
    """Whether a file is nothing but schemas of custom resources.

    Most bytes of the YAML in a tree are in such files, and none of them names an image.
    """
    if not source.path.lower().endswith((".yaml", ".yml")):
        return False  # one of another name may be a script that writes some
    if not source.holds(b"CustomResourceDefinition"):
        return False
    from boltseal_rules.formats.yaml_stream import is_all_schemas

    return is_all_schemas(source)


def places(config: Config) -> tuple[Place, ...]:
    """The places to ask in a run, in order. Raises UsageError for a name that is no place."""
    chosen = (*config.enable_places, *config.disable_places)
    names = (*place_names(), *(row.name for row in config.place)) if chosen else ()
    for name in chosen:
        if name not in names:
            raise UsageError(unknown("place", name, names))
    wanted = frozenset(config.enable_places) - frozenset(config.disable_places)
    return tuple(
        place
        for place in _configured(config)
        if (place.name in wanted or not place.opt_in) and place.name not in config.disable_places
    )


def _configured(config: Config) -> Iterator[Place]:
    """Every place, with what the configuration adds."""
    if not config.place and not any(config.python):
        yield from PLACES
        return
    from boltseal_rules.custom_place import custom_places, kubernetes_place, python_place

    yield from custom_places(config)
    for place in PLACES:
        if place.name == "kubernetes":
            yield kubernetes_place(place, config)
        elif place.name == "python":
            yield python_place(place, config.python)
        else:
            yield place


def place_names() -> tuple[str, ...]:
    """Every name that a use may carry as its place."""
    from boltseal_rules import kinds

    return (*(sign.name for sign in SIGNS), *kinds.NAMES)
