"""What a module holds: its scopes with what their names are bound to, and where images may stand."""

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from boltseal_rules.python.known import is_assertion
from boltseal_rules.python.syntax import Tree, children, text_of

_MAX_STEPS = 8
"""Names that are followed to other names."""


class Bound(NamedTuple):
    """What a name is bound to: a value, or each element of one (at ``position`` in it, if it is one)."""

    name: str
    value: cst.BaseExpression
    scope: "Scope"
    each: bool = False
    position: int | None = None


class Scope:
    """A module, a class or a function."""

    def __init__(
        self,
        name: str,
        parent: "Scope | None",
        *,
        is_class: bool = False,
        bases: tuple[cst.BaseExpression, ...] = (),
    ) -> None:
        self.parent: Scope | None = parent
        self.is_class = is_class
        self.bases = bases
        self.first = ""
        """The first argument of a class, as its ``__init__`` names it."""
        self.route: str = f"{parent.route}.{name}" if parent and parent.route else name
        self.bindings: dict[str, list[Bound]] = {}

    def bind(self, bound: Bound) -> None:
        """Add what a name is bound to."""
        self.bindings.setdefault(bound.name, []).append(bound)

    def lookup(self, name: str) -> list[Bound]:
        """What ``name`` may stand for here. The names of a class are not seen in its functions."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bindings and (scope is self or not scope.is_class):
                return scope.bindings[name]
            scope = scope.parent
        return []

    @property
    def owner(self) -> "Scope | None":
        """The class around."""
        scope: Scope | None = self
        while scope is not None and not scope.is_class:
            scope = scope.parent
        return scope


class Site(NamedTuple):
    """A node that may hold images, with where it stands.

    ``compared`` tells that it is only compared with something; ``key`` is the key of a dict that
    leads to it.
    """

    node: cst.CSTNode
    scope: Scope
    compared: bool = False
    key: str = ""


class Target(NamedTuple):
    """A named value: an assignment, or a parameter with its default."""

    name: str
    route: str
    value: cst.BaseExpression
    scope: Scope
    compared: bool = False


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
        self.targets: list[Target] = []
        self.followed: list[cst.CSTNode] = []
        """The names at places for images that were followed to what they stand for."""
        self._read()

    def _read(self) -> None:
        stack = [Site(self.tree.module, self.module)]
        while stack:
            site = stack.pop()
            stack += reversed(list(self._enter(site)))

    def _enter(self, site: Site) -> Iterator[Site]:
        node = site.node
        match node:
            case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()) | cst.Annotation():
                return
            case cst.FunctionDef():
                yield from self._function(node, site)
                return
            case cst.ClassDef():
                yield from self._class(node, site)
                return
            case cst.Import() | cst.ImportFrom():
                self._import(node)
                return
            case cst.Dict():
                self.dicts.append(site)
                yield from self._entries(node, site)
                return
            case cst.Call():
                self.calls.append(site)
                if is_assertion(self.dotted(node.func, site.scope)):
                    site = site._replace(compared=True)
            case cst.Assert() | cst.Comparison():
                site = site._replace(compared=True)
            case cst.SimpleString() | cst.ConcatenatedString():
                self.texts.append(site)
                return
            case _:
                self._bindings(node, site)
        yield from (site._replace(node=child, key="") for child in children(node))

    def _function(self, node: cst.FunctionDef, site: Site) -> Iterator[Site]:
        inner = Scope(node.name.value, site.scope)
        params = node.params
        if site.scope.is_class and node.name.value == "__init__":
            named = (*params.posonly_params, *params.params)
            site.scope.first = named[1].name.value if len(named) > 1 else ""
        for param in (*params.posonly_params, *params.params, *params.kwonly_params):
            if param.default is not None:
                name = param.name.value
                inner.bind(Bound(name, param.default, site.scope))
                self.targets.append(
                    Target(name, f"{inner.route}({name})", param.default, site.scope)
                )
                yield site._replace(node=param.default, key="")
        yield from (site._replace(node=it, key="") for it in node.decorators)
        yield Site(node.body, inner)

    def _class(self, node: cst.ClassDef, site: Site) -> Iterator[Site]:
        inner = Scope(
            node.name.value,
            site.scope,
            is_class=True,
            bases=tuple(base.value for base in node.bases),
        )
        self.classes[node.name.value] = inner
        yield from (site._replace(node=it, key="") for it in (*node.decorators, *node.keywords))
        yield Site(node.body, inner)

    def _entries(self, node: cst.Dict, site: Site) -> Iterator[Site]:
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                key = text_of(element.key) or ""
                yield site._replace(node=element.key, key="")
                inner = element.value
                if isinstance(inner, (cst.List, cst.Tuple)):
                    yield from (site._replace(node=it.value, key=key) for it in inner.elements)
                else:
                    yield site._replace(node=inner, key=key)
            else:
                yield site._replace(node=element.value, key=site.key)

    def _import(self, node: cst.Import | cst.ImportFrom) -> None:
        if isinstance(node, cst.Import):
            for alias in node.names:
                parts = _parts(alias.name)
                self.packages.add(parts[0])
                if alias.asname and isinstance(alias.asname.name, cst.Name):
                    self.imports[alias.asname.name.value] = parts
                else:
                    self.imports[parts[0]] = parts[:1]
            return
        package = _parts(node.module) if node.module else ()
        if node.relative:
            package = (".", *package)
        self.packages.update(package[:1])
        for alias in node.names if not isinstance(node.names, cst.ImportStar) else ():
            parts = _parts(alias.name)
            asname = alias.asname.name if alias.asname else alias.name
            if isinstance(asname, cst.Name):
                self.imports[asname.value] = (*package, *parts)

    def _bindings(self, node: cst.CSTNode, site: Site) -> None:
        match node:
            case cst.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target.target, value, site)
            case cst.AnnAssign(target=target, value=cst.BaseExpression() as value):
                self._bind(target, value, site)
            case cst.NamedExpr(target=target, value=value):
                self._bind(target, value, site)
            case cst.For(target=target, iter=value) | cst.CompFor(target=target, iter=value):
                self._bind_each(target, value, site)
            case cst.WithItem(item=value, asname=cst.AsName(name=name)):
                self._bind(name, value, site)
            case _:
                pass

    def _bind(self, target: cst.CSTNode, value: cst.BaseExpression, site: Site) -> None:
        pairs = [(target, value)]
        while pairs:
            target, value = pairs.pop()
            match target:
                case cst.Name(value=name):
                    site.scope.bind(Bound(name, value, site.scope))
                    self._target(name, name, value, site)
                case cst.Attribute(value=cst.Name(value=root), attr=cst.Name(value=name)):
                    owner = site.scope.owner
                    if root in ("self", "cls") and owner is not None:
                        owner.bind(Bound(f".{name}", value, site.scope))
                    self._target(name, f"{root}.{name}", value, site)
                case cst.Attribute(attr=cst.Name(value=name)):
                    self._target(name, f".{name}", value, site)
                case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
                    name = text_of(key) or ""
                    self._target(name, f"[{name}]", value, site)
                case cst.Tuple() | cst.List():
                    if isinstance(value, (cst.Tuple, cst.List)):
                        both = zip(target.elements, value.elements, strict=False)
                        pairs += [(one.value, other.value) for one, other in both]
                case _:
                    pass

    def _target(self, name: str, label: str, value: cst.BaseExpression, site: Site) -> None:
        route = f"{site.scope.route}.{label}" if site.scope.route else label
        self.targets.append(Target(name, route, value, site.scope, site.compared))

    def _bind_each(self, target: cst.CSTNode, value: cst.BaseExpression, site: Site) -> None:
        scope = site.scope
        if isinstance(target, cst.Name):
            scope.bind(Bound(target.value, value, scope, each=True))
        elif isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                if isinstance(element.value, cst.Name):
                    scope.bind(Bound(element.value.value, value, scope, each=True, position=index))

    def dotted(self, node: cst.CSTNode, scope: Scope) -> tuple[str, ...]:
        """The dotted name of what is called, through imports and variables.

        Calls and subscripts in it are left out: ``docker.from_env().images.pull`` is
        ``docker.from_env.images.pull``.
        """
        parts: list[str] = []
        steps = 0
        while True:
            match node:
                case cst.Attribute(value=inner, attr=cst.Name(value=name)):
                    parts.append(name)
                    node = inner
                case cst.Call(func=inner) | cst.Subscript(value=inner):
                    node = inner
                case cst.Await(expression=inner):
                    node = inner
                case cst.Name(value=name):
                    bound = scope.lookup(name)
                    if len(bound) == 1 and steps < _MAX_STEPS and _is_made(bound[0].value):
                        node, scope, steps = bound[0].value, bound[0].scope, steps + 1
                        continue
                    return (*self.imports.get(name, (name,)), *reversed(parts))
                case _:
                    return tuple(reversed(parts))


def _is_made(node: cst.CSTNode) -> bool:
    """Whether a value is what some call returns, or an attribute of another name."""
    if isinstance(node, cst.Await):
        node = node.expression
    return isinstance(node, (cst.Call, cst.Attribute))


def _parts(node: cst.CSTNode) -> tuple[str, ...]:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return tuple(reversed(parts))
