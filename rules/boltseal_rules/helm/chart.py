"""The chart around a values file, and what its templates do with a tag."""

import re
from functools import lru_cache
from typing import NamedTuple

from boltseal.source import Source, Tree, Unparsable
from boltseal.use import ImageUse, Related, Split
from boltseal_rules.helm.reader import sinks
from boltseal_rules.helm.sinks import Sink
from boltseal_rules.helm.things import ANY, Path
from boltseal_rules.image_keys import is_digest_key, is_tag_key

_TEMPLATE = re.compile(r"/templates/.*\.(?:ya?ml|tpl|txt)$", re.IGNORECASE)
_MAX_TEMPLATES = 500
_MAX_SIZE = 256 * 1024
_MAX_ABOVE = 2
"""Folders between a values file and its chart, as in ``ci/test-values.yaml``."""
_STEPS = re.compile(r"[^.\[\]]+")


class _Chart(NamedTuple):
    """A chart: its folder, and the sinks of its values."""

    folder: str
    sinks: tuple[Sink, ...]


def traced(source: Source, uses: list[ImageUse]) -> list[ImageUse]:
    """The uses of a values file, with what the chart's templates say about digests behind tags.

    A tag that ends up only inside image strings takes a digest: the fix becomes safe. A tag that is
    compared, put into a label or written anywhere else does not, and the use says so. Where no
    chart stands beside the values, or no template reads the tag, nothing changes.
    """
    chart = _chart(source)
    return [_judged(use, chart) for use in uses] if chart and chart.sinks else uses


def _chart(source: Source) -> _Chart | None:
    folder = source.path.rpartition("/")[0] or "."
    for _ in range(_MAX_ABOVE + 1):
        if source.tree.exists(_join(folder, "Chart.yaml")):
            return _read(source.tree, folder)
        above = folder.rpartition("/")[0] or "."
        if above == folder:
            return None
        folder = above
    return None


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


@lru_cache(maxsize=16)
def _read(tree: Tree, folder: str) -> _Chart:
    """The chart in a folder, with the subcharts below it, whose values stand under their names."""
    paths = tree.files(folder, lambda path: _TEMPLATE.search(f"/{path}") is not None)
    sources = [_bounded(tree, path) for path in paths[:_MAX_TEMPLATES]]
    prefixes: dict[str, Path] = {}
    for path in paths:
        chart = path.rpartition("/templates/")[0]
        below = chart.removeprefix(folder).strip("/").split("/")
        if below[0] == "charts":
            prefixes[chart] = tuple(below[1::2])
    return _Chart(folder, sinks([source for source in sources if source], prefixes))


def _bounded(tree: Tree, path: str) -> Source | None:
    source = tree.read(path)
    if source is None or len(source.data) > _MAX_SIZE:
        return None
    try:
        return source if source.text else None
    except Unparsable:
        return None


def _judged(use: ImageUse, chart: _Chart) -> ImageUse:
    spelling = use.spelling
    if not isinstance(spelling, Split):
        return use
    parts = tuple(_STEPS.findall(use.route))[:-1]
    reads = [sink for sink in chart.sinks if _reaches(sink.path, parts)]
    of_digest = [sink for sink in reads if _is_whole(sink, parts) or is_digest_key(sink.path[-1])]
    if spelling.digest is not None and of_digest:
        return use
    of_tag = [sink for sink in reads if _is_whole(sink, parts) or is_tag_key(sink.path[-1])]
    if not of_tag:
        return use
    bad = next((sink for sink in of_tag if sink.problem), None)
    shown = bad or of_tag[0]
    where = f"{shown.site.source.path}:{shown.site.source.line_of(shown.site.span.start)}"
    return use._replace(
        spelling=spelling._replace(
            digest=None,
            tag_takes_digest=bad is None,
            objection=f"{bad.problem} ({where})" if bad else "",
        ),
        related=(
            *use.related,
            Related(shown.site.span, "a template reads the tag", shown.site.source),
        ),
    )


def _reaches(path: Path, parts: Path) -> bool:
    """Whether a read is of the keys of an image, or of something that holds the image."""
    return len(path) <= len(parts) + 1 and all(
        step in (part, ANY) for step, part in zip(path, parts, strict=False)
    )


def _is_whole(sink: Sink, parts: Path) -> bool:
    """Whether the keys are read all at once."""
    return len(sink.path) <= len(parts)
