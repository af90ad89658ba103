"""From an expression that stands for an image to the literals that may flow into it."""

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from boltseal.source import Span
from boltseal_rules.python.contents import Bound, Contents, Scope
from boltseal_rules.python.syntax import Tree, literal, text_of

_MAX_LEAVES = 200
"""Literals that are looked at for one place: a table of thousands is none of images."""
_MAX_PARTS = 100
_MAX_STEPS = 5
"""Constants that are put together from constants."""
# Calls that give their second argument where nothing else is set, and fields with a default.
_WITH_FALLBACK = frozenset({"get", "getenv", "setdefault", "pop", "getattr", "getoption", "env"})
_FIELDS = frozenset({"Field", "field", "Option", "Argument", "attrib", "ib", "Parameter", "Query"})


class Leaf(NamedTuple):
    """A literal, or several put together; ``bound`` is the name that holds it, if one does."""

    node: cst.CSTNode
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
    stack = [_Step(node, scope, None, elements)]
    seen: set[int] = set()
    count = 0
    while stack and count < _MAX_LEAVES:
        step = stack.pop()
        if is_text(step.node):
            count += 1
            yield Leaf(step.node, step.scope, step.bound, step.label)
            continue
        if isinstance(step.node, (cst.Name, cst.Attribute)):
            contents.followed.append(step.node)
        elif isinstance(step.node, cst.Subscript):
            contents.followed.append(step.node.value)
        following = [it for it in _next(contents, step) if id(it.node) not in seen]
        seen.update(id(it.node) for it in following)
        stack += reversed(following[:_MAX_LEAVES])


class _Step(NamedTuple):
    """An expression on the way to literals; ``inside`` tells that those in a collection count."""

    node: cst.CSTNode
    scope: Scope
    bound: Bound | None
    inside: bool = False
    label: str = ""


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


def _next(contents: Contents, step: _Step) -> Iterator[_Step]:
    node = step.node
    same = list(_choices(node))
    if same:
        yield from (step._replace(node=choice) for choice in same)
    elif isinstance(node, (cst.List, cst.Tuple, cst.Set, cst.Dict)):
        for value, at in _elements(node, None) if step.inside else ():
            yield step._replace(node=value, label=step.label + at)
    else:
        yield from _named(contents, node, step.scope)


def _choices(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The expressions of which an expression is one."""
    match node:
        case cst.IfExp(body=one, orelse=other) | cst.BooleanOperation(left=one, right=other):
            yield one
            yield other
        case cst.NamedExpr(value=value):
            yield value
        case cst.Call():
            default = fallback(node)
            if default is not None:
                yield default
        case _:
            pass


def _named(contents: Contents, node: cst.CSTNode, scope: Scope) -> Iterator[_Step]:
    """What a name, an attribute or an element of a named collection stands for."""
    match node:
        case cst.Name(value=name):
            for it in scope.lookup(name):
                yield from _bound(it)
        case cst.Attribute():
            for it in _attribute(contents, node, scope):
                yield _Step(it.value, it.scope, it)
        case cst.Subscript(
            value=cst.Name(value=name), slice=[cst.SubscriptElement(slice=cst.Index(value=key))]
        ):
            for it in scope.lookup(name):
                for value, at in _elements(it.value, text_of(key)):
                    yield _Step(value, it.scope, it, label=at)
        case _:
            pass


def _bound(it: Bound) -> Iterator[_Step]:
    if not it.each:
        yield _Step(it.value, it.scope, it)
        return
    for value, at in _elements(it.value, None):
        if it.position is None:
            yield _Step(value, it.scope, it, label=at)
        elif isinstance(value, (cst.Tuple, cst.List)) and it.position < len(value.elements):
            element = value.elements[it.position].value
            yield _Step(element, it.scope, it, label=f"{at}[{it.position}]")


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


class _Piece(NamedTuple):
    """A piece of a text, and the constant that it was taken from, after so many others."""

    node: cst.CSTNode
    scope: Scope
    constant: Span | None = None
    steps: int = 0


def parts(contents: Contents, node: cst.CSTNode, scope: Scope) -> list[Part]:
    """The pieces of a text in their order. Constants of the file are read, nothing else is."""
    found: list[Part] = []
    stack = [_Piece(node, scope)]
    while stack:
        piece = stack.pop()
        if len(found) + len(stack) > _MAX_PARTS:
            return [Part(None, "…")]
        pieces = _split(contents, piece)
        if pieces:
            stack += reversed(pieces)
        else:
            found.append(_part(contents.tree, piece))
    return found


def _split(contents: Contents, piece: _Piece) -> list[_Piece]:
    """What a piece is put together from; nothing for a literal, and for what is not known."""
    node = piece.node
    if isinstance(node, cst.FormattedStringExpression):
        if node.format_spec is not None or node.conversion is not None:
            return []
        node = node.expression
    match node:
        case (
            cst.ConcatenatedString(left=left, right=right)
            | cst.BinaryOperation(left=left, operator=cst.Add(), right=right)
        ):
            return [piece._replace(node=left), piece._replace(node=right)]
        case cst.FormattedString(parts=inner):
            return [piece._replace(node=it) for it in inner]
        case cst.Name() | cst.Attribute() if piece.steps < _MAX_STEPS:
            held = _constant(contents, node, piece.scope)
            if held is not None:
                where = piece.constant or contents.tree.span(held.value)
                return [_Piece(held.value, held.scope, where, piece.steps + 1)]
    return []


def _part(tree: Tree, piece: _Piece) -> Part:
    node = piece.node
    match node:
        case cst.SimpleString():
            said = literal(tree, node)
            if said is not None:
                ending = said.span if piece.constant is None else None
                return Part(said.value, said.value, ending, piece.constant)
            return Part(None, "…")
        case cst.FormattedStringText(value=text):
            value = text.replace("{{", "{").replace("}}", "}")
            return Part(None if "\\" in text else value, value, None, piece.constant)
        case cst.FormattedStringExpression():
            return Part(None, tree.code(node))
        case cst.BinaryOperation(left=pattern) if is_string(pattern):
            return Part(None, _inside(tree.code(pattern)))
        case cst.Call(func=cst.Attribute(value=pattern)) if is_string(pattern):
            return Part(None, _inside(tree.code(pattern)))
    code = " ".join(tree.code(node).split())
    return Part(None, f"{{{code}}}" if "{" not in code else "{…}")


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
