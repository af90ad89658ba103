"""Nodes of libcst as those of the stdlib, with the same places in the file."""

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import libcst as cst

from boltseal.source import Span
from boltseal_rules.python.syntax import UNKNOWN, Other, Piece, Tree

_CONSTANTS = {"None": None, "True": True, "False": False}
_LOAD = ast.Load()
# What stands between the nodes that mean something: spaces, brackets, commas, types.
_BETWEEN = re.compile(
    r"l?r?par|lbracket|rbracket|lbrace|rbrace|whitespace\w*|equal|semicolon|comma|colon|header|footer|"
    r"leading_lines|lines_after_decorators|trailing_whitespace|operator|dot|asynchronous|annotation|"
    r"returns|type_parameters|star"
)


class Translation:
    """From nodes of libcst to those of the stdlib.

    ``spans`` are theirs, and ``shift`` leads from these to the offsets of the file of ``tree``.
    """

    def __init__(self, tree: Tree, spans: Mapping[cst.CSTNode, Any], shift: int) -> None:
        self._tree = tree
        self._spans = spans
        self._shift = shift

    def _span(self, node: cst.CSTNode) -> Span:
        start = self._spans[node].start + self._shift
        return Span(start, start + self._spans[node].length)

    def node(self, node: cst.CSTNode) -> Any:
        """The same node of the stdlib, with its lines and columns."""
        make = _MAKERS.get(type(node))
        made = make(self, node) if make is not None else Other(self.all(_children(node)))
        if isinstance(made, (ast.expr, ast.stmt)) and not hasattr(made, "lineno"):
            start, end = self._span(node)
            if isinstance(node, cst.Tuple) and node.lpar:
                start, end = self._span(node.lpar[-1]).start, self._span(node.rpar[0]).end
            made.lineno, made.col_offset = self._position(start)
            made.end_lineno, made.end_col_offset = self._position(end)
        return made

    def all(self, nodes: Iterable[cst.CSTNode]) -> list[Any]:
        """The same for several nodes."""
        return [self.node(it) for it in nodes]

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._tree.lines, offset)
        return line, offset - self._tree.lines[line - 1]

    def maybe(self, node: cst.CSTNode | None) -> Any:
        """The same for a node that may be absent."""
        return None if node is None else self.node(node)

    def pieces(self, node: cst.BaseExpression) -> Iterator[Piece]:
        """What a string is put together from, in the order in which it is written."""
        stack: list[cst.CSTNode] = [node]
        while stack:
            match stack.pop():
                case cst.ConcatenatedString(left=left, right=right):
                    stack += (right, left)
                case cst.FormattedString(parts=parts):
                    stack += reversed(parts)
                case cst.SimpleString() as literal:
                    yield self._literal(literal)
                case cst.FormattedStringText(value=text):
                    shown = text.replace("{{", "{").replace("}}", "}")
                    yield Piece(None if "\\" in text else shown, shown)
                case cst.FormattedStringExpression() as field:
                    yield self._field(field)
                case _:
                    yield UNKNOWN

    def _literal(self, node: cst.SimpleString) -> Piece:
        raw, prefix = node.raw_value, node.prefix.lower()
        if "b" in prefix:
            return UNKNOWN
        if "\\" in raw and "r" not in prefix:
            try:
                value = str(node.evaluated_value)
            except (ValueError, SyntaxError):
                return UNKNOWN
            return Piece(value, value)
        start = self._span(node).start + len(node.prefix) + len(node.quote)
        return Piece(raw, raw, Span(start, start + len(raw.encode())))

    def _field(self, node: cst.FormattedStringExpression) -> Piece:
        shown = self._tree.source.slice(self._span(node)).decode("utf-8", "replace")
        is_plain = node.conversion is None and node.format_spec is None and node.equal is None
        return Piece(None, shown, field=self.node(node.expression) if is_plain else None)


