"""Images that the commands of a text pull: reported where they stand, never edited."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related
from boltseal_rules.formats.command_lines import CommandLines
from boltseal_rules.formats.shell_words import Word
from boltseal_rules.literal import distinct, unknown_part
from boltseal_rules.shell_commands import Named, named_in
from boltseal_rules.shell_terms import Terms, read, terms_of

_IN_A_COMMAND = Opaque(
    "it stands in a shell command", "write the digest behind it by hand: name:tag@sha256:…"
)
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
        return (term.shown if term.inner else term.raw)[self.named.skip :].strip("\"'")

    @property
    def text(self) -> str | None:
        """The reference as far as it is known."""
        text = self.named.term.text
        return None if text is None else text[self.named.skip :]


def command_uses(source: Source, place: str, lines: CommandLines) -> tuple[ImageUse, ...]:
    """The images that the commands of a file pull; what the same file builds is not pulled."""
    terms = terms_of(lines)
    pulled: list[_Image] = []
    made: set[str] = set()
    for index, command in enumerate(lines.commands):
        for named in named_in(read(terms, command)):
            image = _Image(named, f"commands[{index}]")
            if named.made:
                made |= {_untagged(text) for text in (image.raw, image.text) if text}
            else:
                pulled.append(image)
    return _merged(
        use
        for image in pulled
        if not {_untagged(image.raw), _untagged(image.text or "")} & made
        for use in _uses(source, place, terms, image)
    )


def _untagged(text: str) -> str:
    return text.removesuffix(":latest")


def _merged(uses: Iterator[ImageUse]) -> tuple[ImageUse, ...]:
    """One use for what several commands take from one variable, related to each of them."""
    kept: dict[Span, ImageUse] = {}
    for use in uses:
        known = kept.get(use.span)
        kept[use.span] = known._replace(related=(*known.related, *use.related)) if known else use
    return distinct(kept.values())


def _uses(source: Source, place: str, terms: Terms, image: _Image) -> Iterator[ImageUse]:
    word = _span(source, image.word.start, image.word.end)
    if image.named.unclear:
        yield ImageUse(source, place, image.route, image.raw, None, word, _unclear(image.raw))
        return
    if image.text is None:
        yield ImageUse(
            source,
            place,
            image.route,
            image.raw,
            None,
            word,
            _unknown(terms, image),
            _set_at(source, terms, image.raw),
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
    at, related = _where(source, terms, image, text)
    yield ImageUse(source, place, image.route, text, reference, at or word, spelling, related)


def _where(
    source: Source, terms: Terms, image: _Image, text: str
) -> tuple[Span | None, tuple[Related, ...]]:
    """Where the reference stands: in the command, or where the variable is set that holds it."""
    whole = _WHOLE_VARIABLE.fullmatch(image.raw)
    name = (whole[1] or whole[2]) if whole else _variable(image)
    place = terms.places.get(name) if name else None
    at = _find(terms, place, text) if place else None
    if at:
        word = _span(source, image.word.start, image.word.end)
        return _span(source, *at), (Related(word, "this command pulls it"),)
    at = _find(terms, Span(image.word.start, image.word.end), text)
    return (_span(source, *at) if at else None), _set_at(source, terms, image.raw)


def _variable(image: _Image) -> str | None:
    """The variable whose value has the reference among other words."""
    lone = image.named.term.lone if image.named.term.inner else None
    return lone.name if lone else None


def _find(terms: Terms, within: Span, text: str) -> Span | None:
    at = terms.text.find(text, within.start, within.end)
    return Span(at, at + len(text)) if at >= 0 else None


def _set_at(source: Source, terms: Terms, raw: str) -> tuple[Related, ...]:
    """Where the variables in a word are set."""
    names = dict.fromkeys(_VARIABLE.findall(raw))
    return tuple(
        Related(_span(source, *terms.places[name]), f"{name} is set here")
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


def _span(source: Source, start: int, end: int) -> Span:
    return Span(source.byte_offset(start), source.byte_offset(end))
