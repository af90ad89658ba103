"""Skaffold: builders, base images, and the containers that it runs (https://skaffold.dev)."""

import posixpath
import re
from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.base_arguments import base_arguments
from boltseal_rules.formats.yaml_tree import (
    Mapping,
    Node,
    Scalar,
    Site,
    documents,
    join,
    sites,
)
from boltseal_rules.kubernetes.skaffold_builds import artifacts
from boltseal_rules.literal import scalar_use
from boltseal_rules.text_use import distinct

NAME = "skaffold"
_VERSION = re.compile(r"^apiVersion:[ \t]*[\"']?skaffold/", re.MULTILINE)
_NEEDS = ("skaffold/",)
# The mappings that name images, by the end of the way to them.
_KEYS = (
    (re.compile(r"(?:^|\.)build\.artifacts\[\d+\]\.buildpacks$"), ("builder", "runImage")),
    (re.compile(r"(?:^|\.)build\.artifacts\[\d+\]\.kaniko$"), ("image", "initImage")),
    (re.compile(r"(?:^|\.)build\.artifacts\[\d+\]\.(?:ko|jib)$"), ("fromImage",)),
    (re.compile(r"(?:^|\.)build\.googleCloudBuild$"), ("kanikoImage", "packImage")),
    (re.compile(r"(?:^|\.)customActions\[\d+\]\.containers\[\d+\]$"), ("image",)),
    (re.compile(r"(?:^|\.)verify\[\d+\]\.container$"), ("image",)),
)
_ARTIFACT = re.compile(r"(?:^|\.)build\.artifacts\[\d+\]$")


def find(source: Source) -> Found | None:
    """The images of a Skaffold file; None where no document says that it is one."""
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    files = 0
    for document in documents(source, _NEEDS):
        if document.problem and _VERSION.search(document.text):
            problems.append(document.problem)
        root = document.root
        if isinstance(root, Mapping) and _text(root.get("apiVersion")).startswith("skaffold/"):
            files += 1
            uses += _document_uses(source, root)
    return Found(distinct(uses), tuple(problems)) if files or problems else None


def _document_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    below = list(sites(root))
    built = artifacts(root)
    for site in below:
        for pattern, keys in _KEYS:
            if pattern.search(site.route):
                yield from _key_uses(source, site, keys, built)
        if _ARTIFACT.search(site.route):
            yield from _argument_uses(source, site)


def _key_uses(
    source: Source, site: Site, keys: tuple[str, ...], built: frozenset[str]
) -> Iterator[ImageUse]:
    for key in keys:
        value = site.mapping.get(key)
        if isinstance(value, Scalar) and value.value.strip() not in built:
            yield from _scalar_uses(source, join(site.route, key), value)


def _argument_uses(source: Source, site: Site) -> Iterator[ImageUse]:
    """Build arguments that are all that a ``FROM`` of the artifact's Dockerfile names."""
    for builder in ("docker", "kaniko"):
        settings = site.mapping.get(builder)
        arguments = settings.get("buildArgs") if isinstance(settings, Mapping) else None
        if not isinstance(settings, Mapping) or not isinstance(arguments, Mapping):
            continue
        context = _text(site.mapping.get("context")) or "."
        path = posixpath.join(context, _text(settings.get("dockerfile")) or "Dockerfile")
        names = base_arguments(source, path)
        for name, value in arguments.scalars():
            if name in names and isinstance(value, Scalar):
                route = f"{site.route}.{builder}.buildArgs.{name}"
                yield from _scalar_uses(source, route, value)


def _scalar_uses(source: Source, route: str, scalar: Scalar) -> Iterator[ImageUse]:
    use = scalar_use(source, NAME, route, scalar)
    if use:
        yield use


def _text(node: Node | None) -> str:
    return node.value.strip() if isinstance(node, Scalar) else ""