def _children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes below ``node`` that mean something, in their order."""
    for field in fields(node):
        value = None if _BETWEEN.fullmatch(field.name) else getattr(node, field.name)
        listed = value if isinstance(value, (list, tuple)) else [value]
        yield from (it for it in listed if isinstance(it, cst.CSTNode))


def _name(_: Translation, node: cst.Name) -> ast.expr:
    if node.value in _CONSTANTS:
        return ast.Constant(_CONSTANTS[node.value])
    return ast.Name(node.value, _LOAD)


def _attribute(to: Translation, node: cst.Attribute) -> ast.expr:
    return ast.Attribute(to.node(node.value), node.attr.value, _LOAD)


def _call(to: Translation, node: cst.Call) -> ast.expr:
    keywords = [it for it in node.args if it.keyword is not None or it.star == "**"]
    return ast.Call(
        to.node(node.func),
        [_argument(to, it) for it in node.args if it not in keywords],
        [_keyword(to, it) for it in keywords],
    )


def _keyword(to: Translation, node: cst.Arg) -> ast.keyword:
    return ast.keyword(node.keyword.value if node.keyword else None, to.node(node.value))


def _argument(to: Translation, node: cst.Arg) -> ast.expr:
    value: ast.expr = to.node(node.value)
    return ast.copy_location(ast.Starred(value, _LOAD), value) if node.star else value


def _subscript(to: Translation, node: cst.Subscript) -> ast.expr:
    value = to.node(node.value)
    match node.slice:
        case [cst.SubscriptElement(slice=cst.Index(value=key))]:
            return ast.Subscript(value, to.node(key), _LOAD)
    return Other([value, *to.all(it.slice for it in node.slice)])


def _string(to: Translation, node: Any) -> ast.expr:
    found = list(to.pieces(node))
    texts = [it.value for it in found if it.value is not None]
    if isinstance(node, cst.FormattedString) or len(texts) != len(found):
        return ast.JoinedStr([to.node(it) for it in _replaced(node)])
    return ast.Constant("".join(texts))


def _replaced(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The replacement fields of a string."""
    if isinstance(node, cst.FormattedStringExpression):
        yield node
    elif isinstance(node, (cst.ConcatenatedString, cst.FormattedString)):
        for child in _children(node):
            yield from _replaced(child)


def _collection(kind: Callable[..., ast.expr]) -> Any:
    return lambda to, node: kind([to.node(it) for it in node.elements])


def _element(to: Translation, node: cst.Element) -> ast.expr:
    value: ast.expr = to.node(node.value)
    return value


def _starred(to: Translation, node: cst.StarredElement) -> ast.expr:
    return ast.Starred(to.node(node.value), _LOAD)


def _dict(to: Translation, node: cst.Dict) -> ast.expr:
    keys = [to.maybe(getattr(it, "key", None)) for it in node.elements]
    return ast.Dict(keys, [to.node(it.value) for it in node.elements])


def _operation(to: Translation, node: cst.BinaryOperation) -> ast.expr:
    left, right = to.node(node.left), to.node(node.right)
    match node.operator:
        case cst.Add():
            return ast.BinOp(left, ast.Add(), right)
        case cst.Modulo():
            return ast.BinOp(left, ast.Mod(), right)
    return Other([left, right])


def _choice(to: Translation, node: cst.BooleanOperation) -> ast.expr:
    return ast.BoolOp(ast.Or(), [to.node(node.left), to.node(node.right)])


def _if(to: Translation, node: cst.IfExp) -> ast.expr:
    return ast.IfExp(to.node(node.test), to.node(node.body), to.node(node.orelse))


def _named(to: Translation, node: cst.NamedExpr) -> ast.expr:
    return ast.NamedExpr(to.node(node.target), to.node(node.value))


def _await(to: Translation, node: cst.Await) -> ast.expr:
    return ast.Await(to.node(node.expression))


def _comparison(to: Translation, node: cst.Comparison) -> ast.expr:
    return ast.Compare(to.node(node.left), [], [to.node(it.comparator) for it in node.comparisons])


