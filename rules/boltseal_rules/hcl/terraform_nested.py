"""What Terraform's resources carry of other formats: manifests, values of charts, jobs, JSON."""

import re
from collections.abc import Callable, Iterable, Iterator

from boltseal.reference import ImageReference, parse
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats import hcl
from boltseal_rules.formats.hcl import Block, Call, Expression, Items, Object, Text, key_text
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Site, join, sites
from boltseal_rules.hcl.nested import filled, moved, nested, yaml_roots
from boltseal_rules.hcl.objects import as_node
from boltseal_rules.helm.values import value_uses
from boltseal_rules.image_keys import is_image_key, split_use
from boltseal_rules.kubernetes.manifest import is_object, object_uses
from boltseal_rules.literal import scalar_use, shown
from boltseal_rules.places.nomad import job_uses

_MANIFESTS = {"kubernetes_manifest": "manifest", "kubectl_manifest": "yaml_body"}
_JSON = {
    "aws_ecs_task_definition": "container_definitions",
    "aws_batch_job_definition": "container_properties",
}
_PART = re.compile(r"(?:(?P<image>.+)\.)?(?P<part>registry|repository|tag|digest)")
_HALF = Opaque(
    "the repository is left to the chart",
    "set the repository and a digest too to decide it here",
)

_Find = Callable[[Source, Node], Iterable[ImageUse]]


def nested_uses(source: Source, place: str, root: Block) -> Iterator[ImageUse]:
    """The images of what the resources of a file carry."""
    for block in root.of("resource", "data"):
        kind, route = "".join(block.labels[:1]), ".".join((block.type, *block.labels))
        if kind in _MANIFESTS:
            route = f"{route}.{_MANIFESTS[kind]}"
            yield from _carried(source, route, block.get(_MANIFESTS[kind]), _manifest(place))
        elif kind in _JSON:
            yield from _json(source, place, f"{route}.{_JSON[kind]}", block.get(_JSON[kind]))
        elif kind == "helm_release":
            yield from _release(source, place, route, block)
        elif kind == "nomad_job":
            yield from _job(source, place, route, block.get("jobspec"))


def _carried(
    source: Source, route: str, value: Expression | None, find: _Find
) -> Iterator[ImageUse]:
    """The images of a value that is an object, an encoded one, or the text of one."""
    if isinstance(value, Call) and value.name in ("yamlencode", "jsonencode", "yamldecode"):
        value = value.arguments[0] if value.arguments else None
    if isinstance(value, Object):
        uses: Iterable[ImageUse] = map(filled, find(source, as_node(value, source.text)))
    elif isinstance(value, Text) and (inner := nested(source, value)):
        found = (use for node in yaml_roots(inner) for use in find(inner.source, node))
        uses = moved(source, inner, found)
    else:
        return
    for use in uses:
        yield use._replace(route=join(route, use.route))


def _manifest(place: str) -> _Find:
    return lambda source, node: object_uses(source, place, node) if is_object(node) else ()


def _json(source: Source, place: str, route: str, value: Expression | None) -> Iterator[ImageUse]:
    """The images of containers that are written as the text of JSON."""

    def find(inner: Source, node: Node) -> Iterator[ImageUse]:
        for site in sites(node):
            image = site.mapping.get("image")
            if isinstance(image, Scalar):
                use = scalar_use(inner, place, join(site.route, "image"), image)
                yield from [use] if use else []

    if isinstance(value, Text):
        yield from _carried(source, route, value, find)


def _job(source: Source, place: str, route: str, value: Expression | None) -> Iterator[ImageUse]:
    """The images of a Nomad job that is written in a heredoc."""
    inner = nested(source, value) if isinstance(value, Text) else None
    if inner is None:
        return
    try:
        root = hcl.read_text(inner.source, inner.masked)
    except Unparsable:
        return  # It is HCL only once its templates are filled in.
    for use in moved(source, inner, job_uses(inner.source, place, root)):
        yield use._replace(route=f"{route}.jobspec.{use.route}")


def _release(source: Source, place: str, route: str, block: Block) -> Iterator[ImageUse]:
    """The images that a release of a chart is given as values or one by one."""
    values = block.get("values")
    for index, item in enumerate(values.items if isinstance(values, Items) else ()):
        yield from _carried(
            source,
            f"{route}.values[{index}]",
            item,
            lambda inner, node: value_uses(inner, place, node),
        )
    settings = list(_settings(block))
    groups: dict[str, dict[str, Scalar]] = {}
    for name, value in settings:
        scalar = as_node(value, source.text)
        if not isinstance(scalar, Scalar):
            continue
        match = _PART.fullmatch(name)
        if match:
            groups.setdefault(match["image"] or "", {})[match["part"]] = scalar
        elif is_image_key(name.rpartition(".")[2]) and _may_be_image(scalar):
            use = scalar_use(source, place, f"{route}.set.{name}", scalar)
            yield from [filled(use)] if use else []
    for name, parts in groups.items():
        yield from _parts(source, place, f"{route}.set", name, parts)


def _settings(block: Block) -> Iterator[tuple[str, Expression]]:
    """The values that are set one by one: in blocks, or in a list of objects."""
    for setting in block.of("set"):
        name, value = setting.get("name"), setting.get("value")
        if isinstance(name, Text) and name.value and value is not None:
            yield name.value, value
    listed = block.get("set")
    for item in listed.items if isinstance(listed, Items) else ():
        entries = {key_text(k): v for k, v in item.entries} if isinstance(item, Object) else {}
        name, value = entries.get("name"), entries.get("value")
        if isinstance(name, Text) and name.value and value is not None:
            yield name.value, value


def _may_be_image(scalar: Scalar) -> bool:
    """Whether a single value is a whole reference and not the name of a repository or a tag."""
    reference = parse(scalar.value)
    return isinstance(reference, ImageReference) and bool(reference.tag or reference.digest)


def _parts(
    source: Source, place: str, route: str, name: str, parts: dict[str, Scalar]
) -> Iterator[ImageUse]:
    """An image whose parts are set one by one; half of one is a note."""
    key = name.rpartition(".")[2]
    site = Site(join(route, name), key, _mapping(parts))
    use = split_use(source, place, site) if is_image_key(key) or len(parts) > 1 else None
    tag = parts.get("tag")
    if use is not None:
        yield filled(use)
    elif tag is not None and "repository" not in parts and is_image_key(key):
        span: Span = shown(source, tag)
        yield ImageUse(source, place, join(site.route, "tag"), tag.value, None, span, _HALF)


def _mapping(parts: dict[str, Scalar]) -> Mapping:
    entries = tuple((Scalar(key, 0, 0, '"', tagged=False), value) for key, value in parts.items())
    return Mapping(entries, 0, flow=True)
