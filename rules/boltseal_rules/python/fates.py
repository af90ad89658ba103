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
_BY_NAME = frozenset({"inspect_image", "remove_image"})
_RUNS = frozenset({"create_container", "pull", "pull_image", "run_container"})
_FALLBACKS = frozenset({"get", "getenv", "setdefault", "getattr", "getoption"})
_MAX_KEYS = 50


class Fate(NamedTuple):
    """The names that a value goes to, or what is done with it. Only if ``strong`` it is a text for sure."""

    keys: tuple[Key, ...] = ()
    deed: str = ""
    strong: bool = False
    given: tuple[Key, ...] = ()
    """The parameters and options that it is given to: what they pass on is an image."""


_NOTHING = Fate()
_COMPARED = Fate(deed="compares it", strong=True)
LOOKED_UP = "looks something up with it"
_LOOKED_UP = Fate(deed=LOOKED_UP, strong=True)
_IN_TEXT = Fate(deed="puts another text together with it", strong=True)
_TAKEN_APART = Fate(deed="takes it apart", strong=True)
_PASSED_ON = Fate(deed="passes it on")
_STORED = Fate(deed="stores it")
_RETURNED = Fate(deed="returns it")
_VIEWS = ("get", "items", "values")
_HOLDS = (
    ast.BoolOp,
    ast.NamedExpr,
    ast.Await,
    ast.Starred,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.ListComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.keyword,
    ast.FormattedValue,
    ast.JoinedStr,
)


def fate(scopes: Scopes, node: ast.AST) -> Fate:
    """What becomes of the value of ``node``."""
    keys: tuple[Key, ...] = ()
    in_text = placed = False
    for _ in range(_MAX_CLIMB):
        up = scopes.parents.get(node)
        if up is None or _is_message(scopes, up, node):
            return Fate(keys)
        ended = _deed(scopes, up, node)
        if ended is None:
            placed = placed or _is_place(scopes, up, node)
            node, in_text = up, in_text or _makes_text(up)
            if isinstance(up, ast.NamedExpr):
                keys += _bound(scopes, up.target)
            continue
        if placed:
            return ended if ended is _COMPARED else Fate(keys, given=_given(scopes, up, node))
        if in_text:
            return _IN_TEXT._replace(keys=keys)
        if isinstance(up, ast.arguments):
            return Fate((*keys, scopes.parameters[node]))
        found = (*keys, *_targets(scopes, up, node))
        return ended._replace(keys=found, given=_given(scopes, up, node))
    return _PASSED_ON


def _is_message(scopes: Scopes, up: ast.AST, node: ast.AST) -> bool:
    """Whether a value ends in something that people read."""
    match up:
        case ast.Call() if isinstance(scopes.parents.get(up), ast.Raise):
            return True
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
        case ast.JoinedStr() | ast.BinOp():
            return True
        case ast.Call(func=ast.Attribute(attr=name, value=ast.Constant())):
            return name in ("format", "join")
    return False


def _deed(scopes: Scopes, up: ast.AST, node: ast.AST) -> Fate | None:
    """What is done with a value; None where the node above has the same value."""
    if isinstance(up, _HOLDS):
        return None
    if isinstance(up, ast.Call):
        return _call(up, node)
    if isinstance(up, (ast.Compare, ast.Match, ast.MatchValue)):
        return _NOTHING if _asks_for_none(up) else _COMPARED
    if isinstance(up, (ast.Return, ast.Lambda, ast.Yield, ast.YieldFrom)):
        return _RETURNED
    return _part(scopes, up, node)


def _part(scopes: Scopes, up: ast.AST, node: ast.AST) -> Fate | None:
    """The same for nodes in which it matters where the value stands."""
    match up:
        case ast.Attribute(attr=name) if name not in _VIEWS:
            return _TAKEN_APART if hasattr(str, name) else _NOTHING
        case ast.Subscript(slice=key) if node is not key:
            return _TAKEN_APART if isinstance(key, ast.Slice) else None
        case ast.Dict() | ast.DictComp() | ast.Subscript():
            is_key = node in scopes.keys or isinstance(up, ast.Subscript)
            return _LOOKED_UP if is_key else None
        case ast.AugAssign():
            return _IN_TEXT
        case ast.Assign(targets=[*_, ast.Subscript()]):
            return _STORED
        case ast.BinOp(op=op):
            return None if isinstance(op, (ast.Add, ast.Mod)) else _IN_TEXT
        case ast.IfExp(test=test) if node is test:
            return _NOTHING
        case ast.IfExp() | ast.Attribute():
            return None
    return _NOTHING


def _asks_for_none(up: ast.AST) -> bool:
    match up:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()]):
            return True
        case ast.Compare(ops=[_], comparators=[ast.Constant(value=None)]):
            return True
    return False


def _call(up: ast.Call, node: ast.AST) -> Fate | None:
    name = _last(up.func)
    if node is up.func:
        return None if name in _VIEWS else _NOTHING
    is_fallback = name in _FALLBACKS and bool(up.args) and node is not up.args[0]
    if name in _SAME or is_fallback or _makes_text(up):
        return None
    if name in _HARMLESS or name in _RUNS:
        return _NOTHING
    by_pattern = isinstance(up.func, ast.Attribute) and _last(up.func.value) == "re"
    return _COMPARED if name in _CUTS or by_pattern or is_assertion((name,)) else _PASSED_ON


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


def _given(scopes: Scopes, up: ast.AST, node: ast.AST) -> tuple[Key, ...]:
    """The parameter of a function of this file, or the attribute under which an option is read."""
    if not isinstance(up, ast.Call) or not isinstance(node, ast.keyword) or not node.arg:
        return ()
    if node.arg == "default" and _last(up.func) == "add_argument":
        names = (it.value for it in up.args[:3] if isinstance(it, ast.Constant))
        long = [it for it in names if isinstance(it, str) and it.startswith("--")]
        return tuple(Key(None, it[2:].replace("-", "_"), is_attribute=True) for it in long)
    function = scopes.functions.get(_last(up.func))
    return (Key(function, node.arg),) if function is not None else ()


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


def literal_deed(scopes: Scopes, literal: ast.Constant) -> str:
    """What is done with a literal that needs it letter by letter; '' if nothing is."""
    node: ast.AST = literal
    for _ in range(_MAX_CLIMB):
        up = scopes.parents.get(node)
        if up is None:
            return ""
        if up in scopes.commands or _is_local(up):
            return "asks for it by name"
        if not _is_inside(scopes, up, node):
            ended = _deed(scopes, up, node)
            breaks = ended is _COMPARED or (ended is _LOOKED_UP and node is literal)
            return ended.deed if ended is not None and breaks else ""
        node = up
    return ""


def _is_local(up: ast.AST) -> bool:
    """Whether a call asks for an image by the name under which it was pulled."""
    if not isinstance(up, ast.Call) or not isinstance(up.func, ast.Attribute):
        return False
    name, owner = up.func.attr, _last(up.func.value)
    return name in _BY_NAME or (name in _LOCAL and owner in ("images", "containers"))


def _is_inside(scopes: Scopes, up: ast.AST, node: ast.AST) -> bool:
    """Whether a literal is a part of a value that is put together: a list, a dict, an object."""
    match up:
        case ast.List() | ast.Tuple() | ast.Set() | ast.keyword():
            return True
        case ast.Dict():
            return node not in scopes.keys
        case ast.Call(func=func) if node is not func:
            return _last(func)[:1].isupper() or _last(func) == "call"
    return False


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
