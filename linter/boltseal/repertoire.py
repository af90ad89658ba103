"""What a run knows: all that boltseal does, as the configuration and the options shape it."""

from functools import cached_property
from posixpath import dirname
from typing import TYPE_CHECKING, NamedTuple

from boltseal.config import Configs, Located, read
from boltseal.engine import Knowledge
from boltseal.errors import UsageError
from boltseal.finding import Severity
from boltseal.ruling import Ruling
from boltseal.settings import Config
from boltseal_rules.knowledge import (
    UNPARSABLE,
    checks,
    is_barren,
    places,
    refuse_unknown_rules,
    rule_names,
)

if TYPE_CHECKING:
    from boltseal.baseline import Baseline
    from boltseal.changes import Changes


class Options(NamedTuple):
    """What the command line says; it goes before the configuration.

    ``config`` is a file that is used in place of the tree's, which ``isolated`` does without.
    ``select`` replaces the rules that the configuration selects, the other lists add to it.
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
    baseline: str = ""


class Repertoire:
    """What is known of each file, by its path. Made once for each configuration of a tree.

    Raises UsageError for a configuration that cannot be read, and for names that are none.
    """

    def __init__(self, options: Options = Options(), *, asked: bool = False) -> None:
        """In: the options. ``asked`` tells that registries are: what they answer is judged then, too."""
        self._options = options
        self._asked = asked
        self._configs = Configs(_given(options))
        self._by_folder: dict[str, Knowledge] = {}
        self._by_config: dict[int, tuple[Located, Knowledge]] = {}

    def __call__(self, path: str) -> Knowledge:
        """What is known of a file."""
        folder = dirname(path)
        found = self._by_folder.get(folder)
        if found is None:
            found = self._by_folder[folder] = self._of(self._configs.of(folder or "."))
        return found

    def pages(self) -> Mapping[Rule, Page]:
        """What every rule says of itself."""
        return pages()

    def _of(self, located: Located) -> Knowledge:
        """What is known where a configuration holds."""
        known = self._by_config.get(id(located))
        if known is None:
            known = self._by_config[id(located)] = located, self._made(located)
        return known[1]

    def _made(self, located: Located) -> Knowledge:
        config = self._merged(located.config)
        refuse_unknown_rules(config, located.path)
        ruling = Ruling(
            config,
            relative_to(located.folder),
            _asked_rules(config),
            self._options.least,
            self._options.heeds_ignores,
            self._baseline,
            self._changes,
        )
        return Knowledge(
            places(config, ruling.relative),
            checks(asked=self._asked, config=config),
            UNPARSABLE,
            frozenset(config.disable_places),
            is_barren,
            ruling,
        )

    def _merged(self, config: Config) -> Config:
        options = self._options
        return config._replace(
            enable_places=(*config.enable_places, *options.enable_places),
            disable_places=(*config.disable_places, *options.disable_places),
            select=options.select or config.select,
            ignore=(*config.ignore, *options.ignore),
            pragmas=(*config.pragmas, *options.pragmas),
        )
