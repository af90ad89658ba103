"""Charts themselves: the images that a chart lists for Artifact Hub, and charts it depends on."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.embedded_yaml import embedded_uses
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from boltseal_rules.helm.oci_charts import chart_use
from boltseal_rules.literal import scalar_use

NAME = "helm-chart"
_IMAGES = "artifacthub.io/images"


def find(source: Source) -> Found | None:
    """The images and charts that a chart names; None where the file is no mapping."""
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in templated_documents(source):
        if document.problem:
            problems.append(document.problem)
            continue
        if not isinstance(document.root, Mapping) or document.root.get("kind"):
            return None
        try:
            uses += _chart_uses(source, document.root)
        except Unparsable as problem:
            problems.append(problem)
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _chart_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    notes = root.get("annotations")
    images = notes.get(_IMAGES) if isinstance(notes, Mapping) else None
    if isinstance(images, Scalar):
        yield from embedded_uses(source, NAME, f"annotations.{_IMAGES}", images, _listed)
    charts = root.get("dependencies")
    for index, chart in enumerate(charts.items if isinstance(charts, Sequence) else ()):
        if isinstance(chart, Mapping):
            yield from _dependency(source, chart, f"dependencies[{index}].repository")


def _listed(source: Source, place: str, root: Node) -> Iterator[ImageUse]:
    """The list that the annotation holds (https://artifacthub.io/docs/topics/annotations/helm/)."""
    for index, item in enumerate(root.items if isinstance(root, Sequence) else ()):
        image = item.get("image") if isinstance(item, Mapping) else None
        if isinstance(image, Scalar):
            use = scalar_use(source, place, f"[{index}].image", image)
            if use:
                yield use


def _dependency(source: Source, chart: Mapping, route: str) -> Iterator[ImageUse]:
    name, home, version = (chart.get(key) for key in ("name", "repository", "version"))
    if isinstance(name, Scalar) and isinstance(home, Scalar):
        yield from chart_use(source, NAME, route, home, version, name=name.value.strip())
