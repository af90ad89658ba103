"""From an expression that stands for an image to the literals that may flow into it."""

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from boltseal.source import Span
from boltseal_rules.python.contents import Bound, Contents, Scope
from boltseal_rules.python.syntax import children, literal, text_of

_MAX_LEAVES = 200
"""Literals that are looked at for one place: a table of thousands is none of images."""
_MAX_PARTS = 100
# Calls that give their second argument where nothing else is set, and fields with a default.
_WITH_FALLBACK = frozenset({"get", "getenv", "setdefault", "pop", "getattr", "getoption", "env"})
_FIELDS = frozenset({"Field", "field", "Option", "Argument", "attrib", "ib", "Parameter", "Query"})


class Leaf(NamedTuple):
    """A literal, or several put together; ``bound`` is the name that holds it, if one does."""

    node: cst.BaseExpression
    scope: Scope
    bound: Bound | None = None
    label: str = ""


class Part(NamedTuple):
    """A piece of a text: what it says, None where that is not known, and how it is written.

    ``ending`` is the span of a literal that says it letter by letter. ``whole`` is the span of the
    constant that the piece was taken from.
    """

    value: str | None
    shown: str
    ending: Span | None = None
    constant: Span | None = None


def leaves(
    contents: Contents, node: cst.CSTNode, scope: Scope, *, elements: bool = False
) -> Iterator[Leaf]:
    """The literals that ``node`` may stand for; with ``elements`` also those in a list or a dict."""
    stack = [(node, scope, None, elements, "")]
    seen: set[int] = set()
    count = 0
    while stack and count < _MAX_LEAVES:
        expression, inner, bound, inside, label = stack.pop()
        if is_text(expression):
            count += 1
            yield Leaf(expression, inner, bound, label)
            continue
        following = [
            item
            for item in _next(contents, expression, inner, bound, inside=inside, label=label)
            if id(item[0]) not in seen
        ]
        seen.update(id(item[0]) for item in following)
        stack += reversed(following[:_MAX_LEAVES])


_Step = tuple[cst.CSTNode, Scope, Bound | None, bool, str]


def is_text(node: cst.CSTNode) -> bool:
    """Whether an expression is a text: a literal, or one put together from some."""
    match node:
        case cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString():
            return True
        case cst.BinaryOperation(operator=cst.Add() | cst.Modulo()):
            return True
        case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(value="format"))):
            return is_string(value)
    return False


def is_string(node: cst.CSTNode) -> bool:
    """Whether an expression is a string literal."""
    return isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString))


def _next(
    contents: Contents,
    node: cst.CSTNode,
    scope: Scope,
    bound: Bound | None,
    *,
    inside: bool,
    label: str,
) -> Iterator[_Step]:
    match node:
        case cst.IfExp(body=body, orelse=orelse):
            yield body, scope, bound, inside, label
            yield orelse, scope, bound, inside, label
        case cst.BooleanOperation(left=left, right=right):
            yield left, scope, bound, inside, label
            yield right, scope, bound, inside, label
        case cst.NamedExpr(value=value):
            yield value, scope, bound, inside, label
        case cst.Name(value=name):
            for it in scope.lookup(name):
                yield from _bound(it)
        case cst.Attribute():
            for it in _attribute(contents, node, scope):
                yield it.value, it.scope, it, False, ""
        case cst.Call():
            value = fallback(node)
            if value is not None:
                yield value, scope, bound, inside, label
        case cst.Subscript(
            value=cst.Name(value=name), slice=[cst.SubscriptElement(slice=cst.Index(value=key))]
        ):
            for it in scope.lookup(name):
                for value, at in _elements(it.value, text_of(key)):
                    yield value, it.scope, it, False, at
        case cst.List() | cst.Tuple() | cst.Set() | cst.Dict():
            if inside:
                for value, at in _elements(node, None):
                    yield value, scope, bound, True, label + at
        case _:
            pass


def _bound(it: Bound) -> Iterator[_Step]:
    if not it.each:
        yield it.value, it.scope, it, False, ""
        return
    for value, at in _elements(it.value, None):
        if it.index is None:
            yield value, it.scope, it, False, at
        elif isinstance(value, (cst.Tuple, cst.List)) and it.index < len(value.elements):
            yield value.elements[it.index].value, it.scope, it, False, f"{at}[{it.index}]"


