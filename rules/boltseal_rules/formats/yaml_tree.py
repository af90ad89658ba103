"""YAML as a tree in which every scalar knows where it stands.

The tree is composed from the events of ruamel.yaml's parsers, never from its loaders: nothing is
constructed, no tag is obeyed, and an alias is the very node of its anchor, so that a bomb of
aliases costs no more than its text. The C parser comes first; what it refuses is asked of the pure
parser, which knows YAML 1.2 better (``[a:1]``) and reads a hundredth of the speed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from boltseal.source import Source, Span, Unparsable

MAX_DEPTH = 100
"""Collections inside one another beyond which a document is refused."""
_MAX_PURE = 512 * 1024
"""Characters beyond which a document is not given to the slow parser."""
_MARKER = re.compile(r"^---(?=[ \t\r\n]|$)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%(?=YAML|TAG)", re.MULTILINE)
_MAY_HOLD_IMAGE = re.compile(r"[iI]mage|repo|dockerfile_inline")
_CRD = re.compile(r"^kind:[ \t]*[\"']?CustomResourceDefinition\b", re.MULTILINE)


class Scalar(NamedTuple):
    """A scalar: its value, and the characters from its anchor or tag to its end."""

    value: str
    start: int
    end: int
    style: str
    """'' plain, or the character that opens it: ' " | >"""
    tagged: bool
    """Whether an explicit tag stands before it."""


class Mapping(NamedTuple):
    """A mapping, its entries in order; keys need not be scalars, nor unique."""

    entries: tuple[tuple["Node", "Node"], ...]
    start: int

    def get(self, key: str) -> "Node | None":
        """The value of the first entry with this scalar key."""
        for name, value in self.entries:
            if isinstance(name, Scalar) and name.value == key:
                return value
        return None

    def all(self, key: str) -> Iterator["Node"]:
        """The values of every entry with this scalar key: templates hold one for each branch."""
        return (value for name, value in self.scalars() if name == key)

    def scalars(self) -> Iterator[tuple[str, "Node"]]:
        """The entries whose key is a scalar, with the key's text."""
        for name, value in self.entries:
            if isinstance(name, Scalar):
                yield name.value, value


class Sequence(NamedTuple):
    """A sequence."""

    items: tuple["Node", ...]
    start: int


Node = Scalar | Mapping | Sequence


class Document(NamedTuple):
    """One document of a stream: its root, or why there is none. ``text`` is its characters."""

    text: str
    start: int
    root: Node | None
    problem: Unparsable | None = None


@lru_cache(maxsize=1)
def documents(source: Source) -> tuple[Document, ...]:
    """The documents of a file that may name an image; schemas of custom resources never do.

    Several places may ask for the same file in turn, so the last answer is kept.
    Raises Unparsable where the file is not UTF-8.
    """
    return tuple(_read(source, source.text))


def masked_documents(source: Source, masked: str) -> tuple[Document, ...]:
    """The same for ``masked``, a text of the same length that stands for the file's own."""
    return tuple(_read(source, masked))


def _read(source: Source, text: str) -> Iterator[Document]:
    for start, chunk in _chunks(text):
        if not _MAY_HOLD_IMAGE.search(chunk) or _CRD.search(chunk):
            continue
        try:
            yield Document(chunk, start, compose(chunk, start))
        except _Refused as error:
            offset = source.byte_offset(min(start + error.index, len(text)))
            yield Document(chunk, start, None, Unparsable(error.reason, offset))


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut a stream at its document markers. Directives, which mean nothing here, become comments."""
    text = _DIRECTIVE.sub("#", text)
    at = 0
    for match in _MARKER.finditer(text):
        if match.start() > at:
            yield at, text[at : match.start()]
        at = match.start()
    yield at, text[at:]


def verbatim(source: Source, scalar: Scalar) -> Span | None:
    """The bytes in which a scalar's value stands letter by letter; None where it is escaped or folded."""
    value = scalar.value.strip()
    at = source.text[scalar.start : scalar.end].rfind(value)
    if not value or at < 0:
        return None
    start = scalar.start + at
    return Span(source.byte_offset(start), source.byte_offset(start + len(value)))


