"""YAML as a tree in which every scalar knows where it stands.

The tree is composed from the events of ruamel.yaml's parsers, never from its loaders: nothing is
constructed, no tag is obeyed, and an alias is the very node of its anchor, so that a bomb of
aliases costs no more than its text. The C parser comes first; what it refuses is asked of the pure
parser, which knows YAML 1.2 better and reads at a fortieth of the speed.
"""

import re
from collections.abc import Iterator
from copy import copy
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from boltseal.source import Source, Span, Unparsable

MAX_DEPTH = 100
"""Collections inside one another beyond which a document is refused."""
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
_MAX_PURE = 512 * 1024
"""Characters of a file beyond which no document is given to the slow parser."""
_MAX_ENTRIES = 3_000_000
"""Lines and entries in brackets beyond which a file is refused: each is a node or two in memory."""
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=[ \t\r\n]|$)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%(?=YAML|TAG)", re.MULTILINE)
_INNER_COLON = re.compile(r"(?<=[^\s\"'\]}]):(?=[^\s,\[\]{}])")
_STAND_IN = "\ue000"
_BOM = "\ufeff"
_BRACKET = re.compile(r"[\[\]{}]")
_BREAK = r"\r\n\x85\u2028\u2029"
_PROPERTIES = re.compile(rf"(?:[&!]\S*\s+(?:#[^{_BREAK}]*[{_BREAK}]\s*)*)*")
_HEADER = re.compile(rf"[^{_BREAK}]*(?:\r\n|[{_BREAK}])")
_NOT_TEXT = re.compile(r"|~|null|true|false|yes|no|on|off|[-+]?[\d._]+", re.IGNORECASE)
_MAX_MERGED = 64
"""Entries beyond which a mapping is not merged into others, nor what it merges itself."""
_MAX_ANCESTORS = 10
"""Mappings beyond which no more are merged into one."""
IMAGE_KEY = re.compile(r"[iI]mage|IMAGE|[rR]epo|REPO|oci://|dockerfile_inline")
"""What stands in every document that names images under keys of the usual names."""
_BLANK_LINE = r"[ \t]*(?:#[^\n]*)?\r?\n"
_CRD = re.compile(
    rf"(?:{_BLANK_LINE}|---{_BLANK_LINE}|\{{\{{[^\n]*\n|apiVersion:[ \t]*[\"']?[\w./-]+[\"']?{_BLANK_LINE})*+"
    r"kind:[ \t]*[\"']?CustomResourceDefinition\b"
)
_KIND = re.compile(r"\n[\"']?kind\b")


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
        return bool(self.style) or self.tagged or not _NOT_TEXT.fullmatch(self.value)


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
        return (value for name, value in self.scalars() if name == key)

    def scalars(self) -> Iterator[tuple[str, "Node"]]:
        """The entries whose key is a scalar, with the key's text."""
        for name, value in self.entries:
            if isinstance(name, Scalar):
                yield name.value, value

    def merged(self) -> Iterator["Mapping"]:
        """The mappings that this one merges by itself (``<<``)."""
        for value in self.all("<<"):
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


@lru_cache(maxsize=4)
def documents(source: Source, needs: re.Pattern[str] | None = IMAGE_KEY) -> tuple[Document, ...]:
    """The documents of a file that may name an image; schemas of custom resources never do.

    A document in which ``needs`` is not found is not parsed; None parses every one. Several places
    may ask for the same file in turn, so the last answers are kept.
    Raises Unparsable where the file is not UTF-8 or has too many nodes.
    """
    return tuple(_read(source, source.text, needs))


def masked_documents(
    source: Source, masked: str, needs: re.Pattern[str] | None = IMAGE_KEY
) -> tuple[Document, ...]:
    """The same for ``masked``, a text of the same length that stands for the file's own."""
    return tuple(_read(source, masked, needs))


