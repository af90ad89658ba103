"""The scopes of a module, with what their names are bound to."""

import ast
from typing import NamedTuple


class Bound(NamedTuple):
    """What a name is bound to: a value, or each element of one (at ``position`` in it, if it is one)."""

    name: str
    value: ast.expr
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
        bases: tuple[ast.expr, ...] = (),
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
