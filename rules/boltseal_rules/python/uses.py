"""The images of a module: what flows into the places for them, each literal once."""

from collections.abc import Iterable, Iterator

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related, Spelling, Whole
from boltseal_rules.formats import templates
from boltseal_rules.python.contents import Contents
from boltseal_rules.python.flow import Leaf, Part, leaves, parts
from boltseal_rules.python.known import Names
from boltseal_rules.python.names import Trust, is_full, names_image, without_scheme
from boltseal_rules.python.slots import Slot, built, slots
from boltseal_rules.python.syntax import Tree

_MAX_RELATED = 20
_ESCAPED = Opaque("it is written with escapes", "write the reference without a backslash")
_PUT_TOGETHER = Opaque(
    "it is put together from constants", "write the whole reference as one string"
)
_SHARED = Opaque(
    "other references are put together with it", "write the whole reference where it is used"
)
_OWN_TAG = Opaque(
    "its tag is an argument of its own", "write name and tag as one string, without that argument"
)
_ALL_TAGS = Opaque("every tag is pulled", "name one tag in the reference, and leave out all_tags")


def image_uses(contents: Contents, place: str, names: Names) -> list[ImageUse]:
    """The images that flow into the places for them."""
    claims = _Claims(contents.tree, place, contents)
    for slot in slots(contents, names):
        for leaf in leaves(contents, slot.node, slot.scope, elements=slot.elements):
            claims.add(slot, leaf)
    return claims.uses(_built(contents))


def _built(contents: Contents) -> frozenset[str]:
    """The references that name what a build makes in this file."""
    found = (
        "".join(part.value or "" for part in parts(contents, leaf.node, leaf.scope))
        for node, scope in built(contents)
        for leaf in leaves(contents, node, scope, elements=True)
    )
    return frozenset(text for text in found if text)


class _Claims:
    """The uses by the bytes of their literals."""

    def __init__(self, tree: Tree, place: str, contents: Contents) -> None:
        self._tree = tree
        self._place = place
        self._contents = contents
        self._uses: dict[Span, ImageUse] = {}
        self._shared: set[Span] = set()
        self._routes: dict[Span, str] = {}

    def add(self, slot: Slot, leaf: Leaf) -> None:
        """Take what flows into a place, if it is an image."""
        pieces = parts(self._contents, leaf.node, leaf.scope)
        if slot.tag is not None:
            pieces = [*_untagged(pieces), *parts(self._contents, slot.tag, slot.scope)]
        constants = [piece.constant for piece in pieces if piece.constant is not None]
        self._shared.update(constants)
        text = "".join(piece.value if piece.value is not None else piece.shown for piece in pieces)
        unknown = [piece.shown for piece in pieces if piece.value is None]
        where = self._tree.span(leaf.node)
        bound = leaf.bound
        # The first place decides on the route, also where only a later one is sure: a digest makes
        # the first one sure too, and the route must stay.
        route = self._routes.setdefault(where, _route(slot, leaf))
        if not _is_image(pieces, text, slot.trust):
            return
        related: tuple[Related, ...] = tuple(
            Related(span, "this part stands here") for span in dict.fromkeys(constants)
        )[:_MAX_RELATED]
        if bound is not None:
            related = (*related, Related(self._tree.span(slot.node), "used here"))
        known = self._uses.get(where)
        if known is not None:
            if len(known.related) >= _MAX_RELATED:
                return
            more = [it for it in related if it not in known.related]
            self._uses[where] = known._replace(related=(*known.related, *more)[:_MAX_RELATED])
            return
        self._uses[where] = self._use(route, text, where, pieces, unknown, related, slot)

    def _use(
        self,
        route: str,
        text: str,
        where: Span,
        pieces: list[Part],
        unknown: list[str],
        related: tuple[Related, ...],
        slot: Slot,
    ) -> ImageUse:
        source = self._tree.source
        name = without_scheme(text.strip())
        made = ImageUse(source, self._place, route, name, None, where, _PUT_TOGETHER, related)
        if unknown:
            return made._replace(spelling=_unknown(unknown))
        if "{{" in name or templates.is_placeholder(name):
            reason = "a template fills it in" if "{{" in name else "it is a placeholder"
            return made._replace(spelling=Opaque(reason, "put a reference in its place"))
        reference = parse(name)
        if isinstance(reference, InvalidReference):
            spelling: Spelling = Opaque(reference.reason, reference.hint)
            return made._replace(reference=reference, spelling=spelling)
        exact = _exact(source, pieces, name)
        spelling = _spelling(pieces, exact)
        if isinstance(spelling, Whole):
            spelling = spelling._replace(objection=slot.objection)
        if slot.tag is not None:
            spelling = _OWN_TAG
        if slot.all_tags:
            spelling = _ALL_TAGS
        span = exact if exact is not None and len(pieces) == 1 else where
        return made._replace(reference=reference, spelling=spelling, span=span)

    def uses(self, built: frozenset[str]) -> list[ImageUse]:
        """All that was taken, without what is built here."""
        return list(self._guarded(use for use in self._uses.values() if use.text not in built))

    def _guarded(self, found: Iterable[ImageUse]) -> Iterator[ImageUse]:
        """A constant that other texts are put together with takes no digest."""
        shared = sorted(self._shared)
        for use in found:
            if isinstance(use.spelling, Whole) and any(
                span.start <= use.span.start and use.span.end <= span.end for span in shared
            ):
                yield use._replace(spelling=_SHARED)
            else:
                yield use


