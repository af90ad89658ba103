"""What becomes of a value where it is read: names that hold it then, or something that a digest breaks."""

import ast
import re
from typing import NamedTuple

from boltseal_rules.python.known import is_assertion
from boltseal_rules.python.names import keyword_trust
from boltseal_rules.python.scopes import Key, Scopes

_MAX_CLIMB = 100
_MESSAGES = frozenset(
    {
        "print",
        "echo",
        "secho",
        "log",
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "skip",
        "fail",
        "xfail",
    }
)
_LOGGER = re.compile(r"(?i)\w*log(?:ger|ging)?\w*|console|warnings|click|typer|pytest")
_HARMLESS = frozenset({"bool", "callable", "hasattr", "id", "isinstance", "len", "type"})
_SAME = frozenset(
    {
        "chain",
        "dict",
        "enumerate",
        "frozenset",
        "iter",
        "list",
        "reversed",
        "set",
        "sorted",
        "str",
        "tuple",
        "zip",
        "Field",
        "field",
        "attrib",
        "ib",
        "Parameter",
        "Option",
        "Argument",
        "Query",
    }
)
_CUTS = frozenset({"endswith", "replace", "removesuffix"})
_LOCAL = frozenset({"get", "remove", "tag", "list", "prune"})
_FALLBACKS = frozenset({"get", "getenv", "setdefault", "getattr", "getoption"})
_MAX_KEYS = 50


class Fate(NamedTuple):
    """The names that a value goes to, or what is done with it. Only if ``strong`` it is a text for sure."""

    keys: tuple[Key, ...] = ()
    deed: str = ""
    strong: bool = False


_NOTHING = Fate()
_COMPARED = Fate(deed="compares it", strong=True)
_LOOKED_UP = Fate(deed="looks something up with it", strong=True)
_IN_TEXT = Fate(deed="puts another text together with it", strong=True)
_TAKEN_APART = Fate(deed="takes it apart", strong=True)
_PASSED_ON = Fate(deed="passes it on")


def fate(scopes: Scopes, node: ast.AST) -> Fate:
    """What becomes of the value of ``node``."""
    keys: tuple[Key, ...] = ()
    in_text = placed = False
    for _ in range(_MAX_CLIMB):
        up = scopes.parents.get(node)
        if up is None or _is_message(up, node):
            return Fate(keys)
        ended = _deed(scopes, up, node)
        if ended is None:
            placed = placed or _is_place(scopes, up, node)
            node, in_text = up, in_text or _makes_text(up)
            if isinstance(up, ast.NamedExpr):
                keys += _bound(scopes, up.target)
            continue
        if placed:
            return Fate(keys) if ended is not _COMPARED else ended
        if in_text:
            return _IN_TEXT._replace(keys=keys)
        if isinstance(up, ast.arguments):
            return Fate((*keys, scopes.parameters[node]))
        return ended._replace(keys=(*keys, *_targets(scopes, up, node)))
    return _PASSED_ON


def _is_message(up: ast.AST, node: ast.AST) -> bool:
    """Whether a value ends in something that people read."""
    match up:
        case ast.Call(func=ast.Name(id=name)) if node is not up.func:
            return name in _MESSAGES
        case ast.Call(func=ast.Attribute(attr=name, value=value)) if node is not up.func:
            root = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
            return name in _MESSAGES and _LOGGER.fullmatch(root) is not None
        case ast.Raise():
            return True
        case ast.Assert(msg=msg):
            return node is msg
    return False


def _is_place(scopes: Scopes, up: ast.AST, node: ast.AST) -> bool:
    """Whether a value is that of an argument or a key that is named after an image."""
    name = up.arg if isinstance(up, ast.keyword) else scopes.entries.get(node)
    return name is not None and bool(keyword_trust(name))


def _makes_text(up: ast.AST) -> bool:
    match up:
        case ast.JoinedStr() | ast.BinOp() | ast.AugAssign():
            return True
        case ast.Call(func=ast.Attribute(attr=name, value=ast.Constant())):
            return name in ("format", "join")
    return False


