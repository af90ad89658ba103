"""The lists of places and checks. To add a check, write its module and add its name here.

A place's module is loaded when the first file is handed to it: ``signs`` tells which files are.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from boltseal.check import Check, FileCheck, Names, Rule
from boltseal.configuration.settings import DEFAULTS, Config
from boltseal.errors import UsageError, unknown
from boltseal.place import Found, Place
from boltseal.source import Source
from boltseal_rules import signs
from boltseal_rules.signs import SIGNS, Sign

if TYPE_CHECKING:
    from boltseal.guide import Guide
    from boltseal.ignores.heeding import CommentRules
    from boltseal.page import Page

# In the order in which their findings are shown. The first judges by what the configuration says,
# the last ones judge what a registry has answered.
_CONFIGURED = ("untrusted_registry",)
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
# Those that judge files and comments.
_OTHERS = (
    "unparsable_file",
    "unused_ignore",
    "unexplained_ignore",
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
UNUSED_IGNORE = "unused-ignore"
UNPARSABLE: FileCheck = import_module("boltseal_rules.checks.unparsable_file").CHECK


def checks(*, asked: bool, config: Config = DEFAULTS) -> tuple[Check, ...]:
    """The checks of a run, in order: all that the configuration gives something to judge by.

    Those that judge the answers of registries are among them where one is ``asked``.
    """
    names = (*_CHECKS, *_ASKED) if asked else _CHECKS
    found = tuple(_check(name).CHECK for name in names)
    if not config.trusted_registries and not config.untrusted_registries:
        return found
    from boltseal_rules.checks import untrusted_registry

    own = untrusted_registry.check(config.trusted_registries, config.untrusted_registries)
    return (own, *found)


def _check(name: str) -> Any:
    return import_module(f"boltseal_rules.checks.{name}")


def rule_names() -> tuple[str, ...]:
    """Every name that a finding may carry as its rule, in the order in which they are shown."""
    return tuple(map(_named, (*_CONFIGURED, *_CHECKS, *_ASKED, *_OTHERS)))


def names(config: Config, *, asked: bool) -> Names:
    """The names of the rules, and which of them a run asks.

    In: the configuration, and whether registries are ``asked``.
    """
    known = frozenset(rule_names())
    usual = frozenset(map(_named, (*_CHECKS, *_OTHERS)))
    judged = usual.union(check.rule.name for check in checks(asked=asked, config=config))
    # What could not be read may have anything in it, so that selecting rules does not hide it.
    chosen = frozenset((*config.select, UNPARSABLE.rule.name)) if config.select else known
    answers = frozenset(map(_named, _ASKED))
    return Names(known, (judged & chosen) - frozenset(config.ignore), usual, answers)


def refuse_unasked(rules: Iterable[str], option: str) -> None:
    """Raise UsageError for a rule that judges answers of registries: of a run that asks none."""
    answers = frozenset(map(_named, _ASKED))
    for rule in rules:
        if rule in answers:
            raise UsageError(
                f"{option} {rule}: it is about what registries answer, whom 'boltseal fix' and "
                "'boltseal verify' ask"
            )


def refuse_only_answers(config: Config, where: str) -> None:
    """Raise UsageError for a configuration by which a run that asks no registry has no rules."""
    answers = frozenset(map(_named, _ASKED))
    if config.select and answers.issuperset(config.select):
        raise UsageError(
            f"{where}: select: all of these are about what registries answer, whom 'boltseal fix' "
            "and 'boltseal verify' ask"
        )


def _named(module: str) -> str:
    return module.replace("_", "-")


def comment_rules() -> "CommentRules":
    """What judges comments that accept findings, and reads those of other programs."""
    from boltseal.ignores.heeding import CommentRules
    from boltseal_rules.pragmas import pragmas

    return CommentRules(_check("unused_ignore").CHECK, _check("unexplained_ignore").CHECK, pragmas)


def pages() -> dict[Rule, "Page"]:
    """Every rule with its page, in the order in which findings are shown."""
    modules = [name.replace("-", "_") for name in rule_names()]
    return {
        _check(module).RULE: import_module(f"boltseal_rules.pages.{module}").PAGE
        for module in modules
    }


def refuse_unknown_names(config: Config, where: str) -> None:
    """Raise UsageError for a rule or a place that a configuration names and that is none.

    ``where`` tells where it is written.
    """
    refuse_unknown_rules(config.select, f"{where}: select")
    refuse_unknown_rules(config.ignore, f"{where}: ignore")
    refuse_unknown_rules((rule for rule, _ in config.severity), f"{where}: severity")
    for row in config.place:
        if row.name in place_names():
            raise UsageError(f"{where}: place {row.name!r}: boltseal has a place of that name")
    places = (*place_names(), *(row.name for row in config.place))
    _refuse_unknown("place", config.enable_places, places, f"{where}: enable-places")
    _refuse_unknown("place", config.disable_places, places, f"{where}: disable-places")
    for number, policy in enumerate(config.policy, 1):
        _refuse_unknown("place", policy.places, places, f"{where}: policy {number}: places")
    for number, entry in enumerate(config.accept, 1):
        refuse_unknown_rules(entry.rules, f"{where}: accept {number}: rules")
        _refuse_unknown("place", entry.places, places, f"{where}: accept {number}: places")


def refuse_unknown_rules(names: Iterable[str], where: str) -> None:
    """Raise UsageError for a name that is no rule. ``where`` tells what it was given to."""
    _refuse_unknown("rule", names, rule_names(), where)


def _refuse_unknown(noun: str, names: Iterable[str], known: tuple[str, ...], where: str) -> None:
    for name in names:
        if name not in known:
            raise UsageError(f"{where}: {unknown(noun, name, known)}")


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


def places(
    config: Config, relative: Callable[[str], str] = str, where: str = "the configuration"
) -> tuple[Place, ...]:
    """The places to ask in a run, in order.

    In: ``relative`` makes of a path as shown that from the folder of the configuration, ``where``
    names its file. Raises UsageError for a name that is no place, and for a path to images or the
    name of a call that is none.
    """
    chosen = (*config.enable_places, *config.disable_places)
    names = (*place_names(), *(row.name for row in config.place)) if chosen else ()
    for name in chosen:
        if name not in names:
            raise UsageError(unknown("place", name, names))
    wanted = frozenset(config.enable_places) - frozenset(config.disable_places)
    try:
        known = tuple(_configured(config, relative))
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    return tuple(
        place
        for place in known
        if (place.name in wanted or not place.opt_in) and place.name not in config.disable_places
    )


def _configured(config: Config, relative: Callable[[str], str]) -> Iterator[Place]:
    """Every place, with what the configuration adds."""
    if not config.place and not any(config.python):
        yield from PLACES
        return
    from boltseal_rules.custom_place import custom_places, kubernetes_place, python_place

    yield from custom_places(config, relative)
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
