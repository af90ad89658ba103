"""Bake files of Docker Buildx, in HCL and in JSON: what targets take in, not what they make."""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.embedded import embedded_dockerfile
from boltseal_rules.formats import hcl, yaml_tree
from boltseal_rules.formats.hcl import Block, Expression, Items, Object, Text, key_text
from boltseal_rules.formats.yaml_tree import Scalar, documents
from boltseal_rules.hcl.images import (
    Definition,
    Scope,
    Spot,
    joined_names,
    spot_uses,
    variable_defaults,
)
from boltseal_rules.hcl.nested import dockerfile_uses
from boltseal_rules.literal import scalar_use
from boltseal_rules.text_use import distinct

NAME = "docker-bake"
_SCHEME = "docker-image://"
_MAX_LINES = 20
"""Targets that are looked at for one that they inherit from, or that inherits from it."""
_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*[\"']?\$\{?(\w+)(?:\}|:?-|[ \t\r]|$)",
    re.MULTILINE | re.IGNORECASE,
)


def find(source: Source) -> Found | None:
    """The images of a bake file; None for a file of another name. Raises Unparsable for no HCL."""
    if source.path.lower().endswith(".json"):
        return _find_json(source)
    root = hcl.read(source)
    targets = {block.labels[0]: block for block in root.of("target") if block.labels}
    problems: list[Unparsable] = []
    uses = [*spot_uses(source, NAME, _spots(source, targets), _scope(source, root))]
    for name, target in targets.items():
        inline = target.get("dockerfile-inline")
        if isinstance(inline, Text):
            try:
                route = f"target.{name}.dockerfile-inline"
                uses += dockerfile_uses(source, NAME, route, inline)
            except Unparsable as problem:
                problems.append(problem)
    return Found(distinct(uses), tuple(problems))


def _scope(source: Source, root: Block) -> Scope:
    definitions = dict(variable_defaults(source, root))
    for name, value in root.attributes:
        definitions.setdefault((name,), Definition(source, name, value))
    return Scope(definitions, joined_names(source.text))


def _spots(source: Source, targets: Mapping[str, Block]) -> Iterator[Spot]:
    children = _children(targets)
    for name, target in targets.items():
        for key, value in _entries(target.get("contexts")):
            yield Spot(source, f"target.{name}.contexts.{key}", value, _SCHEME)
        arguments = dict(_entries(target.get("args")))
        heirs = _heirs(children, name) if arguments else []
        read = _base_arguments(source, targets, heirs)
        for key, value in arguments.items():
            if key in read:
                yield Spot(source, f"target.{name}.args.{key}", value)


def _entries(value: Expression | None) -> Iterator[tuple[str, Expression]]:
    for key, item in value.entries if isinstance(value, Object) else ():
        yield key_text(key), item


def _base_arguments(
    source: Source, targets: Mapping[str, Block], heirs: list[str]
) -> frozenset[str]:
    """The arguments that are the whole of a ``FROM`` in a Dockerfile of any of the targets."""
    found: set[str] = set()
    for heir in heirs:
        inline = _inherited(targets, heir, "dockerfile-inline")
        if isinstance(inline, Text):
            found |= set(_FROM.findall(source.text[slice(*inline.body)]))
            continue
        dockerfile = source.tree.read(_dockerfile(source, targets, heir))
        if dockerfile is not None:
            found |= set(_FROM.findall(dockerfile.data.decode("utf-8", "replace")))
    return frozenset(found)


def _dockerfile(source: Source, targets: Mapping[str, Block], name: str) -> str:
    context = _plain(_inherited(targets, name, "context")) or "."
    file = _plain(_inherited(targets, name, "dockerfile")) or "Dockerfile"
    return normpath(join(dirname(source.path), context, file))


def _plain(value: Expression | None) -> str:
    return value.value or "" if isinstance(value, Text) else ""


def _heirs(children: Mapping[str, list[str]], name: str) -> list[str]:
    """A target and those that inherit from it."""
    heirs = [name]
    for heir in heirs:
        if len(heirs) > _MAX_LINES:
            break
        heirs += [child for child in children.get(heir, ())[:_MAX_LINES] if child not in heirs]
    return heirs


def _children(targets: Mapping[str, Block]) -> Mapping[str, list[str]]:
    children: dict[str, list[str]] = {}
    for name, target in targets.items():
        for parent in _parents(target)[:_MAX_LINES]:
            children.setdefault(parent, []).append(name)
    return children


def _inherited(targets: Mapping[str, Block], name: str, attribute: str) -> Expression | None:
    """What a target says of an attribute, or the last that it inherits from."""
    line = [name]
    for known in line:
        target = targets.get(known)
        value = target.get(attribute) if target else None
        if value is not None:
            return value
        if target and len(line) < _MAX_LINES:
            line += [p for p in reversed(_parents(target)) if p not in line]
    return None


def _parents(target: Block) -> list[str]:
    inherits = target.get("inherits")
    return [_plain(item) for item in inherits.items] if isinstance(inherits, Items) else []


def _find_json(source: Source) -> Found | None:
    """The same in JSON, which is YAML."""
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in documents(source, None):
        problems += [document.problem] if document.problem else []
        root = document.root
        targets = root.get("target") if isinstance(root, yaml_tree.Mapping) else None
        for name, target in targets.scalars() if isinstance(targets, yaml_tree.Mapping) else ():
            if isinstance(target, yaml_tree.Mapping):
                uses += _json_uses(source, f"target.{name}", target)
    return Found(distinct(uses), tuple(problems))


def _json_uses(source: Source, route: str, target: yaml_tree.Mapping) -> Iterator[ImageUse]:
    contexts = target.get("contexts")
    for key, value in contexts.scalars() if isinstance(contexts, yaml_tree.Mapping) else ():
        if isinstance(value, Scalar) and value.value.startswith(_SCHEME):
            use = scalar_use(source, NAME, f"{route}.contexts.{key}", value, prefix=_SCHEME)
            yield from [use] if use else []
    inline = target.get("dockerfile-inline")
    if isinstance(inline, Scalar):
        yield from embedded_dockerfile(source, NAME, f"{route}.dockerfile-inline", inline)