def _deed(scopes: Scopes, up: ast.AST, node: ast.AST) -> Fate | None:
    """What is done with a value; None where the node above has the same value."""
    match up:
        case ast.Call():
            return _call(up, node)
        case ast.Attribute(attr=name):
            if name in ("get", "items", "values"):
                return None
            return _TAKEN_APART if hasattr(str, name) else _NOTHING
        case ast.Compare(ops=ops, comparators=others):
            is_none = isinstance(others[0], ast.Constant) and others[0].value is None
            harmless = is_none or isinstance(ops[0], (ast.Is, ast.IsNot))
            return _NOTHING if len(ops) == 1 and harmless else _COMPARED
        case ast.Match() | ast.MatchValue():
            return _COMPARED
        case ast.Dict():
            return _LOOKED_UP if node in scopes.keys else None
        case ast.DictComp():
            return _LOOKED_UP if node is up.key else None
        case ast.Subscript():
            if node is up.slice:
                return _LOOKED_UP
            return _TAKEN_APART if isinstance(up.slice, ast.Slice) else None
        case ast.IfExp():
            return _NOTHING if node is up.test else None
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return None
        case ast.BinOp():
            return _IN_TEXT
        case ast.Return() | ast.Lambda() | ast.Yield() | ast.YieldFrom():
            return Fate(deed="returns it")
        case (
            ast.BoolOp()
            | ast.NamedExpr()
            | ast.Await()
            | ast.Starred()
            | ast.List()
            | ast.Tuple()
            | ast.Set()
            | ast.ListComp()
            | ast.SetComp()
            | ast.GeneratorExp()
            | ast.keyword()
            | ast.FormattedValue()
            | ast.JoinedStr()
        ):
            return None
    return _NOTHING


def _call(up: ast.Call, node: ast.AST) -> Fate | None:
    callee = up.func
    name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
    if node is callee:
        return None if name in ("get", "items", "values") else _NOTHING
    if is_assertion((name,)):
        return _COMPARED
    if name in _HARMLESS:
        return _NOTHING
    if name in _FALLBACKS and up.args and node is not up.args[0]:
        return None
    if name in _SAME or _makes_text(up):
        return None
    if name in _CUTS or (isinstance(callee, ast.Attribute) and _is_module(callee, "re")):
        return _COMPARED
    return _PASSED_ON


def _is_module(callee: ast.Attribute, name: str) -> bool:
    return isinstance(callee.value, ast.Name) and callee.value.id == name


def _targets(scopes: Scopes, up: ast.AST, node: ast.AST) -> tuple[Key, ...]:
    """The names that a statement binds to a value."""
    match up:
        case ast.Assign(targets=targets):
            return tuple(key for target in targets for key in _bound(scopes, target))
        case ast.AnnAssign(target=target) if node is up.value:
            return _bound(scopes, target)
        case (
            ast.For(target=target) | ast.AsyncFor(target=target) | ast.comprehension(target=target)
        ):
            return _bound(scopes, target)
    return ()


def _bound(scopes: Scopes, target: ast.expr) -> tuple[Key, ...]:
    stack: list[ast.expr] = [target]
    found: list[Key] = []
    while stack and len(found) < _MAX_KEYS:
        one = stack.pop()
        if isinstance(one, (ast.Name, ast.Attribute)):
            found.append(scopes.key(one))
        elif isinstance(one, (ast.Tuple, ast.List)):
            stack += one.elts
    return tuple(found)


def literal_deed(scopes: Scopes, node: ast.AST) -> str:
    """What is done with a literal that needs it letter by letter; '' if nothing is."""
    for _ in range(_MAX_CLIMB):
        up = scopes.parents.get(node)
        match up:
            case ast.List() | ast.Tuple() | ast.Set() | ast.keyword():
                if up in scopes.commands:
                    return "asks for it by name"
            case ast.Dict() if node not in scopes.keys:
                pass
            case ast.Call(func=ast.Attribute(attr=name, value=value)) if (
                name in _LOCAL and _last(value) in ("images", "containers")
            ) or name in ("inspect_image", "remove_image"):
                return "asks for it by name"
            case ast.Call(func=func) if _last(func)[:1].isupper() or _last(func) == "call":
                pass
            case None:
                return ""
            case _:
                ended = _deed(scopes, up, node)
                return ended.deed if ended is not None and ended.strong else ""
        node = up
    return ""


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
