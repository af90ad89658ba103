"""A GitLab CI file: where it names images, which variables it sets, what it includes.

The rules are those of the CI/CD YAML syntax reference (``docs.gitlab.com/ci/yaml``). Nothing is
judged here, and nothing merged: what belongs to whom is the pipeline's concern.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from boltseal.source import Source, Unparsable
from boltseal_rules.formats import templates
from boltseal_rules.formats.template_mask import mask
from boltseal_rules.formats.yaml_tree import (
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    documents,
    join,
    masked_documents,
)
from boltseal_rules.gitlab.shape import Shape, is_header, jobs, shape
from boltseal_rules.gitlab.variables import INPUT, joined

EVERY_JOB = ""
"""The owner of what stands at the top of a file or under ``default``."""
_SERVICE_KEYS = frozenset({"alias", "command", "docker", "entrypoint", "pull_policy"})
_REFERENCE = re.compile(r"(?:&\S+\s+)?!reference\b")
# What a script makes: the variable that holds its name is no image to pull.
_MADE = re.compile(
    r"(?:\bpush|\s-t|--tag|--destination|--dest)[ \t=]+[\"']?"
    r"(?:docker://)?\$\{?([A-Za-z_]\w*)\}?[\"']?(?=[\s;&|)]|\Z)"
)

# A variable that a rule compares with a text, which would have to change with it.
_COMPARED = re.compile(
    r"\$\{?([A-Za-z_]\w*+)\}?[ \t]{0,9}(?:==|!=|=~|!~)(?![ \t]{0,9}(?:null|\"\"|''))"
)


class Site(NamedTuple):
    """A scalar that names an image, and the job whose it is."""

    owner: str
    route: str
    scalar: Scalar


class Definition(NamedTuple):
    """A value that a variable or an input is given; ``listed`` where only certain values may be."""

    name: str
    owner: str
    route: str
    scalar: Scalar
    listed: bool = False


class Include(NamedTuple):
    """A file of the same project that is included, and the inputs that it is given."""

    path: str
    inputs: tuple[Definition, ...] = ()


class Config(NamedTuple):
    """One file. ``extends`` has the jobs in it, with those that each of them extends.

    ``asked`` are variables that a ``!reference`` puts where an image is named, each with the job
    that asks. ``made`` are variables that hold the name of what a script makes, ``joined`` those
    that are put together with other text, in scripts too, ``matched`` those whose very value is
    asked for: by a rule, or by a job that needs one of a matrix.
    """

    source: Source
    sites: tuple[Site, ...]
    definitions: tuple[Definition, ...]
    extends: dict[str, tuple[str, ...]]
    asked: tuple[tuple[str, str], ...]
    made: frozenset[str]
    joined: frozenset[str]
    matched: frozenset[str]
    includes: tuple[Include, ...]
    problems: tuple[Unparsable, ...]
    shape: Shape


def read(source: Source) -> Config:
    """Read a file. Raises Unparsable where it is not UTF-8."""
    reader = _Reader()
    problems: list[Unparsable] = []
    roots: list[Mapping] = []
    for document in _documents(source):
        if document.problem:
            problems.append(document.problem)
        if isinstance(document.root, Mapping):
            roots.append(document.root)
    for root in roots:
        if is_header(root):
            reader.header(root)
        else:
            reader.content(source, root)
    return Config(
        source,
        tuple(reader.sites),
        tuple(reader.definitions),
        reader.extends,
        tuple(reader.asked),
        frozenset(_MADE.findall(source.text)),
        joined(source.text),
        frozenset(_COMPARED.findall(source.text)) | reader.needed,
        tuple(reader.includes),
        tuple(problems),
        shape(source.text, roots),
    )


def _documents(source: Source) -> tuple[Document, ...]:
    """The documents; those that a template engine has yet to fill in are read around its actions."""
    plain = documents(source, None)
    if not any(it.problem for it in plain) or not templates.is_templated(source.text):
        return plain
    return masked_documents(source, mask(source.text), None)


class _Reader:
    """Collects what the documents of a file say."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.definitions: list[Definition] = []
        self.extends: dict[str, tuple[str, ...]] = {}
        self.asked: list[tuple[str, str]] = []
        self.includes: list[Include] = []
        self.needed: set[str] = set()

    def header(self, root: Mapping) -> None:
        """The defaults of the inputs that a file declares."""
        for name, given in _below(_below_map(root, "spec"), "inputs"):
            default = given.get("default") if isinstance(given, Mapping) else None
            if isinstance(given, Mapping) and isinstance(default, Scalar):
                listed = given.get("options") is not None or given.get("regex") is not None
                route = f"spec.inputs.{name}.default"
                self.definitions.append(Definition(INPUT + name, EVERY_JOB, route, default, listed))

    def content(self, source: Source, root: Mapping) -> None:
        """Jobs, and what holds for all of them."""
        self._images(source, EVERY_JOB, "", root)
        self._variables(source, EVERY_JOB, "variables", root.get("variables"))
        self.includes += _includes(root.get("include"), "include")
        self._images(source, EVERY_JOB, "default", _below_map(root, "default"))
        self._rules(source, EVERY_JOB, "workflow", _below_map(root, "workflow"))
        for name, job in jobs(root):
            self._job(source, name, job)
        for name, value in root.scalars():
            if name.startswith("."):
                self._looked_up(source, name, value)

    def _looked_up(self, source: Source, name: str, node: Node) -> None:
        """Services that a hidden entry keeps for a ``!reference`` to look up."""
        kept = (
            [(join(name, key), it) for key, it in _first(node)] if isinstance(node, Mapping) else []
        )
        kept += [(f"{name}[{index}]", it) for index, it in enumerate(_items(node))]
        for route, value in kept:
            if isinstance(value, Mapping) and _is_service(value):
                self._image(source, name, route, value)

    def _job(self, source: Source, name: str, job: Mapping) -> None:
        self._images(source, name, name, job)
        self._rules(source, name, name, job)
        merged = dict(_first(job))
        self.extends[name] = _names(merged.get("extends"))
        self._variables(source, name, f"{name}.variables", merged.get("variables"))
        for index, row in enumerate(_items(_matrix(job))):
            self._variables(source, name, f"{name}.parallel.matrix[{index}]", row)
        for need in _items(merged.get("needs")):
            for row in _items(_matrix(need)):
                if isinstance(row, Mapping):
                    self.needed.update(key for key, _ in _first(row))
        trigger = merged.get("trigger")
        if isinstance(trigger, Mapping):
            self.includes += _includes(trigger.get("include"), f"{name}.trigger.include")

    def _rules(self, source: Source, owner: str, route: str, mapping: Mapping) -> None:
        for index, rule in enumerate(_items(dict(_first(mapping)).get("rules"))):
            if isinstance(rule, Mapping):
                self._variables(
                    source, owner, f"{route}.rules[{index}].variables", rule.get("variables")
                )

    def _images(self, source: Source, owner: str, route: str, mapping: Mapping) -> None:
        entries = dict(_first(mapping))
        self._image(source, owner, join(route, "image"), entries.get("image"))
        services = entries.get("services")
        if isinstance(services, Sequence) and not _is_reference(source, services):
            for index, service in enumerate(services.items):
                self._image(source, owner, f"{join(route, 'services')}[{index}]", service)

    def _image(self, source: Source, owner: str, route: str, node: Node | None) -> None:
        if isinstance(node, Mapping):
            route, node = join(route, "name"), dict(_first(node)).get("name")
        if isinstance(node, Scalar):
            self.sites.append(Site(owner, route, node))
        elif isinstance(node, Sequence) and _is_reference(source, node):
            *_, kind, name = ("", "", *_names(node))
            if kind == "variables":
                self.asked.append((name, owner))

    def _variables(self, source: Source, owner: str, route: str, node: Node | None) -> None:
        """The values that a map of variables gives, one or several for each."""
        if not isinstance(node, Mapping):
            return
        for name, value in _first(node):
            at = join(route, name)
            if isinstance(value, Sequence) and _is_reference(source, value):
                continue
            if isinstance(value, Scalar):
                self.definitions.append(Definition(name, owner, at, value))
            elif isinstance(value, Sequence):
                for index, item in enumerate(value.items):
                    if isinstance(item, Scalar):
                        given = Definition(name, owner, f"{at}[{index}]", item)
                        self.definitions.append(given)
            elif isinstance(preset := value.get("value"), Scalar):
                listed = value.get("options") is not None
                self.definitions.append(Definition(name, owner, f"{at}.value", preset, listed))


