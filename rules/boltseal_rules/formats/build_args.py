"""The build arguments that ``FROM`` lines see: every ``ARG`` before the first ``FROM``.

An argument within a stage is never seen by a ``FROM``. BuildKit: ``buildMetaArgs`` in
``frontend/dockerfile/dockerfile2llb/convert.go``.
"""

from collections import ChainMap
from collections.abc import MutableMapping
from typing import NamedTuple, Self

from boltseal_rules.formats.dockerfile import Dockerfile
from boltseal_rules.formats.dockerfile_words import Word
from boltseal_rules.formats.variables import Expansion, Syntax, expand

# BuildKit, ``defaultArgs`` in dockerfile2llb/platform.go: set, to what the build is asked for.
AUTOMATIC = frozenset(
    f"{side}{part}"
    for side in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}


_MAX_CHAIN = 64
"""Arguments of a chain that are kept, the last ones: each may be made from the one before it."""


class Argument(NamedTuple):
    """One ``ARG``: ``word`` is all of ``KEY=default``, ``literal`` the default in one piece."""

    key: str
    word: Word
    literal: Word | None


class Setting(NamedTuple):
    """What a variable is: its text if known, and the arguments that make it, at most 64, its own last.

    ``origin`` is the argument whose literal default is the whole of the text.
    """

    text: str | None
    origin: Argument | None
    chain: tuple[Argument, ...]


class Arguments:
    """The arguments declared so far, and which of them are used as a part of something."""

    def __init__(
        self,
        syntax: Syntax,
        values: MutableMapping[str, str | None],
        settings: MutableMapping[str, Setting],
        parts: set[Argument],
    ) -> None:
        self._syntax = syntax
        self._values = values
        self._settings = settings
        self._parts = parts

    @classmethod
    def none(cls, syntax: Syntax) -> Self:
        """No argument but those that are set by themselves."""
        return cls(syntax, dict.fromkeys(AUTOMATIC), {}, set())

    def within(self) -> "Arguments":
        """The arguments of an inner scope: it sees these, and what it declares is not seen here."""
        return Arguments(
            self._syntax,
            ChainMap({}, self._values),
            ChainMap({}, self._settings),
            self._parts,
        )

    @classmethod
    def of(cls, dockerfile: Dockerfile) -> Self:
        """Those of a Dockerfile."""
        arguments = cls.none(dockerfile.syntax)
        for instruction in dockerfile.instructions:
            if instruction.name == "FROM":
                break
            if instruction.name == "ARG":
                for word in instruction.quoted_words():
                    arguments.declare(word)
        return arguments

    def expand(self, text: str) -> Expansion | None:
        """What ``text`` becomes with the defaults; None where it is malformed."""
        expansion = expand(text, self._syntax, self._values)
        if expansion:
            for name in expansion.part_reads:
                origin = self.origin(name)
                self._parts |= {origin} if origin else set()
        return expansion

    def origin(self, name: str | None) -> Argument | None:
        """The argument whose literal default is the whole value of ``name``."""
        setting = self._settings.get(name or "")
        return setting.origin if setting else None

    def is_part(self, argument: Argument) -> bool:
        """Whether anything expanded so far joined the argument's value with other text."""
        return argument in self._parts

    def chain(self, expansion: Expansion) -> tuple[Argument, ...]:
        """The arguments that take part in an expansion, directly or through others; the last 64."""
        names = tuple(dict.fromkeys(piece.name or "" for piece in expansion.pieces))[-_MAX_CHAIN:]
        settings = (self._settings.get(name) for name in names)
        chain = dict.fromkeys(a for setting in settings if setting for a in setting.chain)
        return tuple(chain)[-_MAX_CHAIN:]

    def declare(self, word: Word) -> None:
        """Take one ``KEY=default`` in. Without a default an earlier one stays."""
        key, equals, _ = word.text.partition("=")
        if not equals:
            self._settings.setdefault(key, Setting(None, None, (Argument(key, word, None),)))
            return
        value = word.cut(len(key) + 1)
        expansion = self.expand(value.text)
        span = expansion.literal if expansion and expansion.text else None
        argument = Argument(key, word, value.cut(*span) if span else None)
        origin = argument if span else self.origin(expansion.variable) if expansion else None
        chain = self.chain(expansion) if expansion else ()
        text = expansion.text if expansion else None
        self._values[key] = text
        self._settings[key] = Setting(text, origin, (*chain[1 - _MAX_CHAIN :], argument))

    def forget(self, key: str) -> None:
        """Take an argument for set to what is not known."""
        self._values[key] = None
        self._settings[key] = Setting(None, None, ())
