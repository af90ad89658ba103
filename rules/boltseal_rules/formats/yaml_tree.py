"""YAML as a tree in which every scalar knows where it stands.

The tree is composed from the events of ruamel.yaml's parsers, never from its loaders: nothing is
constructed, no tag is obeyed, and an alias is the very node of its anchor, so that a bomb of
aliases costs no more than its text.
"""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple

from boltseal.pattern import pattern
from boltseal.source import Source, Span, Unparsable
from boltseal_rules.formats.yaml_events import MAX_DEPTH, TOO_DEEP, Refused, parsed
from boltseal_rules.formats.yaml_stream import pieces, plain

_MAX_PURE = 512 * 1024
"""Characters of a file beyond which no document is given to the slow parser."""
_MAX_ENTRIES = 3_000_000
"""Lines and entries in brackets beyond which a file is refused: each is a node or two in memory."""
_BREAK = r"\r\n\x85\u2028\u2029"
_PROPERTIES = pattern(rf"(?:[&!]\S*\s+(?:#[^{_BREAK}]*[{_BREAK}]\s*)*)*")
_HEADER = pattern(rf"[^{_BREAK}]*(?:\r\n|[{_BREAK}])")
_NOT_TEXT = frozenset(("", "~", "null", "true", "false", "yes", "no", "on", "off"))
_NUMBER = pattern(r"[-+]?[\d._]+")
_LARGE = 1024 * 1024
"""Bytes of a file from which on its documents are kept no longer than till the next such file."""
_MAX_MERGED = 64
"""Entries beyond which a mapping is not merged into others, nor what it merges itself."""
_MAX_ANCESTORS = 10
"""Mappings beyond which no more are merged into one."""
Needs = tuple[str, ...] | None
"""Texts of which a document must hold one to be parsed; None parses every one."""
IMAGE_KEY = (
    *("image", "Image", "IMAGE", "repo", "Repo", "REPO"),
    *("oci://", "dockerfile_inline"),
)
"""What stands in every document that names images under keys of the usual names."""
_tuple = tuple.__new__


class Scalar(NamedTuple):
    """A scalar: its value, and the characters from its anchor or tag to its end."""

    value: str
    start: int
    end: int
    style: str
    """'' plain, or the character that opens it: ' " | >"""
    tagged: bool
    """Whether an explicit tag stands before it."""
    anchored: bool = False
    """Whether it has an anchor: aliases may lead to it from elsewhere."""
    alias: bool = False
    """Whether an alias stands here; the characters are those of its anchor."""

    @property
    def is_text(self) -> bool:
        """Whether YAML reads it as text, and not as nothing, a number or a truth value."""
        if self.style or self.tagged:
            return True
        value = self.value
        if value[-1:] in "0123456789._" and _NUMBER.fullmatch(value):
            return False
        return value.lower() not in _NOT_TEXT


class Mapping(NamedTuple):
    """A mapping, its entries in order; keys need not be scalars, nor unique."""

    entries: tuple[tuple["Node", "Node"], ...]
    start: int
    flow: bool = False
    """Whether it is written in braces."""

    def get(self, key: str) -> "Node | None":
        """The value of the first entry with this scalar key."""
        for name, value in self.entries:
            if isinstance(name, Scalar) and name.value == key:
                return value
        return None

    def all(self, key: str) -> Iterator["Node"]:
        """The values of every entry with this scalar key: templates hold one for each branch."""
        return (
            value for name, value in self.entries if isinstance(name, Scalar) and name.value == key
        )

    def scalars(self) -> list[tuple[str, "Node"]]:
        """The entries whose key is a scalar, with the key's text."""
        return [(name.value, value) for name, value in self.entries if isinstance(name, Scalar)]

    def keys(self) -> list[str]:
        """The texts of the keys that are scalars."""
        return [name.value for name, _ in self.entries if isinstance(name, Scalar)]

    def merged(self) -> Iterator["Mapping"]:
        """The mappings that this one merges by itself (``<<``)."""
        for name, value in self.entries:
            if isinstance(name, Scalar) and name.value == "<<":
                for part in value.items if isinstance(value, Sequence) else (value,):
                    if isinstance(part, Mapping):
                        yield part

    def _ancestors(self) -> Iterator["Mapping"]:
        """The mappings that this one merges and those that they merge, as far as is reasonable."""
        seen = {id(self)}
        stack = [self]
        while stack and len(seen) <= _MAX_ANCESTORS:
            for part in stack.pop(0).merged():
                if id(part) not in seen and len(part.entries) <= _MAX_MERGED:
                    seen.add(id(part))
                    stack.append(part)
                    yield part

    def effective(self) -> Iterator[tuple[str, "Node", bool]]:
        """The entries with those merged in, which come last, and whether an entry is its own."""
        for name, value in self.scalars():
            yield name, value, True
        for source in self._ancestors():
            for name, value in source.scalars():
                yield name, value, False


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


