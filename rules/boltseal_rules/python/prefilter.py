"""Whether a file can hold an image at all: asked of the stdlib's parser, which is 20 times as fast."""

import ast
import re
import warnings
from collections.abc import Iterator

from boltseal_rules.python.known import Names, is_container_class
from boltseal_rules.python.names import could_name_image, keyword_trust, option_trust

_PLAUSIBLE = re.compile(
    r"(?i)image\w*[\"']?\s*[=:(,]\s*[urf]{0,2}[\"'][a-z0-9][\w./-]*:[\w.-]+[\"']"
)


def looks_like_image(text: str) -> bool:
    """Whether text that no parser reads seems to name an image: a tagged reference behind 'image'."""
    return _PLAUSIBLE.search(text) is not None


def may_hold(text: str, names: Names) -> bool | None:
    """Whether a module may name an image; None where the stdlib cannot read it.

    Raises RecursionError or MemoryError where it is nested too deeply.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    return any(_may_be(node, names) for node in ast.walk(tree))


def _may_be(node: ast.AST, names: Names) -> bool:
    return any(_is_open(value) for value in _places(node, names))


def _places(node: ast.AST, names: Names) -> Iterator[ast.AST]:
    """The expressions below a node at which an image may stand."""
    match node:
        case ast.Call():
            yield from _arguments(node, names)
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and _announces(key.value, names):
                    yield value
        case ast.Assign(value=value):
            if any(_announces(_name(target), names) for target in node.targets):
                yield value
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            if _announces(_name(target), names):
                yield value
        case ast.NamedExpr(target=target, value=value):
            if _announces(target.id, names):
                yield value
        case ast.arguments():
            yield from _defaults(node, names)
        case ast.Constant(value=str() as text):
            if "apiVersion" in text and "image" in text:
                yield node
        case _:
            pass


def _arguments(node: ast.Call, names: Names) -> Iterator[ast.AST]:
    name = _name(node.func)
    known = names.may_know(name) or is_container_class(name) or name == "__init__"
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


def _is_open(node: ast.AST) -> bool:
    """Whether a value may come out as an image: a literal that can be one, or a name."""
    for piece in ast.walk(node):
        match piece:
            case ast.Name():
                return True
            case ast.Constant(value=str() as text):
                if ("\n" in text and "apiVersion" in text) or could_name_image(text):
                    return True
            case _:
                pass
    return False
