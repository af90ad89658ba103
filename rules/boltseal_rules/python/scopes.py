"""Where a module binds and loads its names, as the stdlib's parser tells it."""

import ast
from collections.abc import Callable, Collection
from typing import Any, ClassVar, NamedTuple

from boltseal_rules.python.syntax import everything

_MAX_BASES = 5
_MAX_ARGUMENTS = 50
_ENGINES = frozenset({"docker", "podman"})
_COMMANDS = frozenset({"tag", "rmi", "inspect"})


class Key(NamedTuple):
    """A name of a scope, or an attribute: of a class and those derived from it, or of any object."""

    scope: ast.AST | None
    name: str
    is_attribute: bool = False


class _Scope:
    """A module, a class or a function, with the names that it binds."""

    def __init__(self, node: ast.AST, parent: "_Scope | None") -> None:
        self.node = node
        self.parent = parent
        self.bound: set[str] = set()
        self.outside: set[str] = set()
        """The names that ``global`` takes from the module."""

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)


class Scopes:
    """The names of a module: their loads, and what leads from a node to the names that it is bound to."""

    def __init__(self, tree: ast.Module) -> None:
        self.parents: dict[ast.AST, ast.AST] = {}
        self.parameters: dict[ast.AST, Key] = {}
        """The parameter that a default is the value of."""
        self.texts: list[ast.Constant] = []
        self.entries: dict[ast.AST, str] = {}
        """The key of each value in a dict, if that is a text."""
        self.keys: set[ast.AST] = set()
        """The keys of dicts."""
        self.commands: set[ast.AST] = set()
        """The lists that look like the arguments of a container engine."""
        self.functions: dict[str, ast.AST] = {}
        self.module = tree
        self._module = _Scope(tree, None)
        self._scopes: dict[ast.AST, _Scope] = {}
        self._classes: dict[str, ast.ClassDef] = {}
        self._names: dict[str, list[ast.Name | ast.Attribute]] = {}
        self._loads: dict[str, dict[Key, list[ast.Name | ast.Attribute]]] = {}
        self._read(tree)

    def _read(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.AST, _Scope]] = [(tree, self._module)]
        while stack:
            node, scope = stack.pop()
            enter = self._ENTER.get(node.__class__)
            below = everything(node)
            for child in below:
                self.parents[child] = node
            inner = enter(self, node, scope) if enter is not None else None
            if inner is None:
                stack += [(child, scope) for child in below]
            else:
                outside = _outside(node)
                stack += [(child, scope if child in outside else inner) for child in below]

    def _class(self, node: ast.ClassDef, scope: _Scope) -> _Scope:
        scope.bound.add(node.name)
        self._classes[node.name] = node
        return _Scope(node, scope)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: _Scope) -> _Scope:
        scope.bound.add(node.name)
        self.functions[node.name] = node
        return self._lambda(node, scope)

    def _lambda(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: _Scope
    ) -> _Scope:
        inner = _Scope(node, scope)
        self._parameters(node.args, inner)
        return inner

    def _global(self, node: ast.Global, scope: _Scope) -> None:
        scope.outside.update(node.names)

    def _name(self, node: ast.Name, scope: _Scope) -> None:
        self._scopes[node] = scope
        self._names.setdefault(node.id, []).append(node)
        if not isinstance(node.ctx, ast.Load):
            scope.bound.add(node.id)

    def _attribute(self, node: ast.Attribute, scope: _Scope) -> None:
        self._scopes[node] = scope
        self._names.setdefault(node.attr, []).append(node)

    def _text(self, node: ast.Constant, _: _Scope) -> None:
        if isinstance(node.value, str):
            self.texts.append(node)

    def _key(self, node: ast.DictComp, _: _Scope) -> None:
        self.keys.add(node.key)

    def _list(self, node: ast.List | ast.Tuple, _: _Scope) -> None:
        if len(node.elts) < _MAX_ARGUMENTS:
            said = {it.value for it in node.elts if isinstance(it, ast.Constant)}
            if said & _ENGINES and said & _COMMANDS:
                self.commands.add(node)

    def _dict(self, node: ast.Dict, _: _Scope) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.keys.add(key)
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self.entries[value] = key.value

    def _parameters(self, args: ast.arguments, scope: _Scope) -> None:
        plain = [*args.posonlyargs, *args.args]
        scope.bound.update(it.arg for it in (*plain, *args.kwonlyargs))
        for arg, default in zip(reversed(plain), reversed(args.defaults), strict=False):
            self.parameters[default] = Key(scope.node, arg.arg)
        for arg, found in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            if found is not None:
                self.parameters[found] = Key(scope.node, arg.arg)

    def loads(self, key: Key) -> Collection[ast.Name | ast.Attribute]:
        """Every load of what ``key`` stands for; ``+=`` is one too."""
        by_key = self._loads.get(key.name)
        if by_key is None:
            by_key = self._loads[key.name] = {}
            for node in self._names.get(key.name, ()):
                if isinstance(node.ctx, ast.Load) or isinstance(self.parents[node], ast.AugAssign):
                    by_key.setdefault(self.key(node), []).append(node)
        return by_key.get(key, ())

    def key(self, node: ast.Name | ast.Attribute) -> Key:
        """What a name or an attribute stands for where it is written."""
        scope = self._scopes[node]
        if isinstance(node, ast.Name):
            return Key(self._resolved(node.id, scope).node, node.id)
        family = None
        if isinstance(node.value, ast.Name):
            root = node.value.id
            family = _class_around(scope) if root in ("self", "cls") else self._classes.get(root)
        return Key(self._family(family) if family else None, node.attr, is_attribute=True)

    def also(self, key: Key) -> tuple[Key, ...]:
        """The attributes under which other spots may read the same."""
        of_any = Key(None, key.name, is_attribute=True)
        if key.is_attribute:
            return (of_any,) if key.scope is not None else ()
        if isinstance(key.scope, ast.ClassDef):
            return (Key(self._family(key.scope), key.name, is_attribute=True), of_any)
        return ()

    def _resolved(self, name: str, start: _Scope) -> _Scope:
        scope: _Scope | None = start
        while scope is not None and name not in scope.outside:
            if name in scope.bound and (scope is start or not scope.is_class):
                return scope
            scope = scope.parent
        return self._module

    def _family(self, node: ast.ClassDef) -> ast.ClassDef:
        """The class of this file that a class is derived from in the end."""
        for _ in range(_MAX_BASES):
            bases = (
                self._classes.get(it.id)
                for it in node.bases[:_MAX_BASES]
                if isinstance(it, ast.Name)
            )
            base = next((it for it in bases if it is not None), None)
            if base is None:
                break
            node = base
        return node

    _ENTER: ClassVar[dict[type[ast.AST], Callable[["Scopes", Any, _Scope], _Scope | None]]] = {
        ast.AsyncFunctionDef: _function,
        ast.Attribute: _attribute,
        ast.ClassDef: _class,
        ast.Constant: _text,
        ast.Dict: _dict,
        ast.DictComp: _key,
        ast.FunctionDef: _function,
        ast.Global: _global,
        ast.Lambda: _lambda,
        ast.List: _list,
        ast.Name: _name,
        ast.Tuple: _list,
    }


def _outside(node: ast.AST) -> frozenset[ast.AST]:
    """The nodes below a function or a class that are read in the scope around it."""
    match node:
        case ast.ClassDef():
            return frozenset((*node.decorator_list, *node.bases, *node.keywords))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return frozenset(node.decorator_list)
    return frozenset()


def _class_around(scope: _Scope | None) -> ast.ClassDef | None:
    while scope is not None:
        if isinstance(scope.node, ast.ClassDef):
            return scope.node
        scope = scope.parent
    return None