class _Refused(Exception):
    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


def compose(text: str, base: int) -> Node | None:
    """The root node of the first document in ``text``, with ``base`` added to every offset."""
    from ruamel.yaml.error import YAMLError

    try:
        return _compose(_fast_events(text), base)
    except YAMLError as error:
        failure = error
    if len(text) <= _MAX_PURE:
        try:
            return _compose(_pure_events(text), base)
        except YAMLError as error:
            failure = error
        except (IndexError, ValueError, AttributeError):  # the pure parser's own slips
            pass
    raise _Refused(*_explain(failure)) from None


def _explain(error: Exception) -> tuple[str, int]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = mark.index if mark else getattr(error, "position", 0)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    return f"not YAML: {reason}", index


def _fast_events(text: str) -> Iterator[Any]:
    try:
        from ruamel.yaml import cyaml
    except ImportError:
        yield from _pure_events(text)
        return
    parser = cyaml.CParser(text)  # type: ignore[attr-defined]
    while parser.check_event():
        yield parser.get_event()


def _pure_events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    _, parser = YAML(pure=True).get_constructor_parser(text)
    while parser.check_event():
        yield parser.get_event()


def _compose(events: Iterator[Any], base: int) -> Node | None:
    """Build the tree of the first document, without recursion."""
    anchors: dict[str, Node] = {}
    stack: list[_Open] = []
    for event in events:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            node: Node = _scalar(event, base)
        elif kind == "AliasEvent":
            node = anchors.get(event.anchor) or Scalar("", base, base, "", True)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(stack) >= MAX_DEPTH:
                raise _Refused(f"nested deeper than {MAX_DEPTH} levels", event.start_mark.index)
            stack.append(_Open(kind[0] == "M", event.start_mark.index + base, event.anchor))
            continue
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            closed = stack.pop()
            node = closed.node()
            event = closed
        elif kind == "DocumentEndEvent":
            return None
        else:
            continue
        if kind != "AliasEvent" and event.anchor:
            anchors[event.anchor] = node
        if not stack:
            return node
        stack[-1].children.append(node)
    return None


class _Open:
    """A collection whose end has not been seen."""

    __slots__ = ("anchor", "children", "is_mapping", "start")

    def __init__(self, is_mapping: bool, start: int, anchor: str | None) -> None:
        self.is_mapping = is_mapping
        self.start = start
        self.anchor = anchor
        self.children: list[Node] = []

    def node(self) -> Node:
        if not self.is_mapping:
            return Sequence(tuple(self.children), self.start)
        pairs = zip(self.children[::2], self.children[1::2], strict=True)
        return Mapping(tuple(pairs), self.start)


def _scalar(event: Any, base: int) -> Scalar:
    style = event.style or ""
    return Scalar(
        event.value,
        event.start_mark.index + base,
        event.end_mark.index + base,
        "" if style == "plain" else style,
        event.tag is not None,
    )


class Site(NamedTuple):
    """A mapping in its document: the way to it, and the key it stands under."""

    route: str
    key: str
    mapping: Mapping


def sites(root: Node | None, *, skip: frozenset[str] = frozenset()) -> Iterator[Site]:
    """Every mapping below ``root``, each once however many aliases lead to it.

    Whatever stands under a key in ``skip`` is passed over. Order is that of the text.
    """
    seen: set[int] = set()
    stack: list[tuple[Node, str, str]] = [(root, "", "")] if root is not None else []
    while stack:
        node, route, key = stack.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            items = enumerate(node.items)
            stack += reversed([(item, f"{route}[{i}]", key) for i, item in items])
            continue
        yield Site(route, key, node)
        entries = [
            (value, join(route, name), name) for name, value in node.scalars() if name not in skip
        ]
        stack += reversed(entries)


def join(route: str, key: str) -> str:
    """The route one key further."""
    return f"{route}.{key}" if route else key
