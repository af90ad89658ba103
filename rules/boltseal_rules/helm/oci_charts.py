"""Helm charts kept in registries: listed beside the images, since a registry holds them alike."""

from collections.abc import Iterator

from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Node, Scalar, verbatim
from boltseal_rules.literal import shown

SCHEME = "oci://"
# Helm takes a version here and nothing else. A chart is no image, so none is asked for either.
_CHART = Opaque(
    "it is a chart, which is named by its version", "charts are listed and never rewritten", True
)


def chart_use(
    source: Source, place: str, route: str, home: Scalar, version: Node | None, *, name: str = ""
) -> Iterator[ImageUse]:
    """The artifact that a chart is, if its address begins with ``oci://``.

    ``name`` is the chart's where the address is that of a folder of charts.
    """
    if not home.value.startswith(SCHEME):
        return
    text = home.value.removeprefix(SCHEME).rstrip("/") + (f"/{name}" if name else "")
    if isinstance(version, Scalar) and version.value.strip():
        text += f":{version.value.strip()}"
    span = verbatim(source, home) or shown(source, home)
    yield ImageUse(source, place, route, text, None, span, _CHART, artifact=True)
