"""Compose files: services, fragments, build contexts, inline Dockerfiles, image volumes."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules import signs
from boltseal_rules.compose.project import filled
from boltseal_rules.embedded import embedded_dockerfile
from boltseal_rules.formats.yaml_tree import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    documents,
    join,
    sites,
)
from boltseal_rules.literal import scalar_use
from boltseal_rules.text_use import distinct

NAME = "compose"
_SCHEME = "docker-image://"
_HOOKS = ("pre_start", "post_start", "pre_stop")


def find(source: Source) -> Found | None:
    """The images of a Compose file; None where neither its name nor its shape is that of one."""
    named = is_named(source.path)
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    files = 0
    for document in documents(source):
        if document.problem and named:
            problems.append(document.problem)
        if named or is_definition(document.root):
            files += 1
            uses += definition_uses(source, document.root)
    if not files and not named:
        return None
    found = distinct(uses)
    # Beside .env, Compose files are looked for by their names.
    return Found(tuple(filled(source, found)) if named else found, tuple(problems))


def is_named(path: str) -> bool:
    """Whether a file has the name of a Compose file."""
    return signs.is_named(NAME, path)


def is_definition(root: Node | None) -> bool:
    """Whether a document has the shape: services that are maps with image or build."""
    services = _services(root)
    return any(
        isinstance(service.get("image"), Scalar) or service.get("build") is not None
        for _, service in services
    ) and not (isinstance(root, Mapping) and root.get("apiVersion"))


def _services(root: Node | None) -> list[tuple[str, Mapping]]:
    services = root.get("services") if isinstance(root, Mapping) else None
    if not isinstance(services, Mapping):
        return []
    return [(name, value) for name, value in services.scalars() if isinstance(value, Mapping)]


def definition_uses(source: Source, root: Node | None) -> Iterator[ImageUse]:
    """The images of one Compose definition, which may stand inside another format."""
    if not isinstance(root, Mapping):
        return
    built = set(_built(root))
    for name, service in _services(root):
        route = join("services", name)
        yield from _image_uses(source, route, service, built)
        yield from _part_uses(source, route, service)
    fragments = [(key, value) for key, value in root.entries if _is_fragment(key)]
    for site in sites(Mapping(tuple(fragments), root.start)):
        if site.route:
            yield from _image_uses(source, site.route, site.mapping, built)
            yield from _part_uses(source, site.route, site.mapping)


def _is_fragment(key: Node) -> bool:
    return isinstance(key, Scalar) and key.value.startswith("x-")


def _built(root: Mapping) -> Iterator[str]:
    """The names that ``build`` gives to what it makes here: no registry is asked for these."""
    for _, service in _services(root):
        merged: dict[str, Node] = {}
        for key, value, _ in service.effective():
            merged.setdefault(key, value)
        image = merged.get("image")
        if "build" in merged and isinstance(image, Scalar):
            yield image.value.strip()


def _image_uses(
    source: Source, route: str, mapping: Mapping, built: set[str]
) -> Iterator[ImageUse]:
    platform = mapping.get("platform")
    stated = platform.value if isinstance(platform, Scalar) and platform.value else None
    for image in mapping.all("image"):
        if isinstance(image, Scalar) and image.value.strip() not in built:
            for use in _scalar(source, join(route, "image"), image):
                yield use._replace(platform=stated)


def _part_uses(source: Source, route: str, service: Mapping) -> Iterator[ImageUse]:
    """Images that a service names besides the one it runs."""
    build = service.get("build")
    if isinstance(build, Mapping):
        yield from _build_uses(source, join(route, "build"), build)
    volumes = service.get("volumes")
    for index, volume in enumerate(volumes.items if isinstance(volumes, Sequence) else ()):
        kind = volume.get("type") if isinstance(volume, Mapping) else None
        image = volume.get("source") if isinstance(volume, Mapping) else None
        if isinstance(kind, Scalar) and kind.value == "image" and isinstance(image, Scalar):
            yield from _scalar(source, f"{route}.volumes[{index}].source", image)
    for hook in _HOOKS:
        hooks = service.get(hook)
        for index, step in enumerate(hooks.items if isinstance(hooks, Sequence) else ()):
            if isinstance(step, Mapping):
                yield from _image_uses(source, f"{route}.{hook}[{index}]", step, set())


def _build_uses(source: Source, route: str, build: Mapping) -> Iterator[ImageUse]:
    inline = build.get("dockerfile_inline")
    if isinstance(inline, Scalar):
        yield from embedded_dockerfile(source, NAME, join(route, "dockerfile_inline"), inline)
    contexts = build.get("additional_contexts")
    if isinstance(contexts, Mapping):
        for name, context in contexts.scalars():
            if isinstance(context, Scalar) and context.value.startswith(_SCHEME):
                yield from _scalar(source, f"{route}.additional_contexts.{name}", context, _SCHEME)
    elif isinstance(contexts, Sequence):
        for index, item in enumerate(contexts.items):
            if isinstance(item, Scalar) and f"={_SCHEME}" in item.value:
                prefix = item.value[: item.value.index(_SCHEME) + len(_SCHEME)]
                yield from _scalar(source, f"{route}.additional_contexts[{index}]", item, prefix)


def _scalar(source: Source, route: str, scalar: Scalar, prefix: str = "") -> Iterator[ImageUse]:
    use = scalar_use(source, NAME, route, scalar, prefix=prefix)
    if use:
        yield use