def _read(source: Source, text: str, needs: re.Pattern[str] | None) -> Iterator[Document]:
    _refuse_endless(text)
    patience = _MAX_PURE
    for start, chunk in _chunks(text):
        if (needs and not needs.search(chunk) and not source.hides_letters) or _begins_as_schema(
            chunk
        ):
            continue
        try:
            root, slow = _root(chunk, start, patience)
            patience -= slow
            if not _is_schema(root):
                yield Document(chunk, start, root)
        except _Refused as error:
            offset = source.byte_offset(min(start + error.index, len(text)))
            yield Document(chunk, start, None, Unparsable(error.reason, offset))


def _refuse_endless(text: str) -> None:
    if len(text) > _MAX_ENTRIES and text.count("\n") + text.count(",") > _MAX_ENTRIES:
        raise Unparsable(f"more than {_MAX_ENTRIES} lines and entries")


def _begins_as_schema(chunk: str) -> bool:
    """Whether a document is the schema of a custom resource and nothing besides, told unparsed."""
    head = _CRD.match(chunk)
    return head is not None and not _KIND.search(chunk, head.end())


def _is_schema(root: Node | None) -> bool:
    kinds = list(root.all("kind")) if isinstance(root, Mapping) else []
    return len(kinds) == 1 and getattr(kinds[0], "value", "") == "CustomResourceDefinition"


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut a stream at its document markers.

    Directives, which mean nothing here, become comments, and so do the marks that end a document:
    what follows them is one more, with a mark of its own or without.
    """
    text = _DIRECTIVE.sub("#", text)
    cuts = [0, *(match.start() for match in _MARKER.finditer(text)), len(text)]
    for start, end in pairwise(cuts):
        chunk = text[start:end].lstrip(_BOM)
        start = end - len(chunk)  # The parsers would not count a mark that stands first.
        if chunk:
            yield start, f"#{chunk[1:]}" if chunk.startswith("...") else chunk


def verbatim(source: Source, scalar: Scalar) -> Span | None:
    """The bytes in which a scalar's value stands letter by letter; None where it is escaped or folded."""
    value = scalar.value.strip()
    start = _content(source.text, scalar)
    if scalar.style == '"' and "\\" in source.text[start : scalar.end]:
        return None
    start = source.text.find(value, start, scalar.end) if value else -1
    if start < 0:
        return None
    return Span(source.byte_offset(start), source.byte_offset(start + len(value)))


def _content(text: str, scalar: Scalar) -> int:
    """Where the content of a scalar begins, behind anchor, tag, quote, or the header of a block."""
    match = _PROPERTIES.match(text, scalar.start, scalar.end)
    start = match.end() if match else scalar.start
    if scalar.style in ("|", ">"):
        header = _HEADER.match(text, start, scalar.end)
        return header.end() if header else scalar.end
    return start + len(scalar.style)


class _Refused(Exception):
    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


def _root(text: str, base: int, patience: int) -> tuple[Node | None, int]:
    """The root node of the one document in ``text``, with ``base`` added to every offset.

    With it comes how many characters the slow parser had to read for it: ``patience`` at most.
    """
    from ruamel.yaml.error import YAMLError

    failure: Exception
    for events in (_fast_events, _fast_events_with_colons):
        try:
            return _compose(events(text), base), 0
        except YAMLError as error:
            failure = error
    if (deep := _deep_line(text)) is not None:
        raise _Refused(_TOO_DEEP, deep)
    if len(text) <= patience:
        try:
            return _compose(_pure_events(text), base), len(text)
        except YAMLError as error:
            failure = error
        except (IndexError, ValueError, AttributeError):  # the pure parser's own slips
            pass
    else:
        reason, index = _explain(failure)
        raise _Refused(
            f"{reason} (the document is too large for the parser that may know better)", index
        )
    raise _Refused(*_explain(failure)) from None


