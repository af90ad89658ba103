"""Images that the commands of a text pull: reported where they stand, never edited."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related
from boltseal_rules.formats.command_lines import CommandLines
from boltseal_rules.formats.shell_words import Word
from boltseal_rules.shell.commands import Named, loads_images, named_in
from boltseal_rules.shell.terms import Terms, read, terms_of
from boltseal_rules.text_use import distinct, unknown_part

_IN_A_COMMAND = Opaque(
    "it stands in a shell command", "write the digest behind it by hand: name:tag@sha256:…"
)
_LOADED = Opaque(
    "this file loads images from an archive, of which it may be one",
    "pull it by its digest if it is not",
)
_BUILT = Opaque(
    "another file builds an image of this name", "pull it by its digest if it is another one"
)
_MAX_RELATED = 20
"""Commands beyond which no more are shown with a variable."""
_LOCAL = re.compile(r"localhost/|sha256:[0-9a-f]+$|[0-9a-f]{12}$|[0-9a-f]{64}$")
_VARIABLE = re.compile(r"\$\{?(\w+)")
_WHOLE_VARIABLE = re.compile(r"\"?\$(?:(\w+)|\{(\w+)\})\"?")


class _Image(NamedTuple):
    """An image that a command names, and the way to the command."""

    named: Named
    route: str

    @property
    def word(self) -> Word:
        return self.named.term.word

    @property
    def raw(self) -> str:
        """The reference as written, without quotes around it."""
        term = self.named.term
        raw = (term.shown if term.inner else term.raw)[self.named.skip :]
        return raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'" else raw

    @property
    def text(self) -> str | None:
        """The reference as far as it is known."""
        text = self.named.term.text
        return None if text is None else text[self.named.skip :]


class Commands(NamedTuple):
    """What the commands of one text do: the images that they pull, the names that they make.

    ``loads`` tells that they load images from an archive, whose names are in the archive alone.
    """

    terms: Terms
    pulled: tuple[_Image, ...]
    made: frozenset[str]
    loads: bool


def commands_of(lines: CommandLines) -> Commands:
    """What the commands of a text do."""
    terms = terms_of(lines)
    pulled: list[_Image] = []
    made: set[str] = set()
    loads = False
    for index, command in enumerate(lines.commands):
        words = read(terms, command)
        loads |= loads_images(words)
        for named in named_in(words):
            image = _Image(named, f"commands[{index}]")
            if named.made:
                names = (image.raw, image.text or "")
                made |= {untagged(name.partition(",")[0]) for name in names if name}
            else:
                pulled.append(image)
    return Commands(terms, tuple(pulled), frozenset(made), loads)


class Made(NamedTuple):
    """Images that need not be pulled: those that the file makes, and those that may be there.

    ``elsewhere`` gives the names that other files make; ``loads`` is that of `Commands`.
    """

    here: frozenset[str]
    elsewhere: Callable[[], frozenset[str]]
    loads: bool


def command_uses(
    source: Source, place: str, commands: Commands, made: Made
) -> tuple[ImageUse, ...]:
    """The images that commands pull. The characters of their text are the bytes of ``source``."""
    uses = (
        _doubted(use, made) if image.named.runs else use
        for image in commands.pulled
        if not {untagged(image.raw), untagged(image.text or "")} & made.here
        for use in _uses(source, place, commands.terms, image)
    )
    return _merged(source, uses)


def _doubted(use: ImageUse, made: Made) -> ImageUse:
    """The use; a note where what is run may be on the machine already."""
    if use.image is None or use.image.is_pinned:
        return use
    if made.loads:
        return use._replace(reference=None, spelling=_LOADED)
    if untagged(use.text) in made.elsewhere():
        return use._replace(reference=None, spelling=_BUILT)
    return use


def untagged(text: str) -> str:
    """A name without the tag that is there in any case."""
    return text.removesuffix(":latest")


def _merged(source: Source, uses: Iterator[ImageUse]) -> tuple[ImageUse, ...]:
    """One use for what several commands take from the same variables, related to each of them."""
    kept: dict[Span | bytes, ImageUse] = {}
    for use in uses:
        written = source.slice(use.span).strip(b"\"'")
        key = written if b"$" in written else use.span
        known = kept.get(key)
        if known is None:
            kept[key] = use
        elif len(known.related) < _MAX_RELATED:
            again = (Related(use.span, "and here"),) if use.span != known.span else use.related
            kept[key] = known._replace(related=(*known.related, *again))
    return distinct(kept.values())


def _uses(source: Source, place: str, terms: Terms, image: _Image) -> Iterator[ImageUse]:
    word = image.word.span
    if "\n" in image.raw:
        return  # No shell.
    if image.named.unclear:
        yield ImageUse(source, place, image.route, image.raw, None, word, _unclear(image.raw))
        return
    if image.text is None:
        home = image.named.term.home
        word = (home and _find(terms, home, image.raw)) or word
        yield ImageUse(
            source,
            place,
            image.route,
            image.raw,
            None,
            word,
            _unknown(terms, image),
            _set_at(terms, image.raw),
        )
        return
    text = image.text
    if not text or _LOCAL.match(text):
        return
    if why := unknown_part(text):
        yield ImageUse(source, place, image.route, text, None, word, why)
        return
    reference = parse(text)
    spelling = _IN_A_COMMAND
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    at, related = _where(terms, image, text)
    yield ImageUse(source, place, image.route, text, reference, at or word, spelling, related)


def _where(terms: Terms, image: _Image, text: str) -> tuple[Span | None, tuple[Related, ...]]:
    """Where the reference stands: in the command, or where the variable is set that holds it."""
    place = image.named.term.home
    if whole := _WHOLE_VARIABLE.fullmatch(image.raw):
        place = terms.places.get(whole[1] or whole[2])
    at = _find(terms, place, text) if place else None
    if at:
        word = image.word.span
        return at, (Related(word, "this command pulls it"),)
    at = _find(terms, image.word.span, text)
    return at, _set_at(terms, image.raw)


def _find(terms: Terms, within: Span, text: str) -> Span | None:
    at = terms.text.find(text, within.start, within.end)
    return Span(at, at + len(text)) if at >= 0 else None


def _set_at(terms: Terms, raw: str) -> tuple[Related, ...]:
    """Where the variables in a word are set."""
    names = dict.fromkeys(_VARIABLE.findall(raw))
    return tuple(
        Related(terms.places[name], f"{name} is set here")
        for name in names
        if name in terms.places and terms.places[name].start < terms.places[name].end
    )


def _unknown(terms: Terms, image: _Image) -> Opaque:
    """Why a word says nothing: an unknown variable, or the output of a command."""
    missing = [n for n in _VARIABLE.findall(image.raw) if terms.values.get(n) is None]
    if image.word.substituted or not missing:
        return Opaque(
            "it is filled in when the command runs", "pin it where the text of it comes from"
        )
    name = missing[0]
    if name in terms.values:
        why = f"{name} is set more than once, or to what is not known"
    else:
        why = f"{name} is not set in this file"
    return Opaque(why, "pin it where the variable is set")


def _unclear(option: str) -> Opaque:
    return Opaque(
        f"the option {option} is not known, so the word that names the image is not",
        "write the option and its value in one word, with '='",
    )
