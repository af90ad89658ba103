"""Argo Workflows: containers of templates, and the parameters and loop items that fill them in.

Rules are those of https://argo-workflows.readthedocs.io/en/latest/variables/: an argument that is
passed wins over an input's own value, and the workflow's arguments are those of its entrypoint.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join
from boltseal_rules.kubernetes.kind import Kind, object_type
from boltseal_rules.kubernetes.manifest import object_uses
from boltseal_rules.kubernetes.parameters import Filled, Origin, Parameters, filled_uses
from boltseal_rules.mentions import guarded

_EXPRESSION = re.compile(
    r"\{\{[ \t]*(?:(?P<scope>inputs|workflow)\.parameters\.(?P<name>[\w.-]+)"
    r"|item(?:\.(?P<field>[\w-]+))?)[ \t]*\}\}"
)
_MAX_DEPTH = 8
"""Calls through which a value is followed."""
_MAX_VALUES = 500
"""Values beyond which no more are looked for: a call can fan out at every level."""


class _Call(NamedTuple):
    """A step: the template it is in, the arguments it passes, what it loops over."""

    caller: str
    route: str
    arguments: Node | None
    items: tuple[tuple[str, Node], ...] = ()


class _Item(NamedTuple):
    """One item of a loop."""

    route: str
    node: Node


class _Workflow:
    """The templates of one workflow and who calls them."""

    def __init__(self, route: str, spec: Mapping) -> None:
        self.route = route
        self.arguments = _below(spec, "arguments", "parameters")
        self.templates: dict[str, tuple[str, Mapping]] = {}
        self.calls: dict[str, list[_Call]] = {}
        templates = spec.get("templates")
        for index, item in enumerate(_items(templates)):
            if isinstance(item, Mapping) and _text(item, "name"):
                self.templates.setdefault(
                    _text(item, "name"), (f"{route}.templates[{index}]", item)
                )
        entry = _Call("", f"{route}.arguments.parameters", self.arguments)
        self.calls.setdefault(_text(spec, "entrypoint"), []).append(entry)
        for name, (at, template) in self.templates.items():
            for callee, call in _calls(name, at, template):
                self.calls.setdefault(callee, []).append(call)
        self._owners = {at: name for name, (at, _) in self.templates.items()}
        self._lists: dict[str, Parameters] = {}
        self._values: dict[tuple[int, str, int], list[Filled]] = {}

    def owner(self, route: str) -> str:
        """The template in which a route leads somewhere; '' where it is in none."""
        if not route.startswith(f"{self.route}."):
            return ""
        template, _, _ = route[len(self.route) + 1 :].partition(".")
        return self._owners.get(f"{self.route}.{template}", "")

    def filled(
        self, text: str, owner: str, item: _Item | None = None, depth: int = 0
    ) -> list[Filled]:
        """What ``text`` becomes in a template, once for every way in which it is called."""
        matches = list(_EXPRESSION.finditer(text))
        rest = _EXPRESSION.sub("", text)
        if depth > _MAX_DEPTH or "{{" in rest:
            return []
        by_call = any(match["scope"] == "inputs" for match in matches)
        frames = list(self._frames(owner)) if by_call else [(None, None)]
        found: dict[Filled, None] = {}
        for call, looped in frames:
            choices = [self._choices(it, owner, item, call, looped, depth) for it in matches]
            for value in _combined(text, matches, choices):
                found[value] = None
            if len(found) > _MAX_VALUES:
                break
        return list(found)

    def _frames(self, owner: str) -> Iterator[tuple[_Call | None, _Item | None]]:
        calls = self.calls.get(owner)
        for call in calls or ():
            for at, node in call.items:
                yield call, _Item(at, node)
            if not call.items:
                yield call, None
        if not calls:
            yield None, None

    def _choices(
        self,
        match: re.Match[str],
        owner: str,
        item: _Item | None,
        call: _Call | None,
        looped: _Item | None,
        depth: int,
    ) -> list[Filled]:
        """What one expression may stand for."""
        if match["scope"] is None:
            return _item_value(item, match["field"])
        if match["scope"] == "workflow":
            at = f"{self.route}.arguments.parameters"
            return self._literal(
                self._parameters(at, self.arguments).values(match["name"], "value")
            )
        given = self._parameters(call.route, call.arguments) if call else None
        passed = list(given.values(match["name"], "value")) if given else []
        if passed and call:
            return [
                value
                for origin in passed
                for value in self._passed(origin, call.caller, looped, depth)
            ]
        at, template = self.templates.get(owner, ("", None))
        inputs = _below(template, "inputs", "parameters") if template else None
        at = f"{at}.inputs.parameters"
        declared = self._parameters(at, inputs)
        own = [*declared.values(match["name"], "value")]
        return self._literal(own or declared.values(match["name"], "default"))

    def _parameters(self, route: str, node: Node | None) -> Parameters:
        if route not in self._lists:
            self._lists[route] = Parameters(route, node)
        return self._lists[route]

    def _passed(self, origin: Origin, caller: str, item: _Item | None, depth: int) -> list[Filled]:
        if "{{" not in origin.text:
            return [Filled(origin.text, (origin,))]
        key = id(origin.scalar), caller, id(item.node) if item else 0
        if key not in self._values:
            self._values[key] = []  # what calls itself gets nothing from itself
            self._values[key] = self.filled(origin.text, caller, item, depth + 1)
        return self._values[key]

    @staticmethod
    def _literal(origins: "Iterator[Origin] | list[Origin]") -> list[Filled]:
        return [Filled(it.text, (it,)) for it in origins if it.text and "{{" not in it.text]


def _combined(
    text: str, matches: list[re.Match[str]], choices: list[list[Filled]]
) -> Iterator[Filled]:
    """The text with each expression filled in: all that a lone one gives, else one for each."""
    if not all(choices):
        return
    if len(matches) == 1:
        before, after = text[: matches[0].start()], text[matches[0].end() :]
        for value in choices[0]:
            yield Filled(before + value.text + after, value.origins)
        return
    if any(len(values) != 1 for values in choices):
        return
    parts: list[str] = []
    at = 0
    for match, (value,) in zip(matches, choices, strict=True):
        parts += text[at : match.start()], value.text
        at = match.end()
    origins = tuple(origin for (value,) in choices for origin in value.origins)
    yield Filled("".join((*parts, text[at:])), origins)


def _item_value(item: _Item | None, field: str | None) -> list[Filled]:
    if item is None:
        return []
    route, node = item
    value: Node | None = node
    if field:
        route, value = join(route, field), node.get(field) if isinstance(node, Mapping) else None
    if not isinstance(value, Scalar) or "{{" in value.value:
        return []
    origin = Origin(route, value)
    return [Filled(origin.text, (origin,))]


def _calls(name: str, route: str, template: Mapping) -> Iterator[tuple[str, _Call]]:
    """The templates that a template calls, in its steps or in its graph."""
    steps = [
        (f"{route}.steps[{i}]" + (f"[{j}]" if isinstance(group, Sequence) else ""), step)
        for i, group in enumerate(_items(template.get("steps")))
        for j, step in enumerate(group.items if isinstance(group, Sequence) else (group,))
    ]
    tasks = _below(template, "dag", "tasks")
    steps += [(f"{route}.dag.tasks[{i}]", task) for i, task in enumerate(_items(tasks))]
    for at, step in steps:
        callee = _text(step, "template") if isinstance(step, Mapping) else ""
        if callee and isinstance(step, Mapping):
            items = enumerate(_items(step.get("withItems")))
            loop = tuple((f"{at}.withItems[{i}]", item) for i, item in items)
            arguments = _below(step, "arguments", "parameters")
            yield callee, _Call(name, f"{at}.arguments.parameters", arguments, loop)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _below(node: Mapping, key: str, inner: str) -> Node | None:
    value = node.get(key)
    return value.get(inner) if isinstance(value, Mapping) else None


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.value.strip() if isinstance(value, Scalar) else ""


def _uses(source: Source, place: str, root: Mapping) -> tuple[ImageUse, ...]:
    found = object_uses(source, place, root)
    cron = object_type(root).kind == "CronWorkflow"
    spec = _below(root, "spec", "workflowSpec") if cron else root.get("spec")
    if not isinstance(spec, Mapping):
        return tuple(found)
    workflow = _Workflow("spec.workflowSpec" if cron else "spec", spec)

    def filled(use: ImageUse) -> list[Filled] | None:
        if not _EXPRESSION.search(use.text):
            return None
        return workflow.filled(use.text, workflow.owner(use.route))

    return tuple(map(guarded, filled_uses(source, place, found, filled)))


KIND = Kind(
    "argo-workflows",
    _uses,
)