def _comprehension(to: Translation, node: cst.CompFor) -> ast.AST:
    below = [*(it.test for it in node.ifs), *([node.inner_for_in] if node.inner_for_in else [])]
    return ast.comprehension(to.node(node.target), to.node(node.iter), to.all(below), 0)


def _assign(to: Translation, node: cst.Assign) -> ast.stmt:
    return ast.Assign([to.node(it.target) for it in node.targets], to.node(node.value))


def _annotated(to: Translation, node: cst.AnnAssign) -> ast.stmt:
    return ast.AnnAssign(to.node(node.target), Other([]), to.maybe(node.value), 0)


def _expression(to: Translation, node: cst.Expr) -> ast.stmt:
    return ast.Expr(to.node(node.value))


def _assert(to: Translation, node: cst.Assert) -> ast.stmt:
    return ast.Assert(to.node(node.test), to.maybe(node.msg))


def _for(to: Translation, node: cst.For) -> ast.stmt:
    below = to.all([node.body, *([node.orelse] if node.orelse else [])])
    return ast.For(to.node(node.target), to.node(node.iter), below, [])


def _with(to: Translation, node: cst.WithItem) -> ast.AST:
    return ast.withitem(to.node(node.item), to.maybe(node.asname and node.asname.name))


def _import(_: Translation, node: cst.Import) -> ast.stmt:
    return ast.Import([_alias(it) for it in node.names])


def _import_from(_: Translation, node: cst.ImportFrom) -> ast.stmt:
    names = [] if isinstance(node.names, cst.ImportStar) else [_alias(it) for it in node.names]
    package = _dotted(node.module) if node.module else None
    return ast.ImportFrom(package, names, len(node.relative))


def _alias(node: cst.ImportAlias) -> ast.alias:
    asname = node.asname.name if node.asname is not None else None
    return ast.alias(_dotted(node.name), asname.value if isinstance(asname, cst.Name) else None)


def _dotted(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return cst.ensure_type(node, cst.Name).value


def _function(to: Translation, node: cst.FunctionDef) -> ast.stmt:
    given = node.params
    plain = [*given.posonly_params, *given.params]
    arguments = ast.arguments(
        [],
        [ast.arg(it.name.value) for it in plain],
        None,
        [ast.arg(it.name.value) for it in given.kwonly_params],
        [to.maybe(it.default) for it in given.kwonly_params],
        None,
        [to.node(it.default) for it in plain if it.default is not None],
    )
    decorators = [to.node(it.decorator) for it in node.decorators]
    return ast.FunctionDef(node.name.value, arguments, to.all(node.body.body), decorators)


def _class(to: Translation, node: cst.ClassDef) -> ast.stmt:
    return ast.ClassDef(
        node.name.value,
        [to.node(it.value) for it in node.bases],
        [_keyword(to, it) for it in node.keywords],
        to.all(node.body.body),
        [to.node(it.decorator) for it in node.decorators],
    )


_MAKERS: dict[type[cst.CSTNode], Any] = {
    cst.AnnAssign: _annotated,
    cst.Assert: _assert,
    cst.Assign: _assign,
    cst.Attribute: _attribute,
    cst.Await: _await,
    cst.BinaryOperation: _operation,
    cst.BooleanOperation: _choice,
    cst.Call: _call,
    cst.ClassDef: _class,
    cst.CompFor: _comprehension,
    cst.Comparison: _comparison,
    cst.ConcatenatedString: _string,
    cst.Dict: _dict,
    cst.Element: _element,
    cst.Expr: _expression,
    cst.For: _for,
    cst.FormattedString: _string,
    cst.FunctionDef: _function,
    cst.IfExp: _if,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.List: _collection(ast.List),
    cst.Name: _name,
    cst.NamedExpr: _named,
    cst.Set: _collection(ast.Set),
    cst.SimpleString: _string,
    cst.StarredElement: _starred,
    cst.Subscript: _subscript,
    cst.Tuple: _collection(ast.Tuple),
    cst.WithItem: _with,
}
