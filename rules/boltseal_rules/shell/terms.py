"""The words of commands with what they say: variables put in where a file sets them once."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from boltseal.source import Span
from boltseal_rules.formats import shell_words, variables
from boltseal_rules.formats.command_lines import STAND_IN, Assignment, CommandLines
from boltseal_rules.formats.shell_words import Command, Word

_ROUNDS = 3
"""How many variables inside one another are followed."""
_MAX_PARTS = 40
"""Words beyond which the value of a variable is not taken apart."""
_SETS_DEFAULT = re.compile(r"(\$\{\w+:?)=")
_LONE = re.compile(
    r"(?P<quote>\"?)\$(?:(?P<plain>\w+|[@*])|\{(?P<name>\w+|[@*])"
    r"(?P<array>\[[@*]\])?(?P<operator>[^\w}][^}]*)?\})\"?"
)


_TEMPLATE = re.compile(r"(?P<quote>\"?)\$\{\{(?P<path>[\w.\s-]+)\}\}\"?")


class Lone(NamedTuple):
    """A word that is one variable, of a shell or of a CI service, and nothing else."""

    name: str
    quoted: bool
    many: bool
    """Whether it stands for any number of words: an array, or all parameters."""
    operator: str


class Term(NamedTuple):
    """One word as the command sees it.

    ``raw`` is the word as written, ``text`` what it says, None where that is not known; ``word``
    where it stands. One that is ``inner`` is among the words that a variable holds, whose value
    stands at ``home``.
    """

    raw: str
    text: str | None
    word: Word
    inner: bool = False
    home: Span | None = None

    @property
    def shown(self) -> str:
        """What it says, or the word as written."""
        return self.raw if self.text is None else self.text

    @property
    def lone(self) -> Lone | None:
        """The variable that the whole word is."""
        if template := _TEMPLATE.fullmatch(self.raw):
            name = template["path"].rpartition(".")[2].strip()
            return Lone(name, bool(template["quote"]), many=False, operator="")
        match = _LONE.fullmatch(self.raw)
        if match is None:
            return None
        name = match["plain"] or match["name"]
        many = name in ("@", "*") or match["array"] is not None
        return Lone(name, bool(match["quote"]), many, match["operator"] or "")


class Terms(NamedTuple):
    """The variables of a file: what is known of each, and where it is set if that is one place.

    ``words`` are those of the values that hold several.
    """

    text: str
    values: Mapping[str, str | None]
    places: Mapping[str, Span]
    words: Mapping[str, Command]


def terms_of(lines: CommandLines) -> Terms:
    """What the variables of a file are. One that is set in several places is not known."""
    counts = Counter(it.name for it in lines.assignments)
    once = [it for it in lines.assignments if counts[it.name] == 1 and it.value]
    values: dict[str, str | None] = dict.fromkeys(counts)
    for _ in range(_ROUNDS):
        for it in once:
            del values[it.name]  # Its own name in its value is that of what was set before.
            values[it.name] = _value(lines.text, it, values)
    places = {it.name: it.value for it in once if it.value}
    words = {name: _words(lines.text, place) for name, place in places.items()}
    several = {name: found for name, found in words.items() if len(found) > 1}
    return Terms(lines.text, values, places, several)


def _value(text: str, it: Assignment, values: Mapping[str, str | None]) -> str | None:
    raw = text[slice(*it.value)] if it.value else ""
    if "`" in raw or "$(" in raw:
        return None
    return _expanded(raw.replace(STAND_IN, ""), values)


def _words(text: str, place: Span) -> Command:
    """The words of a value, without quotes around all of it."""
    start, end = place
    quote = text[start : start + 1]
    if quote and quote in "\"'" and text[end - 1] == quote and end - start > 1:
        start, end = start + 1, end - 1
    commands = shell_words.read(text, start, end).commands
    return commands[0][:_MAX_PARTS] if commands else ()


def read(terms: Terms, command: Command) -> list[Term]:
    """The words of a command; the value of a variable without quotes may be several or none."""
    return [term for word in command for term in _terms(terms, word)]


def _terms(terms: Terms, word: Word) -> Iterator[Term]:
    raw = terms.text[word.start : word.end].replace(STAND_IN, "")
    if several := list(_several(terms, word, raw)):
        yield from several
        return
    text = None if word.substituted else said(terms, raw)
    parts = _parts(raw, text)
    if parts == [text]:
        yield Term(raw, text, word)
        return
    lone = Term(raw, text, word).lone
    home = terms.places.get(lone.name) if lone else None
    for part in parts:
        yield Term(raw, part, word, inner=True, home=home)


def _parts(raw: str, text: str | None) -> Sequence[str | None]:
    """The words that a word becomes: without quotes, blanks in a variable's value part words."""
    if text is None or "$" not in raw or '"' in raw:
        return [text]
    return text.split()[:_MAX_PARTS]


def _several(terms: Terms, word: Word, raw: str) -> Iterator[Term]:
    """The words of a variable that holds several, as they are written where it is set."""
    lone = Term(raw, None, word).lone
    if lone is None or lone.quoted or lone.operator:
        return
    for inner in terms.words.get(lone.name, ()):
        written = terms.text[inner.start : inner.end].replace(STAND_IN, "")
        text = None if inner.substituted else said(terms, written)
        for part in _parts(written, text):
            yield Term(written, part, word, inner=True, home=terms.places[lone.name])


def said(terms: Terms, raw: str) -> str | None:
    """What a word says once its variables are put in; None where that is not known."""
    if "$" not in raw and "'" not in raw and '"' not in raw and "\\" not in raw:
        return raw
    return _expanded(raw, terms.values)


def _expanded(raw: str, values: Mapping[str, str | None]) -> str | None:
    """A text with its variables put in. A default that is set is a default all the same."""
    text = _SETS_DEFAULT.sub(r"\1-", raw)
    expansion = variables.expand(text, variables.BACKSLASH, values)
    return expansion.text if expansion else None
