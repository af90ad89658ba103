"""Python source as a tree whose nodes know their bytes: libcst, guarded against what it cannot take."""

import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from boltseal.source import Source, Span, Unparsable

_MAX_NESTING = 150
"""Brackets inside one another that are given to libcst unread by the stdlib: it has no limit."""
_MAX_CHAIN = 3000
_CHAINS = re.compile(r"\b(?:elif|else|lambda|not|await)\b|\*\*|[-+~](?=\s*[-+~])")
_SKIPPED = re.compile(
    r"l?r?par|lbracket|rbracket|lbrace|rbrace|whitespace\w*|equal|semicolon|comma|colon|header|footer|"
    r"leading_lines|lines_after_decorators|trailing_whitespace|operator|dot|asynchronous|annotation|"
    r"returns|type_parameters|star"
)


class Tree(NamedTuple):
    """A module with the spans of its nodes, in bytes of the file."""

    source: Source
    module: cst.Module
    spans: Mapping[cst.CSTNode, Any]

    def span(self, node: cst.CSTNode) -> Span:
        """The bytes of a node."""
        found = self.spans[node]
        start = found.start + self.source.bom
        return Span(start, start + found.length)

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node as it is written."""
        return self.source.slice(self.span(node)).decode("utf-8", "replace")


class _Spans(ByteSpanPositionProvider):
    """The provider alone: a wrapper would visit every node once more, for nobody."""

    def of(self, module: cst.Module) -> Mapping[cst.CSTNode, Any]:
        """The span of every node of a module."""
        return self._gen(MetadataWrapper(module, unsafe_skip_copy=True))


def parse(source: Source, text: str) -> Tree:
    """The tree of a file, read from ``text``: that of the file, or a part with the rest made blank.

    Raises Unparsable where libcst cannot read it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = cst.parse_module(text)
            spans = _Spans().of(module)
    except cst.ParserSyntaxError as error:
        line = max(1, min(error.raw_line, source.line_of(len(source.data))))
        raise Unparsable("not Python that boltseal can read", source.line_start(line)) from None
    except (RecursionError, KeyError):
        raise Unparsable("nested too deeply") from None
    except (ValueError, TypeError) as error:
        raise Unparsable(f"not Python: {error}") from None
    return Tree(source, module, spans)


def is_too_deep(text: str) -> bool:
    """Whether text that the stdlib has refused could be nested deeper than libcst can take.

    Brackets in strings are counted too: the answer errs on the safe side.
    """
    depth = deepest = 0
    for match in re.finditer(r"[(\[{]|[)\]}]", text):
        depth = depth + 1 if match[0] in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > _MAX_NESTING or sum(1 for _ in _CHAINS.finditer(text)) > _MAX_CHAIN


_FIELDS: dict[type, tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes below ``node`` that mean something, in their order."""
    kind = type(node)
    if kind not in _FIELDS:
        fields = getattr(kind, "__dataclass_fields__", {})
        _FIELDS[kind] = tuple(name for name in fields if not _SKIPPED.fullmatch(name))
    for name in _FIELDS[kind]:
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from (item for item in value if isinstance(item, cst.CSTNode))


class Literal(NamedTuple):
    """A string literal: its value, and the bytes in which it stands letter by letter, if it does."""

    value: str
    span: Span | None


def literal(tree: Tree, node: cst.SimpleString) -> Literal | None:
    """What a literal says; None for bytes and for escapes that say nothing."""
    prefix = node.prefix.lower()
    if "b" in prefix:
        return None
    raw = node.raw_value
    if "\\" in raw and "r" not in prefix:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = node.evaluated_value
        except (ValueError, SyntaxError):
            return None
        return Literal(value, None) if isinstance(value, str) else None
    start = tree.span(node).start + len(node.prefix) + len(node.quote)
    span = Span(start, start + len(raw.encode()))
    return Literal(raw, span if tree.source.slice(span) == raw.encode() else None)


def text_of(node: cst.CSTNode | None) -> str | None:
    """The value of a plain string literal; None for everything else."""
    if (
        not isinstance(node, cst.SimpleString)
        or "\\" in node.raw_value
        or "b" in node.prefix.lower()
    ):
        return None
    return node.raw_value