def _includes(node: Node | None, route: str) -> Iterator[Include]:
    for index, item in enumerate(node.items if isinstance(node, Sequence) else (node,)):
        where = f"{route}[{index}]" if isinstance(node, Sequence) else route
        if isinstance(item, Scalar) and "://" not in item.value:
            yield Include(item.value)
        elif isinstance(item, Mapping):
            local = item.get("local")
            if isinstance(local, Scalar):
                yield Include(local.value, tuple(_inputs(item, where)))


def _inputs(include: Mapping, route: str) -> Iterator[Definition]:
    for name, value in _below(include, "inputs"):
        if isinstance(value, Scalar):
            yield Definition(INPUT + name, EVERY_JOB, f"{route}.inputs.{name}", value)


def _matrix(node: Node) -> Node | None:
    parallel = dict(_first(node)).get("parallel") if isinstance(node, Mapping) else None
    return parallel.get("matrix") if isinstance(parallel, Mapping) else None


def _first(mapping: Mapping) -> Iterator[tuple[str, Node]]:
    """The entries, with those merged in that the mapping has not itself."""
    seen: set[str] = set()
    for key, value, _ in mapping.effective():
        if key not in seen and key != "<<":
            seen.add(key)
            yield key, value


def _below_map(mapping: Mapping, key: str) -> Mapping:
    value = mapping.get(key)
    return value if isinstance(value, Mapping) else Mapping((), mapping.start)


def _below(mapping: Mapping, key: str) -> Iterable[tuple[str, Node]]:
    return _below_map(mapping, key).scalars()


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _names(node: Node | None) -> tuple[str, ...]:
    """The strings of a scalar or of a list of them."""
    nodes = (node,) if isinstance(node, Scalar) else _items(node)
    return tuple(item.value for item in nodes if isinstance(item, Scalar))


def _is_service(node: Mapping) -> bool:
    """Whether a mapping has the shape of a service: the name of an image, and how it is run."""
    keys = {key for key, _ in _first(node)}
    return "name" in keys and not keys.isdisjoint(_SERVICE_KEYS)


def _is_reference(source: Source, node: Sequence) -> bool:
    """Whether a list is what ``!reference`` looks up, and not what it seems to say."""
    return _REFERENCE.match(source.text, node.start) is not None
