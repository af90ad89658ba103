"""Names in workflows of GitHub Actions: from ``matrix.image`` to where its values are written.

The contexts are those of the page "Contexts reference" of GitHub's documentation.
"""

from collections.abc import Iterator
from typing import NamedTuple

from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join

_TRIGGERS = ("workflow_call", "workflow_dispatch")
_SET_IN_A_RUN = {
    "vars": "a variable of the repository's settings",
    "secrets": "a secret of the repository's settings",
    "steps": "set by a step while the workflow runs",
    "needs": "set by another job while the workflow runs",
    "github": "known only while the workflow runs",
}


class Scope(NamedTuple):
    """What a name is looked up in: the file, the job and the step that it stands in.

    ``route`` leads to the job, ``step_route`` to the step.
    """

    root: Mapping
    job: Mapping | None = None
    route: str = ""
    step: Mapping | None = None
    step_route: str = ""


class Value(NamedTuple):
    """A node that a name may stand for, the way to it, and what names in it are looked up in."""

    node: Node
    route: str
    scope: Scope


class Lookup(NamedTuple):
    """The values that a name may have, and why there may be others that cannot be seen."""

    values: tuple[Value, ...] = ()
    unseen: str = ""


def entry(node: Node | None, key: str) -> tuple[str, Node] | None:
    """The entry of a mapping, also one merged in. The letters' case is that of the file."""
    if not isinstance(node, Mapping):
        return None
    for name, value, _ in node.effective():
        if name.lower() == key.lower():
            return name, value
    return None


def child(node: Node | None, *keys: str) -> Node | None:
    """What stands under a way of keys; None where one is missing."""
    for key in keys:
        found = entry(node, key)
        node = found[1] if found else None
    return node


def look_up(scope: Scope, path: tuple[str, ...]) -> Lookup:
    """What a name may stand for. In: where it stands, and its way from a context."""
    context, *rest = path
    if path[:3] == ("github", "event", "inputs"):
        context, rest = "inputs", list(path[3:])
    if not rest:
        return Lookup((), f"'{'.'.join(path)}' is no text")
    if context == "matrix":
        return _matrix(scope, rest)
    if context == "env":
        return _variable(scope, rest[0])
    if context == "inputs":
        return _input(scope, rest[0])
    if context == "needs" and len(rest) == 3 and rest[1] == "outputs":
        return _output(scope, rest[0], rest[2])
    name = ".".join(path)
    return Lookup((), f"'{name}' is {_SET_IN_A_RUN.get(context, 'not defined in this file')}")


def _matrix(scope: Scope, path: list[str]) -> Lookup:
    """The entries of a job's matrix, those under ``include`` too. Empty where no entry has any."""
    route = join(scope.route, "strategy.matrix")
    matrix = child(scope.job, "strategy", "matrix")
    name = ".".join(("matrix", *path))
    if matrix is None:
        return Lookup((), f"'{name}' is not defined: the job has no matrix")
    if not isinstance(matrix, Mapping):
        return Lookup((), f"'{name}' comes from a matrix that is computed")
    unseen = ""
    values: list[Value] = []
    axis = entry(matrix, path[0])
    if axis:
        unseen = "" if isinstance(axis[1], Sequence) else f"'{name}' is computed"
        values += _picked(_items(axis[1], join(route, axis[0]), scope), path[1:])
    include = entry(matrix, "include")
    if include:
        if not isinstance(include[1], Sequence):
            unseen = unseen or f"'{name}' comes from a matrix that is computed"
        values += _picked(_items(include[1], join(route, include[0]), scope), path)
    return Lookup(tuple(values), unseen)


def _items(node: Node, route: str, scope: Scope) -> Iterator[Value]:
    items = node.items if isinstance(node, Sequence) else ()
    return (Value(item, f"{route}[{index}]", scope) for index, item in enumerate(items))


def _picked(values: Iterator[Value], path: list[str]) -> Iterator[Value]:
    """What stands under ``path`` in each value that has it."""
    for value in values:
        node, route = value.node, value.route
        for key in path:
            found = entry(node, key)
            if found is None:
                break
            node, route = found[1], join(route, found[0])
        else:
            yield Value(node, route, value.scope)


def _variable(scope: Scope, name: str) -> Lookup:
    """A variable of the step, the job or the workflow: the innermost counts."""
    outer = Scope(scope.root)
    of_job = outer._replace(job=scope.job, route=scope.route)
    for holder, route, around in (
        (scope.step, scope.step_route, of_job),
        (scope.job, scope.route, of_job),
        (scope.root, "", outer),
    ):
        env = entry(holder, "env")
        found = entry(env[1], name) if env else None
        if env and found:
            value = Value(found[1], join(join(route, env[0]), found[0]), around)
            return Lookup((value,))
    return Lookup((), f"'env.{name}' is not defined in this file")


def _input(scope: Scope, name: str) -> Lookup:
    """The defaults of an input: of a workflow by each of its triggers, or of an action."""
    values: list[Value] = []
    outer = Scope(scope.root)
    for route in ((), *(("on", trigger) for trigger in _TRIGGERS)):
        declared = entry(child(scope.root, *route, "inputs"), name)
        default = entry(declared[1], "default") if declared else None
        if declared and default:
            way = ".".join((*route, "inputs", declared[0], default[0]))
            values.append(Value(default[1], way, outer))
    return Lookup(tuple(values), "" if values else f"'inputs.{name}' has no default")


def _output(scope: Scope, job: str, output: str) -> Lookup:
    """What another job hands on: seen where the job writes it out."""
    found = entry(child(scope.root, "jobs"), job)
    outputs = entry(child(found[1], "outputs"), output) if found else None
    if not found or not outputs or not isinstance(found[1], Mapping):
        return Lookup((), f"'needs.{job}.outputs.{output}' is {_SET_IN_A_RUN['needs']}")
    route = f"jobs.{found[0]}"
    around = Scope(scope.root, found[1], route)
    return Lookup((Value(outputs[1], f"{route}.outputs.{outputs[0]}", around),))


def text_of(node: Node | None) -> str:
    """The text of a scalar; '' for everything else."""
    return node.value if isinstance(node, Scalar) else ""
