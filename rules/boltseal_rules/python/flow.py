"""From an expression that stands for an image to the literals that may flow into it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Span
from boltseal_rules.python.bindings import Bound, Scope
from boltseal_rules.python.contents import Contents
from boltseal_rules.python.strings import pieces
from boltseal_rules.python.syntax import Tree, elements, is_string, text_of

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

    node: ast.expr
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
    contents: Contents, node: ast.expr, scope: Scope, *, elements: bool = False
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
        if isinstance(step.node, (ast.Name, ast.Attribute)):
            contents.followed.add(step.node)
        elif isinstance(step.node, ast.Subscript):
            contents.followed.add(step.node.value)
        following = [it for it in _next(contents, step) if id(it.node) not in seen]
        seen.update(id(it.node) for it in following)
        stack += reversed(following[:_MAX_LEAVES])


class _Step(NamedTuple):
    """An expression on the way to literals; ``inside`` tells that those in a collection count."""

    node: ast.expr
    scope: Scope
    bound: Bound | None
    inside: bool = False
    label: str = ""


def is_text(node: ast.expr) -> bool:
    """Whether an expression is a text: a literal, or one put together from some."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return is_string(value)
    return is_string(node)


def _next(contents: Contents, step: _Step) -> Iterator[_Step]:
    node = step.node
    same = list(_choices(node))
    if same:
        yield from (step._replace(node=choice) for choice in same)
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
        for value, at in _elements(node, None) if step.inside else ():
            yield step._replace(node=value, label=step.label + at)
    else:
        yield from _named(contents, node, step.scope)


def _choices(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions of which an expression is one."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            yield one
            yield other
        case ast.BoolOp(values=values):
            yield from values
        case ast.NamedExpr(value=value):
            yield value
        case ast.Call():
            default = fallback(node)
            if default is not None:
                yield default
        case _:
            pass


def _named(contents: Contents, node: ast.expr, scope: Scope) -> Iterator[_Step]:
    """What a name, an attribute or an element of a named collection stands for."""
    match node:
        case ast.Name(id=name):
            for it in scope.lookup(name):
                yield from _bound(it)
        case ast.Attribute():
            for it in _attribute(contents, node, scope):
                yield _Step(it.value, it.scope, it)
        case ast.Subscript(value=ast.Name(id=name), slice=key) if not isinstance(key, ast.Slice):
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
        elif isinstance(value, (ast.Tuple, ast.List)) and it.position < len(value.elts):
            element = elements(value)[it.position]
            yield _Step(element, it.scope, it, label=f"{at}[{it.position}]")


def _elements(node: ast.expr, key: str | None) -> Iterator[tuple[ast.expr, str]]:
    """The values of a literal collection with their places in it; of a dict only those of ``key``."""
    match node:
        case ast.List() | ast.Tuple() | ast.Set():
            for index, element in enumerate(elements(node)):
                yield element, f"[{index}]"
        case ast.Dict():
            for index, (entry, value) in enumerate(zip(node.keys, node.values, strict=True)):
                if entry is not None:
                    name = text_of(entry)
                    if key is None or name == key:
                        is_shown = name is not None and name.isprintable()
                        yield value, f".{name}" if is_shown else f"[{index}]"
        case _:
            pass


def _attribute(contents: Contents, node: ast.Attribute, scope: Scope) -> list[Bound]:
    """What an attribute of this object, or of a class of this file, is bound to."""
    if not isinstance(node.value, ast.Name):
        return []
    root, name = node.value.id, node.attr
    owner = scope.owner if root in ("self", "cls") else contents.classes.get(root)
    if owner is None:
        return []
    return [*owner.bindings.get(name, ()), *owner.bindings.get(f".{name}", ())]


def fallback(call: ast.Call) -> ast.expr | None:
    """The argument that a call gives back where nothing else is set, or that a field starts with."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return None
    for keyword in call.keywords:
        if keyword.arg == "default":
            return keyword.value
    plain = [it for it in call.args if not isinstance(it, ast.Starred)]
    if name in _FIELDS and plain:
        return plain[0]
    at = 2 if name == "getattr" else 1
    if name in _WITH_FALLBACK and len(plain) > at:
        return plain[at]
    return plain[0] if name == "str" and len(plain) == 1 else None


class _Text(NamedTuple):
    """An expression in a text, and the constant that it was taken from, after so many others.

    ``shown`` is how a replacement field is written.
    """

    node: ast.expr
    scope: Scope
    constant: Span | None = None
    steps: int = 0
    shown: str = ""


def parts(contents: Contents, node: ast.expr, scope: Scope) -> list[Part]:
    """The pieces of a text in their order. Constants of the file are read, nothing else is."""
    found: list[Part] = []
    stack: list[_Text | Part] = [_Text(node, scope)]
    while stack:
        item = stack.pop()
        if len(found) + len(stack) > _MAX_PARTS:
            return [Part(None, "…")]
        if isinstance(item, Part):
            found.append(item)
            continue
        below = _split(contents, item)
        if below:
            stack += reversed(below)
        else:
            found.append(_unknown(contents.tree, item))
    return found


def _split(contents: Contents, text: _Text) -> list[_Text] | list[_Text | Part]:
    """What an expression is put together from; nothing where that is not known."""
    match text.node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [text._replace(node=left, shown=""), text._replace(node=right, shown="")]
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
            return _pieces(contents, text, text.node)
        case ast.Name() | ast.Attribute() if text.steps < _MAX_STEPS:
            held = _constant(contents, text.node, text.scope)
            if held is not None:
                where = text.constant or contents.tree.span(held.value)
                return [_Text(held.value, held.scope, where, text.steps + 1)]
    return []


def _pieces(
    contents: Contents, text: _Text, node: ast.Constant | ast.JoinedStr
) -> list[_Text | Part]:
    known = contents.strings.get(node)
    if known is None:
        known = contents.strings[node] = pieces(contents.tree, node)
    found: list[_Text | Part] = []
    for piece in known:
        if piece.field is not None:
            found.append(text._replace(node=piece.field, shown=piece.shown))
        else:
            ending = piece.ending if text.constant is None else None
            found.append(Part(piece.value, piece.shown, ending, text.constant))
    return found


def _unknown(tree: Tree, text: _Text) -> Part:
    match text.node:
        case _ if text.shown:
            return Part(None, text.shown)
        case ast.BinOp(left=pattern) if is_string(pattern):
            return Part(None, _inside(tree.code(pattern)))
        case ast.Call(func=ast.Attribute(value=pattern)) if is_string(pattern):
            return Part(None, _inside(tree.code(pattern)))
    code = " ".join(tree.code(text.node).split())
    return Part(None, f"{{{code}}}" if "{" not in code else "{…}")


def _inside(code: str) -> str:
    """A literal without its quotes, to be shown."""
    return code.lstrip("rRuUfFbB").strip("\"'")


def _constant(contents: Contents, node: ast.expr, scope: Scope) -> Bound | None:
    """What a name stands for where it is bound once, to a text."""
    match node:
        case ast.Name(id=name):
            bound = scope.lookup(name)
        case ast.Attribute():
            bound = _attribute(contents, node, scope)
        case _:
            return None
    if len(bound) != 1 or bound[0].each or not is_text(bound[0].value):
        return None
    return bound[0]
