"""Whether a file can hold an image at all: asked of the stdlib's parser, which is 20 times as fast."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator

from boltseal_rules.python.known import Names, is_container_class
from boltseal_rules.python.names import (
    CONTAINER_LISTS,
    Trust,
    could_name_image,
    is_beside,
    keyword_trust,
    option_trust,
    snake,
)

_PLAUSIBLE = re.compile(
    r"(?i)image(?:(?!image)\w)*[\"']?\s*[=:(,]\s*[urf]{0,2}[\"'][a-z0-9][\w./-]*:[\w.-]+[\"']"
)

_MAX_DEPTH = 500
_MAX_STEPS = 4
"""Names that are followed to other names before a file is given to the other parser."""


def looks_like_image(text: str) -> bool:
    """Whether text that no parser reads seems to name an image: a tagged reference behind 'image'."""
    return _PLAUSIBLE.search(text) is not None


def read(text: str) -> ast.Module | None:
    """What the stdlib makes of a module; None where it cannot read it.

    Raises RecursionError or MemoryError where it is nested too deeply.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def is_too_deep(tree: ast.Module) -> bool:
    """Whether a module is nested deeper than the other parser reads in good time.

    Its time grows with the square of the depth: a sum of a thousand terms is a thousand deep.
    """
    level: list[ast.AST] = [tree]
    for _ in range(_MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


def may_hold(tree: ast.Module, names: Names) -> bool:
    """Whether a module may name an image. Raises RecursionError where it is nested too deeply."""
    nodes = list(ast.walk(tree))
    called = aliases(nodes, names)
    values = [value for node in nodes for value in _places(node, names, called)]
    bare = any(_runs(node, names) for node in nodes)
    if any(_has_text(value, bare=bare) for value in values):
        return True
    # Otherwise only names stand at the places for images: what is any of these in this file?
    used: set[str] = set()
    for _ in range(_MAX_STEPS):
        more = {name for value in values for name in _names(value)} - used
        if not more:
            return False
        used |= more
        values = [value for node in nodes for value in _held(node, more)]
        if any(_has_text(value, bare=bare) for value in values):
            return True
    return True


def aliases(nodes: Iterable[ast.AST], names: Names) -> frozenset[str]:
    """Every name that the nodes of a file give to what may be called for an image."""
    return frozenset(name for node in nodes for name in _other_names(node, names) if name)


def _other_names(node: ast.AST, names: Names) -> Iterator[str]:
    """Names that this file gives to what may be called for an image: aliases, derived classes."""
    match node:
        case ast.alias(name=name, asname=str() as asname):
            if _is_called(name.rpartition(".")[2], names):
                yield asname
        case ast.ClassDef(name=name, bases=[_, *_]):
            yield name
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.NamedExpr(value=value):
            if value and any(_is_called(_name(it), names) for it in _each(value)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield from (_name(it) for target in targets for it in _each(target))
        case _:
            pass


def _is_called(name: str, names: Names) -> bool:
    return names.may_know(name) or is_container_class(name)


def _places(node: ast.AST, names: Names, called: frozenset[str]) -> Iterator[ast.AST]:
    """The expressions below a node at which an image may stand."""
    match node:
        case ast.Call():
            yield from _arguments(node, names, called)
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and _announces(key.value, names):
                    yield value
        case ast.arguments():
            yield from _defaults(node, names)
        case ast.Constant(value=str() as text):
            if "apiVersion" in text and "image" in text:
                yield node
        case _:
            yield from _assigned(node, names)


def _assigned(node: ast.AST, names: Names) -> Iterator[ast.AST]:
    match node:
        case ast.Assign(targets=targets, value=value):
            if any(_announces(_name(it), names) for target in targets for it in _each(target)):
                yield value
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ):
            if _announces(_name(target), names):
                yield value
        case _:
            pass


def _each(target: ast.AST) -> list[ast.expr] | list[ast.AST]:
    return target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]


def _arguments(node: ast.Call, names: Names, called: frozenset[str]) -> Iterator[ast.AST]:
    name = _name(node.func)
    known = _is_called(name, names) or name in called or name == "__init__"
    for keyword in node.keywords:
        if keyword.arg and (known or _announces(keyword.arg, names) or keyword.arg == "default"):
            yield keyword.value
    first = node.args[0] if node.args else None
    if known:
        yield from node.args[:2]
    elif isinstance(first, ast.Constant) and _announces(first.value, names):
        yield from node.args[1:]


def _defaults(node: ast.arguments, names: Names) -> Iterator[ast.AST]:
    plain = [*node.posonlyargs, *node.args]
    for arg, default in zip(reversed(plain), reversed(node.defaults), strict=False):
        if _announces(arg.arg, names):
            yield default
    for arg, found in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        if found is not None and _announces(arg.arg, names):
            yield found


def _announces(name: object, names: Names) -> bool:
    """Whether a name, or any in a list of names, says that an image follows."""
    return isinstance(name, str) and any(
        part in names.keywords or bool(keyword_trust(part)) or option_trust(part)
        for part in (piece.strip() for piece in name[:200].split(","))
        if part
    )


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
        case _:
            return ""


def _names(node: ast.AST) -> Iterator[str]:
    """The names below a node that may lead to its value."""
    for piece in ast.walk(node):
        name = _name(piece)
        if name:
            yield name


def _held(node: ast.AST, names: set[str]) -> Iterator[ast.AST]:
    """What any of ``names`` is bound to by a node."""
    match node:
        case ast.Assign(targets=targets, value=value):
            held = any(_name(it) in names for target in targets for it in _each(target))
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
            | ast.For(target=target, iter=value)
            | ast.AsyncFor(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ):
            held = any(_name(it) in names for it in _each(target))
        case ast.arguments():
            yield from (it for it in (*node.defaults, *node.kw_defaults) if it is not None)
            return
        case _:
            return
    if held:
        yield value


def _runs(node: ast.AST, names: Names) -> bool:
    """Whether a node tells of a container that is run, so that a bare word may be its image."""
    match node:
        case ast.Call(func=func):
            return _is_called(_name(func), names)
        case ast.alias(name=name):
            return _is_called(name.rpartition(".")[2], names)
        case ast.keyword(arg=str() as name) | ast.Constant(value=str() as name):
            return (
                name in names.keywords
                or name == "namespace"
                or snake(name) in CONTAINER_LISTS
                or is_beside(name, as_data=True)
                or keyword_trust(name) > Trust.LIKELY
            )
        case _:
            return False


def _has_text(node: ast.AST, *, bare: bool) -> bool:
    """Whether there is a literal in a value that may be an image, or lead to one."""
    for piece in ast.walk(node):
        match piece:
            case ast.Constant(value=str() as text):
                if ("\n" in text and "apiVersion" in text) or could_name_image(text, bare=bare):
                    return True
            case _:
                pass
    return False