def documents(source: Source, needs: Needs = IMAGE_KEY) -> tuple[Document, ...]:
    """The documents of a file that may name an image; schemas of custom resources never do.

    A document that holds nothing of what is in ``needs`` is left out, and not parsed.
    Raises Unparsable where the file is not UTF-8 or has too many nodes.
    """
    return _stream(source, None).documents(needs)


def masked_documents(source: Source, masked: str, needs: Needs = IMAGE_KEY) -> tuple[Document, ...]:
    """The same for ``masked``, a text of the same length that stands for the file's own."""
    return _stream(source, masked).documents(needs)


class _Stream:
    """The documents of a file, each parsed once: several places may ask for a file in turn."""

    def __init__(self, source: Source, masked: str | None) -> None:
        self._source = source
        self._data = source.data if masked is None else masked.encode()
        _refuse_endless(self._data)
        self._pieces = pieces(self._data, source.bom if masked is None else 0)
        self._parsed: dict[int, Document] = {}
        self._answers: dict[Needs, tuple[Document, ...]] = {}
        self._patience = _MAX_PURE

    def documents(self, needs: Needs) -> tuple[Document, ...]:
        """The documents that hold something of what is in ``needs``."""
        if needs not in self._answers:
            self._answers[needs] = tuple(self._found(needs))
        return self._answers[needs]

    def _found(self, needs: Needs) -> Iterator[Document]:
        all_of_them = needs is None or self._source.hides_letters
        parts = None if all_of_them else [need.encode() for need in needs or ()]
        for start, span in self._pieces:
            chunk = self._data[span.start : span.end]
            if parts is None or any(part in chunk for part in parts):
                if start not in self._parsed:
                    self._parsed[start] = self._document(start, plain(chunk.decode()))
                if not _is_schema(self._parsed[start].root):
                    yield self._parsed[start]

    def _document(self, start: int, chunk: str) -> Document:
        try:
            root, slow = parsed(chunk, partial(_compose, start), self._patience)
        except Refused as error:
            self._patience -= error.slow
            offset = self._source.byte_offset(start + min(error.index, len(chunk)))
            return Document(chunk, start, None, Unparsable(error.reason, offset))
        self._patience -= slow
        return Document(chunk, start, root)


def _refuse_endless(data: bytes) -> None:
    if len(data) > _MAX_ENTRIES and data.count(b"\n") + data.count(b",") > _MAX_ENTRIES:
        raise Unparsable(f"more than {_MAX_ENTRIES} lines and entries")


def _is_schema(root: Node | None) -> bool:
    """Whether a document is the schema of a custom resource that ``pieces`` did not tell for one."""
    kinds = list(root.all("kind")) if isinstance(root, Mapping) else []
    return len(kinds) == 1 and getattr(kinds[0], "value", "") == "CustomResourceDefinition"


_small_streams = lru_cache(maxsize=4)(_Stream)
_large_streams = lru_cache(maxsize=1)(_Stream)


def _stream(source: Source, masked: str | None) -> _Stream:
    """The documents of a file, kept for the next place that asks: of a large one only the last."""
    streams = _small_streams if len(source.data) < _LARGE else _large_streams
    return streams(source, masked)


def verbatim(source: Source, scalar: Scalar) -> Span | None:
    """The bytes in which a scalar's value stands letter by letter; None where it is escaped or folded."""
    value = scalar.value.strip()
    if not value:
        return None
    written = source.characters(scalar.start, scalar.end)
    content = _content(written, scalar.style)
    if scalar.style == '"' and "\\" in written[content:]:
        return None
    at = written.find(value, content)
    if at < 0:
        return None
    start = source.byte_offset(scalar.start + at)
    return Span(start, start + len(value.encode()))


def _content(written: str, style: str) -> int:
    """Where the content of a scalar begins, behind anchor, tag, quote, or the header of a block."""
    start = 0
    if written.startswith(("&", "!")):
        match = _PROPERTIES.match(written)
        start = match.end() if match else 0
    if style in ("|", ">"):
        header = _HEADER.match(written, start)
        return header.end() if header else len(written)
    return start + len(style)