def _elements(node: cst.CSTNode, key: str | None) -> Iterator[tuple[cst.CSTNode, str]]:
    """The values of a literal collection with their places in it; of a dict only those of ``key``."""
    match node:
        case cst.List() | cst.Tuple() | cst.Set():
            for index, element in enumerate(node.elements):
                yield element.value, f"[{index}]"
        case cst.Dict():
            for index, entry in enumerate(node.elements):
                if isinstance(entry, cst.DictElement):
                    name = text_of(entry.key)
                    if key is None or name == key:
                        yield entry.value, f".{name}" if name is not None else f"[{index}]"
        case _:
            pass


def _attribute(contents: Contents, node: cst.Attribute, scope: Scope) -> list[Bound]:
    """What an attribute of this object, or of a class of this file, is bound to."""
    if not isinstance(node.value, cst.Name):
        return []
    root, name = node.value.value, node.attr.value
    owner = scope.owner if root in ("self", "cls") else contents.classes.get(root)
    if owner is None:
        return []
    return [*owner.bindings.get(name, ()), *owner.bindings.get(f".{name}", ())]


def fallback(call: cst.Call) -> cst.BaseExpression | None:
    """The argument that a call gives back where nothing else is set, or that a field starts with."""
    match call.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            pass
        case _:
            return None
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == "default":
            return arg.value
    plain = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
    if name in _FIELDS and plain:
        return plain[0]
    at = 2 if name == "getattr" else 1
    if name in _WITH_FALLBACK and len(plain) > at:
        return plain[at]
    return plain[0] if name == "str" and len(plain) == 1 else None


def parts(contents: Contents, node: cst.CSTNode, scope: Scope) -> list[Part]:
    """The pieces of a text in their order. Constants of the file are read, nothing else is."""
    found: list[Part] = []
    stack: list[tuple[cst.CSTNode, Scope, int, Span | None]] = [(node, scope, 0, None)]
    tree = contents.tree
    while stack:
        piece, inner, steps, constant = stack.pop()
        if len(found) > _MAX_PARTS:
            return [Part(None, "…")]
        match piece:
            case cst.SimpleString():
                said = literal(tree, piece)
                if said is None:
                    found.append(Part(None, "…"))
                else:
                    ending = said.span if constant is None else None
                    found.append(Part(said.value, said.value, ending, constant))
            case cst.ConcatenatedString(left=left, right=right):
                stack += [(right, inner, steps, constant), (left, inner, steps, constant)]
            case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
                stack += [(right, inner, steps, constant), (left, inner, steps, constant)]
            case cst.FormattedString():
                stack += [(it, inner, steps, constant) for it in reversed(piece.parts)]
            case cst.FormattedStringText(value=text):
                raw = "\\" in text and True
                value = text.replace("{{", "{").replace("}}", "}")
                found.append(Part(None if raw else value, value, None, constant))
            case cst.FormattedStringExpression(expression=value, format_spec=None, conversion=None):
                stack.append((value, inner, steps, constant))
            case cst.Name() | cst.Attribute():
                single = _constant(contents, piece, inner) if steps < _MAX_PARTS else None
                if single is None:
                    found.append(Part(None, "{" + tree.code(piece) + "}"))
                else:
                    where = constant or tree.span(single.value)
                    stack.append((single.value, single.scope, steps + 20, where))
            case cst.BinaryOperation(left=left, operator=cst.Modulo()) if is_string(left):
                found.append(Part(None, _inside(tree.code(left))))
            case cst.Call(func=cst.Attribute(value=value)) if is_string(value):
                found.append(Part(None, _inside(tree.code(value))))
            case _:
                code = " ".join(tree.code(piece).split())
                found.append(Part(None, "{" + code + "}" if "{" not in code else "{…}"))
    return found


def _inside(code: str) -> str:
    """A literal without its quotes, to be shown."""
    return code.lstrip("rRuUfFbB").strip("\"'")


def _constant(contents: Contents, node: cst.CSTNode, scope: Scope) -> Bound | None:
    """What a name stands for where it is bound once, to a text."""
    match node:
        case cst.Name(value=name):
            bound = scope.lookup(name)
        case cst.Attribute():
            bound = _attribute(contents, node, scope)
        case _:
            return None
    if len(bound) != 1 or bound[0].each or not is_text(bound[0].value):
        return None
    return bound[0]


def strings_below(node: cst.CSTNode) -> Iterator[cst.SimpleString]:
    """The plain literals below a node."""
    stack = [node]
    while stack:
        piece = stack.pop()
        if isinstance(piece, cst.SimpleString):
            yield piece
        else:
            stack += reversed(list(children(piece)))
