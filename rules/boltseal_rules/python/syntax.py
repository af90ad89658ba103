"""Python source as the stdlib's nodes, and where these stand in the bytes of the file."""

import ast
import re
from functools import cached_property
from typing import Any, NamedTuple

from boltseal.source import Source, Span

_LINE_END = re.compile(rb"\r\n|\r|\n")
_OPENING = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
_SINGLE = re.compile(r"(?s)[A-Za-z]*('''|\"\"\"|'|\")(?:\\.|(?!\1).)*\1")
# Fields of nodes that hold no node, or one that says nothing for itself; and those that hold types.
_WORDS = frozenset(
    {
        *("arg", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "op", "ops"),
        *("rest", "simple", "type_comment", "type_ignores"),
    }
)
_TYPES = frozenset({"annotation", "name", "names", "returns", "type_params"})
LEAVES = frozenset(
    {
        *(type(None), bool, int, str),
        *(ast.Break, ast.Continue, ast.Global, ast.Name, ast.Nonlocal, ast.Pass, ast.arg),
    }
)
"""What hangs in a tree and has no value below it, names included."""


class Tree:
    """A module, whose nodes know their lines and the bytes in these, and its file.

    ``is_translated`` tells that the stdlib refuses the file, and that another parser has read it:
    some nodes are of no kind then.
    """

    def __init__(self, source: Source, module: ast.Module, *, is_translated: bool = False) -> None:
        self.source = source
        self.module = module
        self.is_translated = is_translated

    @cached_property
    def lines(self) -> list[int]:
        """The offsets at which the lines of Python start."""
        data = self.source.data
        return [self.source.bom, *(match.end() for match in _LINE_END.finditer(data))]

    def start(self, node: ast.expr) -> int:
        """The offset of the first byte of a node."""
        return self.lines[node.lineno - 1] + node.col_offset

    def span(self, node: ast.expr) -> Span:
        """The bytes of a node."""
        last = self.lines[(node.end_lineno or node.lineno) - 1]
        return Span(self.start(node), last + (node.end_col_offset or 0))

    def code(self, node: ast.expr) -> str:
        """The text of a node as it is written."""
        return self.source.slice(self.span(node)).decode("utf-8", "replace")


class Other(ast.expr):
    """A node that the stdlib has no kind for, or none that matters: what stands below it."""

    _fields = ("below",)

    def __init__(self, below: list[ast.AST]) -> None:
        super().__init__()
        self.below = below


_ALL: dict[type[ast.AST], tuple[str, ...]] = {}
_VALUES: dict[type[ast.AST], tuple[str, ...]] = {}


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes below ``node`` that may have a value below them, in their order."""
    kind = type(node)
    fields = _VALUES.get(kind)
    if fields is None:
        fields = _VALUES[kind] = tuple(it for it in kind._fields if it not in _WORDS | _TYPES)
    return [it for it in _held(node, fields) if it.__class__ not in LEAVES]


def everything(node: ast.AST) -> list[ast.AST]:
    """The nodes right below ``node``, but for operators and what tells a load from a store."""
    kind = type(node)
    fields = _ALL.get(kind)
    if fields is None:
        fields = _ALL[kind] = tuple(it for it in kind._fields if it not in _WORDS)
    return [it for it in _held(node, fields) if isinstance(it, ast.AST)]


def _held(node: ast.AST, fields: tuple[str, ...]) -> list[Any]:
    found: list[Any] = []
    for field in fields:
        value = getattr(node, field)
        if value.__class__ is list:
            found += value
        else:
            found.append(value)
    return found


def elements(node: ast.List | ast.Tuple | ast.Set) -> list[ast.expr]:
    """The elements of a collection; of one that is unpacked there, the collection."""
    return [unstarred(it) for it in node.elts]


def unstarred(node: ast.expr) -> ast.expr:
    """An expression without the star before it."""
    return node.value if isinstance(node, ast.Starred) else node


class Piece(NamedTuple):
    """A piece of a string: what it says, None where that is not known, and how it is shown.

    ``ending`` is the span of a literal that says it letter by letter. ``field`` is the expression
    of a replacement field that has neither a conversion nor a format.
    """

    value: str | None
    shown: str
    ending: Span | None = None
    field: ast.expr | None = None


UNKNOWN = Piece(None, "…")


def literal(tree: Tree, node: ast.Constant) -> Piece | None:
    """What a single literal says; None for bytes, and where several stand side by side."""
    if not isinstance(node.value, str):
        return None
    span = tree.span(node)
    code = tree.source.slice(span).decode("utf-8", "replace")
    opening = _OPENING.match(code)
    if opening is None:
        return None
    prefix, quote = opening.groups()
    raw = code[opening.end() : -len(quote)]
    if quote in raw and not ("\\" in raw and _SINGLE.fullmatch(code)):
        return None
    if "\\" in raw and "r" not in prefix.lower():
        return Piece(node.value, node.value)
    start = span.start + opening.end()
    return Piece(raw, raw, Span(start, start + len(raw.encode())))


def text_of(node: ast.AST | None) -> str | None:
    """The value of a string; None for everything else."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None


def is_string(node: ast.expr) -> bool:
    """Whether an expression is a string literal."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes))
    return isinstance(node, ast.JoinedStr)