class _Composer:
    """Builds the tree of one document, without recursion, and adds ``base`` to every offset.

    Every event of a file comes by here, so nothing slow does.
    """

    def __init__(self, base: int) -> None:
        self.base = base
        self.children: list[Node] = []
        """The nodes so far in the innermost collection that is open; outside of all, the root."""
        self._anchors: dict[str, Node] = {}
        self._open: list[tuple[Any, list[Node]]] = []

    def scalar(self, event: Any) -> None:
        anchor, base = event.anchor, self.base
        parts = (
            event.value,
            event.start_mark.index + base,
            event.end_mark.index + base,
            event.style,
            event.ctag is not None,
            anchor is not None,
            False,
        )
        node = _tuple(Scalar, parts)
        self.children.append(node)
        if anchor:
            self._anchors[anchor] = node

    def start(self, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise Refused(TOO_DEEP, event.start_mark.index)
        self._open.append((event, self.children))
        self.children = []

    def end_of_mapping(self, _: Any) -> None:
        opener, around = self._open.pop()
        nodes = iter(self.children)
        entries = tuple(zip(nodes, nodes, strict=True))
        start = opener.start_mark.index + self.base
        self._close(opener, around, Mapping(entries, start, bool(opener.flow_style)))

    def end_of_sequence(self, _: Any) -> None:
        opener, around = self._open.pop()
        start = opener.start_mark.index + self.base
        self._close(opener, around, Sequence(tuple(self.children), start))

    def _close(self, opener: Any, around: list[Node], node: Node) -> None:
        around.append(node)
        self.children = around
        if opener.anchor:
            self._anchors[opener.anchor] = node

    def alias(self, event: Any) -> None:
        """What an alias stands for: the node of its anchor; nothing inside of that node itself."""
        node = self._anchors.get(event.anchor)
        if node is None and any(event.anchor == outer.anchor for outer, _ in self._open):
            node = Scalar("", 0, 0, "", tagged=True)
        if node is None:
            reason = f"not YAML: found undefined alias {event.anchor!r}"
            raise Refused(reason, event.start_mark.index)
        self.children.append(node._replace(alias=True) if isinstance(node, Scalar) else node)


def _compose(base: int, events: Iterator[Any]) -> Node | None:
    """The root of a document's tree.

    The events are read to their end: what stands behind the document and is none is refused too.
    """
    from ruamel.yaml import events as kinds

    tree = _Composer(base)
    steps = {
        kinds.ScalarEvent: tree.scalar,
        kinds.AliasEvent: tree.alias,
        kinds.MappingStartEvent: tree.start,
        kinds.SequenceStartEvent: tree.start,
        kinds.MappingEndEvent: tree.end_of_mapping,
        kinds.SequenceEndEvent: tree.end_of_sequence,
    }
    for event in events:
        step = steps.get(type(event))
        if step is not None:
            step(event)
    return tree.children[-1] if tree.children else None


class Site(NamedTuple):
    """A mapping in its document: the way to it, the key it stands under, whether others merge it."""

    route: str
    key: str
    mapping: Mapping
    merged: bool = False


def sites(root: Node | None, *, skip: frozenset[str] = frozenset()) -> Iterator[Site]:
    """Every mapping below ``root``, each once however many aliases lead to it.

    Whatever stands under a key in ``skip`` is passed over. A mapping comes before those in it.
    """
    found = list(_walk(root, skip))
    sources = {id(source) for site in found for source in site.mapping.merged()}
    return (site._replace(merged=True) if id(site.mapping) in sources else site for site in found)


def _walk(root: Node | None, skip: frozenset[str]) -> Iterator[Site]:
    seen: set[int] = set()
    stack: list[tuple[Node, str, str]] = [(root, "", "")] if root is not None else []
    while stack:
        node, route, key = stack.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            items = enumerate(node.items)
            below = [(it, f"{route}[{i}]", key) for i, it in items if not isinstance(it, Scalar)]
        else:
            yield Site(route, key, node)
            below = [
                (value, join(route, name), name)
                for name, value in node.scalars()
                if not isinstance(value, Scalar) and name not in skip
            ]
        stack += reversed(below)


def join(route: str, key: str) -> str:
    """The route one key further."""
    return f"{route}.{key}" if route else key
