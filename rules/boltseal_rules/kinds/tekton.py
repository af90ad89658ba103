"""Tekton: steps, sidecars and bundles, and the parameters that fill in images.

A parameter is followed as https://tekton.dev/docs/pipelines/taskruns/ says: a value that is given
wins over a default, and an embedded task sees the parameters of what embeds it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, Sequence, documents, join, sites
from boltseal_rules.kubernetes.kind import NEEDS, Kind, object_type
from boltseal_rules.kubernetes.manifest import object_uses, objects
from boltseal_rules.kubernetes.parameters import (
    Filled,
    Origin,
    Parameters,
    filled_uses,
    joined,
    value_use,
)
from boltseal_rules.literal import scalar_use
from boltseal_rules.mentions import guarded
from boltseal_rules.text_use import distinct

_PARAMETER = re.compile(
    r"\$\((?:inputs\.)?params(?:\.(?P<name>[\w.-]+)|\[[\"'](?P<quoted>[^\"'\]]+)[\"']\])\)"
)
_TASKS = ("Task", "ClusterTask", "StepAction")
_REFERENCES = ("taskRef", "pipelineRef", "ref")
_COMPUTED = Opaque(
    "Tekton fills it in when it runs", "pin it where the value comes from, or write it out"
)


class _Scope(NamedTuple):
    """A task or a pipeline: where it stands, what it declares, what it is given, what embeds it."""

    route: str
    spec: Mapping
    declared: Parameters
    given: tuple[Parameters, ...] = ()
    outer: "_Scope | None" = None


class _Call(NamedTuple):
    """Parameters given to a task or a pipeline of the same file."""

    callee: str
    name: str
    scope: _Scope


def _uses(source: Source, place: str, root: Mapping) -> tuple[ImageUse, ...]:
    found = object_uses(source, place, root)
    scopes = {scope.route: scope for scope in _scopes(root)}

    def filled(use: ImageUse) -> list[Filled] | None:
        if "$(" not in use.text:
            return None
        scope = next((scopes[it] for it in _above(use.route) if it in scopes), None)
        return _filled(scope, use.text) if scope else []

    uses = filled_uses(source, place, found, filled)
    passed = _passed_uses(source, place, root)
    bundles = _bundle_uses(source, place, root)
    return tuple(map(guarded, distinct(joined((*uses, *passed, *bundles)))))


def _above(route: str) -> Iterator[str]:
    """The routes that lead to a route, the longest first."""
    end = route.rfind(".")
    while end > 0:
        yield route[:end]
        end = route.rfind(".", 0, end)


def _filled(scope: _Scope, text: str) -> list[Filled]:
    """What a text becomes in a scope; nothing where a parameter has no value in the file."""
    whole = _PARAMETER.fullmatch(text)
    if whole:
        origins = _values(scope, _name(whole))
        return [Filled(origin.text, (origin,)) for origin in origins if "$(" not in origin.text]
    origins, parts, at = [], [], 0
    for match in _PARAMETER.finditer(text):
        values = _values(scope, _name(match))
        if len(values) != 1:
            return []
        origins += values
        parts += [text[at : match.start()], values[0].text]
        at = match.end()
    result = "".join((*parts, text[at:]))
    return [] if "$(" in result else [Filled(result, tuple(origins))]


def _name(match: re.Match[str]) -> str:
    return match["name"] or match["quoted"]


def _values(scope: _Scope, name: str) -> list[Origin]:
    """Where the values of a parameter are written: what is given, else the default, else outside."""
    given = [it for parameters in scope.given for it in parameters.values(name, "value")]
    if given:
        return [origin for value in given for origin in _traced(scope.outer, value)]
    default = list(scope.declared.values(name, "default"))
    if default or scope.outer is None:
        return default
    return _values(scope.outer, name)


def _traced(outer: _Scope | None, value: Origin) -> list[Origin]:
    """A value, or those of the parameter that it passes on."""
    passed = _PARAMETER.fullmatch(value.text)
    return _values(outer, _name(passed)) if passed and outer else [value]


def _scopes(root: Mapping) -> Iterator[_Scope]:
    """The tasks and pipelines that are written out in an object."""
    spec = _mapping(root, "spec")
    kind = object_type(root).kind
    if spec is None:
        return
    given = (_parameters("spec", spec),)
    if kind in _TASKS:
        yield _scope("spec", spec)
    elif kind == "Pipeline":
        yield from _pipeline(_scope("spec", spec))
    elif kind == "TaskRun" and (task := _mapping(spec, "taskSpec")):
        yield _scope("spec.taskSpec", task, given)
    elif kind == "PipelineRun" and (pipeline := _mapping(spec, "pipelineSpec")):
        yield from _pipeline(_scope("spec.pipelineSpec", pipeline, given))


def _scope(
    route: str, spec: Mapping, given: tuple[Parameters, ...] = (), outer: _Scope | None = None
) -> _Scope:
    return _Scope(route, spec, _parameters(route, spec), given, outer)


def _pipeline(scope: _Scope) -> Iterator[_Scope]:
    yield scope
    for route, task in _pipeline_tasks(scope):
        spec = _mapping(task, "taskSpec")
        if spec:
            yield _scope(f"{route}.taskSpec", spec, _task_given(route, task), scope)


def _pipeline_tasks(scope: _Scope) -> Iterator[tuple[str, Mapping]]:
    for key in ("tasks", "finally"):
        tasks = scope.spec.get(key)
        for index, task in enumerate(tasks.items if isinstance(tasks, Sequence) else ()):
            if isinstance(task, Mapping):
                yield f"{scope.route}.{key}[{index}]", task


def _task_given(route: str, task: Mapping) -> tuple[Parameters, ...]:
    matrix = _mapping(task, "matrix")
    return _parameters(route, task), _parameters(f"{route}.matrix", matrix)


def _calls(root: Mapping) -> Iterator[_Call]:
    """The tasks and pipelines that an object names, with the parameters it gives them."""
    spec = _mapping(root, "spec")
    if spec is None:
        return
    given = (_parameters("spec", spec),)
    for key, kind in (("taskRef", "Task"), ("pipelineRef", "Pipeline")):
        name = _text(_mapping(spec, key), "name")
        if name:
            yield _Call(kind, name, _scope("spec", spec, given))
    for scope in _scopes(root):
        for route, task in _pipeline_tasks(scope):
            name = _text(_mapping(task, "taskRef"), "name")
            if name:
                yield _Call("Task", name, _scope(route, task, _task_given(route, task), scope))


def _passed_uses(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    """The values that an object passes to the images of tasks in the same file."""
    calls = list(_calls(root))
    callees = {_called(item): item for item in _neighbours(source)} if calls else {}
    for call in calls:
        callee = callees.get((call.callee, call.name))
        for name, use in _image_parameters(source, place, callee) if callee else ():
            given = call.scope._replace(declared=Parameters("", None))
            for origin in _values(given, name):
                passed = value_use(source, place, Filled(origin.text, (origin,)), use)
                if passed and "$(" not in origin.text:
                    yield passed


def _neighbours(source: Source) -> Iterator[Mapping]:
    for document in documents(source, NEEDS):
        if isinstance(document.root, Mapping):
            yield from (item for _, item in objects(document.root))


def _called(item: Mapping) -> tuple[str, str]:
    kind = object_type(item).kind
    return "Task" if kind == "ClusterTask" else kind, _text(_mapping(item, "metadata"), "name")


def _image_parameters(
    source: Source, place: str, callee: Mapping
) -> Iterator[tuple[str, ImageUse]]:
    """The parameters of a task that make up the whole of an image, directly."""
    for use in object_uses(source, place, callee):
        whole = _PARAMETER.fullmatch(use.text)
        if whole and object_type(callee).kind in _TASKS:
            yield _name(whole), use


def _bundle_uses(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    """Bundles: tasks and pipelines that are fetched from a registry."""
    for site in sites(root):
        if site.key not in _REFERENCES:
            continue
        origins = []
        bundle = site.mapping.get("bundle")
        if isinstance(bundle, Scalar):
            origins.append(Origin(join(site.route, "bundle"), bundle))
        if _text(site.mapping, "resolver") == "bundles":
            origins += _parameters(site.route, site.mapping).values("bundle", "value")
        for origin in origins:
            use = scalar_use(source, place, origin.route, origin.scalar)
            if use and "$(" in use.text:
                use = use._replace(reference=None, spelling=_COMPUTED)
            if use:
                yield use._replace(artifact=True)


def _parameters(route: str, node: Mapping | None) -> Parameters:
    return Parameters(join(route, "params"), node.get("params") if node else None)


def _mapping(node: Mapping, key: str) -> Mapping | None:
    value = node.get(key)
    return value if isinstance(value, Mapping) else None


def _text(node: Mapping | None, key: str) -> str:
    value = node.get(key) if node else None
    return value.value if isinstance(value, Scalar) else ""


KIND = Kind(
    "tekton",
    _uses,
)
