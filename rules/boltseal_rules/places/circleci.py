"""CircleCI: executors and jobs that run in containers, and the parameters that fill them in."""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import (
    Value,
    Variables,
    entries,
    entry,
    image_uses,
    items,
    roots,
    scalar_value,
    settled,
)
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, Site, join, sites

NAME = "circleci"
_CONFIG = re.compile(r"(?:^|/)\.circleci/(?:.*/)?[^/]+\.ya?ml$", re.IGNORECASE)
_NEEDS = ("docker",)
_PARAMETER = re.compile(
    r"<<\s*(?P<name>(?:pipeline\.)?(?:parameters|matrix)\.[A-Za-z_][\w-]*)\s*>>", re.ASCII
)
_EXECUTOR = re.compile(r"(?:^|\.)executors\.[^.]+$")


class _Call(NamedTuple):
    """Where a job or an executor is named with arguments, and the job that does it, if any."""

    route: str
    arguments: Mapping
    caller: Site | None = None


class _Calls(NamedTuple):
    """The calls of executors and of jobs, by name."""

    executors: dict[str, list[_Call]]
    jobs: dict[str, list[_Call]]

    def of(self, site: Site) -> list[_Call]:
        """The calls of what stands at ``site``."""
        called = self.executors if _EXECUTOR.search(site.route) else self.jobs
        return called.get(site.key, [])


def find(source: Source) -> Found | None:
    """The images of a configuration or of an orb's source; None where no container is in it."""
    found = roots(source, _NEEDS)
    uses = [use for root in found.mappings for use in _root_uses(source, root)]
    if not _CONFIG.search(source.path):
        return Found(guarded(source, settled(uses))) if uses else None
    return Found(guarded(source, settled(uses)), found.problems)


def _root_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    """Lists of containers stand under ``docker``, also in anchors, orbs and unpacked sources."""
    calls = _calls(root)
    for site in sites(root):
        containers = items(entry(site.mapping, "docker"))
        parameters = Variables(_PARAMETER, partial(_values, source, root, calls, site))
        for index, container in enumerate(containers):
            image = entry(container, "image")
            if isinstance(image, Scalar):
                route = join(site.route, f"docker[{index}].image")
                found = image_uses(scalar_value(source, NAME, route, image), parameters)
                yield from (use for use in found if use.reference or not site.merged)


def _calls(root: Mapping) -> _Calls:
    """The arguments that executors and jobs get; what an orb holds is known by its own name."""
    calls = _Calls({}, {})
    for site in sites(root):
        called = site.mapping.get("executor")
        name = called.get("name") if isinstance(called, Mapping) else None
        if isinstance(called, Mapping) and isinstance(name, Scalar):
            call = _Call(join(site.route, "executor"), called, site)
            calls.executors.setdefault(name.value.rpartition("/")[2], []).append(call)
    for workflow, body in entries(root.get("workflows")):
        for index, job in enumerate(items(entry(body, "jobs"))):
            for callee, arguments in entries(job):
                if isinstance(arguments, Mapping):
                    call = _Call(f"workflows.{workflow}.jobs[{index}].{callee}", arguments)
                    calls.jobs.setdefault(callee.rpartition("/")[2], []).append(call)
    return calls


def _values(source: Source, root: Mapping, calls: _Calls, site: Site, name: str) -> Iterator[Value]:
    """What a parameter may hold: its default, and what it is given where its owner is called."""
    scope, _, parameter = name.rpartition(".")
    if scope.startswith("pipeline"):
        yield from _defaults(source, "", root, parameter)
        return
    yield from _defaults(source, site.route, site.mapping, parameter)
    for call in calls.of(site):
        for route, argument in _arguments(call, parameter):
            value = scalar_value(source, NAME, route, argument)
            passed = _PARAMETER.fullmatch(value.text)
            if passed is None or call.caller is None:
                yield value
            elif not _EXECUTOR.search(call.caller.route):
                yield from _values(source, root, calls, call.caller, passed["name"])


def _defaults(source: Source, route: str, owner: Mapping, parameter: str) -> Iterator[Value]:
    default = entry(entry(entry(owner, "parameters"), parameter), "default")
    if isinstance(default, Scalar) and default.value.strip():
        yield scalar_value(source, NAME, join(route, f"parameters.{parameter}.default"), default)


def _arguments(call: _Call, parameter: str) -> Iterator[tuple[str, Scalar]]:
    given = entry(call.arguments, parameter)
    if isinstance(given, Scalar):
        yield join(call.route, parameter), given
    matrix = entry(entry(entry(call.arguments, "matrix"), "parameters"), parameter)
    for index, item in enumerate(items(matrix)):
        if isinstance(item, Scalar):
            yield join(call.route, f"matrix.parameters.{parameter}[{index}]"), item
