"""What a run knows: all that boltseal does, as the configuration and the options shape it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from posixpath import dirname
from typing import TYPE_CHECKING, NamedTuple

from boltseal.check import Names
from boltseal.configuration.configs import Configs, Located, isolated, read
from boltseal.configuration.settings import Config
from boltseal.engine import Knowledge
from boltseal.finding import Severity
from boltseal.ruling import Ruling
from boltseal.standing import is_here
from boltseal.use import ImageUse
from boltseal_rules.knowledge import (
    UNPARSABLE,
    UNUSED_IGNORE,
    checks,
    comment_rules,
    is_barren,
    names,
    pages,
    places,
    refuse_only_answers,
    refuse_unknown_names,
    refuse_unknown_rules,
)

if TYPE_CHECKING:
    from boltseal.baseline import Baseline
    from boltseal.changes import Changes
    from boltseal.check import Rule
    from boltseal.ignores.comment_style import CommentStyle
    from boltseal.page import Page


class Options(NamedTuple):
    """What the command line says; it goes before the configuration.

    ``config`` is a file that is used in place of the tree's, which ``isolated`` does without.
    ``select`` replaces the rules that the configuration selects; the other lists add to it. What
    is asked for here is looked at, though the configuration leaves it out.
    ``least``: findings that matter less are left out. ``heeds_ignores``: what comments and the
    configuration accept is accepted. ``since`` is a revision of git, ``baseline`` what is known.
    """

    config: str = ""
    isolated: bool = False
    enable_places: tuple[str, ...] = ()
    disable_places: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pragmas: tuple[str, ...] = ()
    least: Severity = Severity.NOTE
    heeds_ignores: bool = True
    since: str = ""
    baseline: "Baseline | None" = None

    @property
    def leaves_out(self) -> bool:
        """Whether findings are left out that the configuration would have."""
        chosen = self.select or self.ignore or self.disable_places or self.since
        return bool(chosen) or self.least is not Severity.NOTE


NO_OPTIONS = Options()
"""A command line that says nothing."""


class Repertoire:
    """What is known of each file, by its path: made once for each configuration of a tree."""

    def __init__(self, options: Options = NO_OPTIONS, *, asked: bool = False) -> None:
        """In: the options. ``asked`` tells that registries are: what they answer is judged then, too.

        Raises UsageError for a configuration that cannot be read, and for names that are none: of
        the current folder now, of others when the first file in them is asked about.
        """
        self._options = options
        self._asked = asked
        self._configs = Configs(_given(options))
        self._changes = _changes(options.since)
        self._by_folder: dict[str, Knowledge] = {}
        self._by_config: dict[int, tuple[Located, Knowledge]] = {}
        if options.pragmas:
            comment_rules().pragmas(options.pragmas)  # for what it refuses
        refuse_unknown_rules(options.select, "--select")
        refuse_unknown_rules(options.ignore, "--ignore")
        self("")

    def __call__(self, path: str) -> Knowledge:
        """What is known of a file. Raises UsageError."""
        folder = dirname(path)
        found = self._by_folder.get(folder)
        if found is None:
            found = self._by_folder[folder] = self._of(self._configs.of(folder))
        return found

    def located(self, folder: str) -> Located:
        """The configuration of a folder, without what the options say."""
        return self._configs.of(folder)

    def entries(self) -> Iterator[str]:
        """The ``[[accept]]`` entries of all configurations met that should accept something.

        Nothing in a run that leaves out findings or places: what they accept is not known. Nor of
        a configuration of more than the current folder, or for other repositories too.
        """
        options = self._options
        if options.heeds_ignores and not options.leaves_out and not options.config:
            for located, known in self._by_config.values():
                if is_here(located.folder):
                    yield from known.ruling.entries()

    def _of(self, located: Located) -> Knowledge:
        known = self._by_config.get(id(located))
        if known is None:
            known = self._by_config[id(located)] = located, self._made(located)
        return known[1]

    def _made(self, located: Located) -> Knowledge:
        if located.path:
            refuse_unknown_names(located.config, located.path)
            if not self._asked:
                refuse_only_answers(located.config, located.path)
        options = self._options
        config = self._merged(located.config)
        relative = partial(self._configs.relative, located)
        return Knowledge(
            places(config, relative, located.path),
            checks(asked=self._asked, config=config),
            UNPARSABLE,
            frozenset(config.disable_places),
            is_barren,
            Ruling(
                config,
                located.path,
                relative,
                self._names(config),
                options.least,
                comment_rules if options.heeds_ignores else None,
                options.baseline,
                self._changes,
            ),
        )

    def _names(self, config: Config) -> Names:
        """The names of rules. What a comment accepts in places that are left out is not known."""
        found = names(config, asked=self._asked)
        if not self._options.disable_places:
            return found
        return found._replace(asked=found.asked - {UNUSED_IGNORE})

    def _merged(self, config: Config) -> Config:
        options = self._options
        return config._replace(
            enable_places=(*config.enable_places, *options.enable_places),
            disable_places=(
                *_without(config.disable_places, options.enable_places),
                *options.disable_places,
            ),
            select=options.select or config.select,
            ignore=(*_without(config.ignore, options.select), *options.ignore),
            pragmas=(*config.pragmas, *options.pragmas),
        )


def _without(names: tuple[str, ...], asked_for: tuple[str, ...]) -> tuple[str, ...]:
    """What a configuration leaves out, but for what the command line asks for."""
    return tuple(name for name in names if name not in asked_for)


def _given(options: Options) -> Located | None:
    """The configuration that holds for every file, if the options say one."""
    if options.isolated:
        return isolated()
    return read(options.config) if options.config else None


def _changes(revision: str) -> "Changes | None":
    if not revision:
        return None
    from boltseal.changes import since  # runs git

    return since(revision)


def refuse_unasked(rules: Iterable[str], option: str) -> None:
    """Raise UsageError for a rule that a run without registries never has anything of."""
    from boltseal_rules import knowledge

    knowledge.refuse_unasked(rules, option)


def rule_pages() -> "Mapping[Rule, Page]":
    """What every rule says of itself."""
    return pages()


def comment_style(use: ImageUse) -> "CommentStyle | None":
    """How comments are written in the file of a use; None where there are none."""
    from boltseal_rules import comment_styles

    return comment_styles.comment_style(use)
