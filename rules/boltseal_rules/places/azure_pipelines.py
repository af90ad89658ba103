"""Azure Pipelines: container resources, the containers of jobs and their services."""

import re
from collections.abc import Iterator
from functools import partial
from posixpath import dirname, normpath
from posixpath import join as path_join

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.ci import azure
from boltseal_rules.ci.azure import Named
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import Value, Variables, image_uses, roots, scalar_value, settled
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, documents, join, sites

NAME = "azure-pipelines"
_YAML = re.compile(r"\.ya?ml$", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|/)(?:[^/]*azure-?pipelines?[^/]*|\.azure-?(?:pipelines|devops)?/(?:.*/)?[^/]+)\.ya?ml$",
    re.IGNORECASE,
)
_NEEDS = ("container", "services")
_EXPRESSION = Opaque(
    "an expression of the pipeline fills it in", "pin it where its values are written"
)
_MARKS = ":/@$"
"""One of these is in what cannot be the name of a container resource."""
_MAX_TEMPLATES = 100
"""Templates that one file names beyond which no more are looked into."""


def find(source: Source) -> Found | None:
    """The images of a pipeline or of a template; None where neither name nor shape shows one."""
    named = _NAMED.search(source.path) is not None
    found = roots(source, _NEEDS)
    pipelines = [root for root in found.mappings if azure.is_pipeline(root)]
    if not pipelines and not (named and found.problems):
        return None
    uses = (use for root in pipelines for use in _root_uses(source, root))
    return Found(guarded(source, settled(uses)), found.problems if named else ())


def _root_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    aliases = azure.aliases(root)
    declared = azure.declared(root)
    for named in azure.named_images(root):
        values = partial(_values, source, aliases, declared, named)
        value = _value(source, aliases, named, named.route, named.scalar)
        for use in image_uses(value, Variables(azure.VARIABLE, values)):
            yield _explained(use)
    for route, argument in _arguments(source, root):
        value = scalar_value(source, NAME, route, argument)
        if value.use is not None and value.text.casefold() not in aliases.names:
            yield value.use


def _explained(use: ImageUse) -> ImageUse:
    """A template of Helm is judged by its values; an expression here has none that are read."""
    elsewhere = isinstance(use.spelling, Opaque) and use.spelling.elsewhere
    return use._replace(spelling=_EXPRESSION) if elsewhere else use


def _value(
    source: Source, aliases: azure.Aliases, named: Named, route: str, scalar: Scalar
) -> Value:
    """The value of a scalar, without a use where it is the name of a container resource."""
    value = scalar_value(source, NAME, route, scalar)
    if named.may_be_alias and _is_alias(aliases, value.text):
        return Value(value.text, None)
    return value


def _is_alias(aliases: azure.Aliases, text: str) -> bool:
    if text.casefold() in aliases.names:
        return True
    return aliases.may_be_elsewhere and not any(mark in text for mark in _MARKS)


def _values(
    source: Source, aliases: azure.Aliases, declared: azure.Declared, named: Named, name: str
) -> Iterator[Value]:
    """What a variable or a parameter may hold where an image is named."""
    for route, scalar in azure.held(declared, named, name):
        if scalar.value.strip():
            yield _value(source, aliases, named, route, scalar)


def _arguments(source: Source, root: Mapping) -> Iterator[tuple[str, Scalar]]:
    """Arguments that a template of the same repository puts where an image is named."""
    fed: dict[str, frozenset[str]] = {}
    for site in sites(root):
        template, given = site.mapping.get("template"), site.mapping.get("parameters")
        if not isinstance(template, Scalar) or not isinstance(given, Mapping):
            continue
        candidates = [
            (join(site.route, f"parameters.{name}"), name, value)
            for name, value in given.scalars()
            if isinstance(value, Scalar) and azure.looks_like_image(value.value)
        ]
        path = _template_path(source, template.value)
        if not candidates or path is None or (len(fed) >= _MAX_TEMPLATES and path not in fed):
            continue
        if path not in fed:
            fed[path] = _fed(source.tree.read(path))
        yield from ((route, value) for route, name, value in candidates if name in fed[path])


def _template_path(source: Source, name: str) -> str | None:
    """Where a template of the same repository is; None for one of another repository."""
    name = name.strip().removesuffix("@self")
    if "@" in name or "$" in name or not _YAML.search(name):
        return None
    if name.startswith("/"):
        return normpath(path_join(source.tree.root, name.lstrip("/")))
    return normpath(path_join(dirname(source.path), name))


def _fed(template: Source | None) -> frozenset[str]:
    """The parameters of a template that are the whole of an image's name in it."""
    if template is None:
        return frozenset()
    return frozenset(
        name
        for document in documents(template, _NEEDS)
        if isinstance(document.root, Mapping)
        for named in azure.named_images(document.root)
        if (name := azure.parameter(named.scalar.value.strip()))
    )
