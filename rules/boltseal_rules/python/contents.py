"""What a module holds: what its names are bound to, and the nodes at which images may stand."""

import ast
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from boltseal_rules.python.bindings import Bound, Scope
from boltseal_rules.python.known import is_assertion
from boltseal_rules.python.syntax import LEAVES, Piece, Tree, children, elements, text_of, unstarred

_MAX_STEPS = 8
"""Names that are followed to other names."""


Site = tuple[Any, Scope, bool, str]
"""A node that may hold images, with where it stands: the scope, whether it is only compared with
something, and the key of a dict that leads to it. There are too many for a class.
"""


class Target(NamedTuple):
    """A named value: an assignment, or a parameter with its default."""

    name: str
    route: str
    value: ast.expr
    scope: Scope
    compared: bool = False


def _below(site: Site) -> list[Site]:
    node, scope, compared, _ = site
    return [(it, scope, compared, "") for it in children(node)]


def _owner(node: ast.expr) -> ast.expr:
    """What an attribute of an attribute is one of."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _compared(_: object, site: Site) -> list[Site]:
    node, scope, _, _ = site
    return [(it, scope, True, "") for it in children(node)]


def _without_text(_: object, site: Site) -> list[Site]:
    """A string as a statement is documentation, and one in an f-string a piece of that."""
    return [it for it in _below(site) if not isinstance(it[0], ast.Constant)]


class Contents:
    """Everything in a module that matters here."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.module = Scope("", None)
        self.imports: dict[str, tuple[str, ...]] = {}
        self.packages: set[str] = set()
        self.classes: dict[str, Scope] = {}
        self.calls: list[Site] = []
        self.dicts: list[Site] = []
        self.texts: list[Site] = []
        """The strings that hold a manifest."""
        self.targets: list[Target] = []
        self.followed: set[ast.AST] = set()
        """The names at places for images that were followed to what they stand for."""
        self.strings: dict[ast.AST, list[Piece]] = {}
        """The pieces of the strings that were taken apart."""
        self._read()

    def _read(self) -> None:
        stack: list[Site] = [(self.tree.module, self.module, False, "")]
        while stack:
            site = stack.pop()
            enter = self._ENTER.get(site[0].__class__)
            below = enter(self, site) if enter is not None else _below(site)
            stack += below[::-1]

    def _function(self, site: Site) -> list[Site]:
        node, scope, compared, _ = site
        args: ast.arguments = node.args
        inner = Scope(node.name, scope)
        plain = [*args.posonlyargs, *args.args]
        if scope.is_class and node.name == "__init__":
            scope.first = plain[1].arg if len(plain) > 1 else ""
        given = zip(plain[len(plain) - len(args.defaults) :], args.defaults, strict=True)
        below: list[ast.expr] = []
        for param, default in (*given, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
            if default is not None:
                name = param.arg
                inner.bind(Bound(name, default, scope))
                self.targets.append(Target(name, f"{inner.route}({name})", default, scope))
                below.append(default)
        below += node.decorator_list
        found: list[Site] = [(it, scope, compared, "") for it in below]
        return found + [(it, inner, False, "") for it in node.body]

    def _class(self, site: Site) -> list[Site]:
        node, scope, compared, _ = site
        bases = tuple(unstarred(base) for base in node.bases)
        inner = self.classes[node.name] = Scope(node.name, scope, is_class=True, bases=bases)
        below = (*node.decorator_list, *node.keywords)
        found: list[Site] = [(it, scope, compared, "") for it in below]
        return found + [(it, inner, False, "") for it in node.body]

    def _dict(self, site: Site) -> list[Site]:
        node, scope, compared, outer = site
        self.dicts.append(site)
        below: list[Site] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                below.append((value, scope, compared, outer))
                continue
            name = text_of(key) or ""
            below.append((key, scope, compared, ""))
            inner = elements(value) if isinstance(value, (ast.List, ast.Tuple)) else [value]
            below += [(it, scope, compared, name) for it in inner]
        return below

    def _call(self, site: Site) -> list[Site]:
        node, scope, compared, _ = site
        self.calls.append(site)
        compared = compared or is_assertion((self.last(node.func, scope),))
        called = _owner(node.func)
        below = [called, *node.args, *[it.value for it in node.keywords]]
        return [(it, scope, compared, "") for it in below if it.__class__ not in LEAVES]

    def _text(self, site: Site) -> list[Site]:
        text = site[0].value
        if isinstance(text, str) and "apiVersion" in text and "image" in text:
            self.texts.append(site)
        return []

    def _import(self, site: Site) -> list[Site]:
        for alias in site[0].names:
            parts = tuple(alias.name.split("."))
            self.packages.add(parts[0])
            if alias.asname:
                self.imports[alias.asname] = parts
            else:
                self.imports[parts[0]] = parts[:1]
        return []

    def _import_from(self, site: Site) -> list[Site]:
        node: ast.ImportFrom = site[0]
        package = tuple(node.module.split(".")) if node.module else ()
        if node.level:
            package = (".", *package)
        self.packages.update(package[:1])
        for alias in node.names:
            self.imports[alias.asname or alias.name] = (*package, alias.name)
        return []

    def _assign(self, site: Site) -> list[Site]:
        node = site[0]
        for target in node.targets:
            self._bind(target, node.value, site)
        return _below(site)

    def _bind_one(self, site: Site) -> list[Site]:
        node = site[0]
        if node.value is not None:
            self._bind(node.target, node.value, site)
        return _below(site)

    def _with(self, site: Site) -> list[Site]:
        node = site[0]
        if node.optional_vars is not None:
            self._bind(node.optional_vars, node.context_expr, site)
        return _below(site)

    def _bind(self, target: ast.expr, value: ast.expr, site: Site) -> None:
        _, scope, compared, _ = site
        pairs = [(target, value)]
        while pairs:
            target, value = pairs.pop()
            match target:
                case ast.Name(id=name):
                    scope.bind(Bound(name, value, scope))
                    self._target(name, name, value, scope, compared=compared)
                case ast.Attribute(value=ast.Name(id=root), attr=name):
                    owner = scope.owner
                    if root in ("self", "cls") and owner is not None:
                        owner.bind(Bound(f".{name}", value, scope))
                    self._target(name, f"{root}.{name}", value, scope, compared=compared)
                case ast.Attribute(attr=name):
                    self._target(name, f".{name}", value, scope, compared=compared)
                case ast.Subscript(slice=ast.Constant(value=str() as name)):
                    self._target(name, f"[{name}]", value, scope, compared=compared)
                case ast.Tuple() | ast.List():
                    if isinstance(value, (ast.Tuple, ast.List)):
                        pairs += zip(elements(target), elements(value), strict=False)
                case _:
                    pass

    def _target(
        self, name: str, label: str, value: ast.expr, scope: Scope, *, compared: bool
    ) -> None:
        route = f"{scope.route}.{label}" if scope.route else label
        self.targets.append(Target(name, route, value, scope, compared))

    def _bind_each(self, site: Site) -> list[Site]:
        node, scope, _, _ = site
        target, value = node.target, node.iter
        if isinstance(target, ast.Name):
            scope.bind(Bound(target.id, value, scope, each=True))
        elif isinstance(target, (ast.Tuple, ast.List)):
            for index, element in enumerate(elements(target)):
                if isinstance(element, ast.Name):
                    scope.bind(Bound(element.id, value, scope, each=True, position=index))
        return _below(site)

    def last(self, node: ast.expr, scope: Scope) -> str:
        """The last part of the dotted name of what is called."""
        if isinstance(node, ast.Attribute):
            return node.attr
        if isinstance(node, ast.Name) and node.id not in self.imports and not scope.lookup(node.id):
            return node.id
        return "".join(self.dotted(node, scope)[-1:])

    def dotted(self, node: ast.expr, scope: Scope) -> tuple[str, ...]:
        """The dotted name of what is called, through imports and variables.

        Calls and subscripts in it are left out: ``docker.from_env().images.pull`` is
        ``docker.from_env.images.pull``.
        """
        parts: list[str] = []
        steps = 0
        while True:
            match node:
                case ast.Attribute(value=inner, attr=name):
                    parts.append(name)
                    node = inner
                case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
                    node = inner
                case ast.Name(id=name):
                    bound = scope.lookup(name)
                    if len(bound) == 1 and steps < _MAX_STEPS and _is_made(bound[0].value):
                        node, scope, steps = bound[0].value, bound[0].scope, steps + 1
                        continue
                    return (*self.imports.get(name, (name,)), *reversed(parts))
                case _:
                    return tuple(reversed(parts))

    _ENTER: ClassVar[dict[type[ast.AST], Callable[["Contents", Site], list[Site]]]] = {
        ast.AnnAssign: _bind_one,
        ast.Assert: _compared,
        ast.Assign: _assign,
        ast.AsyncFor: _bind_each,
        ast.AsyncFunctionDef: _function,
        ast.Call: _call,
        ast.ClassDef: _class,
        ast.Compare: _compared,
        ast.Constant: _text,
        ast.Dict: _dict,
        ast.Expr: _without_text,
        ast.For: _bind_each,
        ast.FunctionDef: _function,
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.JoinedStr: _without_text,
        ast.NamedExpr: _bind_one,
        ast.comprehension: _bind_each,
        ast.withitem: _with,
        # Strings that are templates are new in Python 3.14.
        getattr(ast, "TemplateStr", ast.JoinedStr): _without_text,
    }


def _is_made(node: ast.expr) -> bool:
    """Whether a value is what some call returns, or an attribute of another name."""
    if isinstance(node, ast.Await):
        node = node.value
    return isinstance(node, (ast.Call, ast.Attribute))