def _route(slot: Slot, leaf: Leaf) -> str:
    bound = leaf.bound
    if bound is None:
        return slot.route + leaf.label
    return (f"{bound.scope.route}.{bound.name}" if bound.scope.route else bound.name) + leaf.label


def _untagged(pieces: list[Part]) -> list[Part]:
    """The pieces of a name up to the tag that another argument names: that one counts."""
    if len(pieces) == 1 and pieces[0].value is not None:
        name, colon, tag = pieces[0].value.rpartition(":")
        if colon and "/" not in tag:
            pieces = [pieces[0]._replace(value=name, shown=name)]
    return [*pieces, Part(":", ":")]


def _is_image(pieces: list[Part], text: str, trust: Trust) -> bool:
    if all(piece.value is not None for piece in pieces):
        return names_image(text, trust)
    known = "".join(piece.value or "" for piece in pieces)
    written = any(character.isalnum() for character in known) or trust is Trust.KNOWN
    if len(pieces) == 1:  # '%' and format: the pattern itself is shown
        text = pieces[0].shown
        for mark in ("%s", "{}"):
            text = text.replace(mark, "x")
        return ":" in text and names_image(_braces(text), min(trust, Trust.SURE))
    guess = "".join(piece.value if piece.value is not None else "x" for piece in pieces)
    reference = parse(without_scheme(guess.strip()))
    full = not isinstance(reference, InvalidReference) and _could_be_full(guess)
    return written and full and names_image(f"a{guess}" if guess[:1] == ":" else guess, Trust.SURE)


def _could_be_full(guess: str) -> bool:
    """Whether a text with stand-ins for what is unknown shows a tag or a host."""
    reference = parse(without_scheme(guess.strip()))
    return not isinstance(reference, InvalidReference) and is_full(reference)


def _braces(text: str) -> str:
    """The text with a stand-in for every replacement field."""
    out: list[str] = []
    for piece in text.split("{"):
        _, brace, rest = piece.partition("}")
        out.append(f"x{rest}" if brace else piece)
    return "".join(out)


def _unknown(unknown: list[str]) -> Opaque:
    names = list(dict.fromkeys(shown[:60] for shown in unknown[:3]))
    return Opaque(
        f"{', '.join(names)} {'are' if len(names) > 1 else 'is'} only known when the program runs",
        "pin it where the value comes from, or write the whole reference as one string",
    )


def _exact(source: Source, pieces: list[Part], name: str) -> Span | None:
    """The bytes behind which a digest goes: the literal, or the last one of several.

    All must be literals that stand here letter by letter; where they are several, what a digest is
    added to is their end.
    """
    if any(piece.ending is None for piece in pieces):
        return None
    last = pieces[-1].ending
    if last is None or not pieces[-1].shown.strip():
        return None
    raw = source.slice(last).decode()
    start = last.start + len(raw[: len(raw) - len(raw.lstrip())].encode())
    end = last.end - len(raw[len(raw.rstrip()) :].encode())
    if len(pieces) == 1:
        start = end - len(name.encode())
    return Span(start, end) if source.slice(Span(start, end)) else None


def _spelling(pieces: list[Part], exact: Span | None) -> Spelling:
    if exact is not None:
        return Whole(exact)
    if any(piece.constant is not None for piece in pieces):
        return _PUT_TOGETHER
    return _ESCAPED if len(pieces) == 1 else _PUT_TOGETHER


def numbered(found: Iterable[ImageUse]) -> Iterator[ImageUse]:
    """The uses with a number behind a route that is not the first of its kind."""
    counts: dict[str, int] = {}
    for use in found:
        count = counts[use.route] = counts.get(use.route, 0) + 1
        yield use if count == 1 else use._replace(route=f"{use.route}#{count}")