def _deep_line(text: str) -> int | None:
    """Where a line opens too many brackets; at every token the slow parser looks at all of them."""
    start = 0
    for line in text.split("\n"):
        if line.count("[") + line.count("{") > MAX_DEPTH:
            depth = 0
            for bracket in _BRACKET.finditer(line):
                depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
                if depth > MAX_DEPTH:
                    return start + bracket.start()
        start += len(line) + 1
    return None


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


def _fast_events_with_colons(text: str) -> Iterator[Any]:
    """The same for text in flow style with references in it, such as ``{image: nginx:1.27}``.

    The C parser takes every colon there for the end of a key. Those that are none by YAML 1.2 (no
    space follows, no quote or bracket stands before) are hidden from it behind a stand-in.
    """
    if _STAND_IN not in text:
        text = _INNER_COLON.sub(_STAND_IN, text)
    for event in _fast_events(text):
        if type(event).__name__ == "ScalarEvent":
            event.value = event.value.replace(_STAND_IN, ":")
        yield event


def _pure_events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    _, parser = YAML(pure=True).get_constructor_parser(text)
    while parser.check_event():
        event = parser.get_event()
        if type(event).__name__ == "ScalarEvent" and not event.value:
            _put_back(text, event)
        yield event


def _put_back(text: str, event: Any) -> None:
    """Give an empty value the place behind its colon, as the C parser does, not that of what follows."""
    if event.start_mark.index != event.end_mark.index:
        return
    at = event.start_mark.index
    while at and text[at - 1] in " \t\r\n":
        at -= 1
    mark = copy(event.start_mark)
    mark.index = at
    event.start_mark = event.end_mark = mark


def _compose(events: Iterator[Any], base: int) -> Node | None:
    """Build the tree of the one document, without recursion.

    The events are read to their end: what stands behind the document and is none is refused too.
    """
    anchors: dict[str, Node] = {}
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            node: Node = _scalar(event, base)
        elif kind == "AliasEvent":
            node = _aliased(anchors, stack, event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(stack) >= MAX_DEPTH:
                raise _Refused(_TOO_DEEP, event.start_mark.index)
            stack.append(_Open(kind[0] == "M", event, base))
            continue
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            closed = stack.pop()
            node = closed.node()
            event = closed
        else:
            continue
        if kind != "AliasEvent" and event.anchor:
            anchors[event.anchor] = node
        if stack:
            stack[-1].children.append(node)
        else:
            root = node
    return root


def _aliased(anchors: dict[str, Node], stack: "list[_Open]", event: Any) -> Node:
    """What an alias stands for: the node of its anchor; nothing inside of that node itself."""
    node = anchors.get(event.anchor)
    if node is None and any(event.anchor == outer.anchor for outer in stack):
        node = Scalar("", 0, 0, "", tagged=True)
    if node is None:
        raise _Refused(f"not YAML: found undefined alias {event.anchor!r}", event.start_mark.index)
    return node._replace(alias=True) if isinstance(node, Scalar) else node


class _Open:
    """A collection whose end has not been seen."""

    __slots__ = ("anchor", "children", "flow", "is_mapping", "start")

    def __init__(self, is_mapping: bool, event: Any, base: int) -> None:
        self.is_mapping = is_mapping
        self.start = event.start_mark.index + base
        self.flow = bool(event.flow_style)
        self.anchor = event.anchor
        self.children: list[Node] = []

    def node(self) -> Node:
        if not self.is_mapping:
            return Sequence(tuple(self.children), self.start)
        pairs = zip(self.children[::2], self.children[1::2], strict=True)
        return Mapping(tuple(pairs), self.start, self.flow)


def _scalar(event: Any, base: int) -> Scalar:
    style = event.style or ""
    return Scalar(
        event.value,
        event.start_mark.index + base,
        event.end_mark.index + base,
        "" if style == "plain" else style,
        event.tag is not None,
        event.anchor is not None,
    )


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
