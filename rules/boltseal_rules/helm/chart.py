"""The chart around a values file, and what its templates do with a tag and with a digest."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from boltseal.source import Source, Tree, Unparsable
from boltseal.use import ImageUse, Related, Split
from boltseal_rules.helm.hints import is_handed_on, readers
from boltseal_rules.helm.reader import Run
from boltseal_rules.helm.sinks import Sink
from boltseal_rules.helm.templates import Templates
from boltseal_rules.helm.things import ANY, Path, Site
from boltseal_rules.image_keys import is_digest_key, is_tag_key

_MAX_TEMPLATES = 500
_MAX_SIZE = 256 * 1024
_MAX_KEPT = 2
"""Charts that are kept: the values files of one are read one after the other."""
_MAX_ABOVE = 2
"""Folders between a values file and its chart, as in ``ci/test-values.yaml``."""
_MAX_REFERENCES = 10
_STEPS = re.compile(r"[^.\[\]]+")
_SUBCHART = re.compile(r"^(?P<above>.*?)/?charts/(?P<name>[^/]+)$")
_DEPENDS = re.compile(r"^dependencies[ \t]*:", re.MULTILINE)
_LIMITS = ("pattern", "enum", "const", "maxLength", "format", "allOf", "anyOf", "oneOf")


class _Chart(NamedTuple):
    """A chart: its folder, its templates, and where the values of the file stand in its own.

    ``prefixes`` are the paths at which the values of its subcharts stand, by their folders;
    ``doubts`` what may be done with values where it cannot be seen.
    """

    folder: str
    templates: Templates
    prefixes: Mapping[str, Path]
    run: Run
    doubts: tuple[Sink, ...]
    schema: Any
    at: Path = ()


def traced(source: Source, uses: list[ImageUse]) -> list[ImageUse]:
    """The uses of a values file, with what the chart's templates say about digests behind tags.

    A tag that ends up only inside image strings takes a digest: the fix becomes safe. A tag that is
    compared, put into a label or written anywhere else does not, and the use says so. A digest key
    is filled only where a template puts it behind an '@'. Where no chart stands beside the values,
    or no template reads the image, nothing changes.
    """
    chart = _chart(source)
    if chart is None:
        return uses
    asked = [(it.route, it.spelling) for it in uses if isinstance(it.spelling, Split)]
    at = {route: _path(route, chart) for route, _ in asked}
    steps = frozenset(step for path in at.values() for step in path)
    only_digests = all(it.digest for _, it in asked) and _hands_on(source.tree, chart.folder)
    keys = _keys(source.tree, chart.folder, steps, only_digests=only_digests)
    read = {
        route
        for route, path in at.items()
        if any(len(key.path) > len(path) and _reaches(key.path, path) for key in keys)
    }
    return [_judged(use, chart, source) if use.route in read else use for use in uses]


def _path(route: str, chart: _Chart) -> Path:
    """Where an image stands in the values of its chart."""
    inside = tuple(_STEPS.findall(route))[:-1]
    return (*chart.at, *inside) if inside[:1] != ("global",) else inside


@lru_cache(maxsize=_MAX_KEPT)
def _keys(
    tree: Tree, folder: str, steps: frozenset[str], *, only_digests: bool
) -> tuple[Sink, ...]:
    """The sinks of tags, of digests and of keys that are not known, below some steps.

    Where all values are handed on and an empty digest key is there, nothing but a sink of that key
    changes anything: ``only_digests`` asks for no other.
    """
    chart = _read(tree, folder)
    files = readers(chart.templates, steps, only_digests=only_digests)
    found = chart.run.sinks(files)
    return tuple(
        sink
        for sink in found
        for step in sink.path[-1:]
        if is_digest_key(step) or (not only_digests and (step == ANY or is_tag_key(step)))
    )


@lru_cache(maxsize=_MAX_KEPT)
def _hands_on(tree: Tree, folder: str) -> bool:
    """Whether a chart is sure to give all its values to a template that is not in it."""
    chart = _read(tree, folder)
    return is_handed_on(
        chart.templates,
        {
            it.path
            for it in chart.templates.files
            if not it.path.endswith("NOTES.txt")
            and it.path.rpartition("/templates/")[0] not in chart.prefixes
        },
    )


@lru_cache(maxsize=_MAX_KEPT)
def _sinks(tree: Tree, folder: str) -> tuple[Sink, ...]:
    """Every sink of a chart."""
    chart = _read(tree, folder)
    return (*chart.run.sinks(chart.templates.files), *chart.doubts)


def _chart(source: Source) -> _Chart | None:
    folder = source.path.rpartition("/")[0] or "."
    for _ in range(_MAX_ABOVE + 1):
        if source.tree.exists(_join(folder, "Chart.yaml")):
            return _outermost(source.tree, folder)
        above = folder.rpartition("/")[0] or "."
        if above == folder:
            return None
        folder = above
    return None


def _outermost(tree: Tree, folder: str) -> _Chart:
    """The chart in a folder, or the one of which it is a subchart: that one may read its values."""
    at: Path = ()
    while match := _SUBCHART.match(folder):
        above = match["above"] or "."
        if not tree.exists(_join(above, "Chart.yaml")):
            break
        folder, at = above, (match["name"], *at)
    return _read(tree, folder)._replace(at=at)


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


@lru_cache(maxsize=_MAX_KEPT)
def _read(tree: Tree, folder: str) -> _Chart:
    """The chart in a folder, with the subcharts below it, whose values stand under their names."""
    paths = tree.files(folder, lambda path: "/templates/" in f"/{path}")
    prefixes: dict[str, Path] = {}
    for path in paths:
        chart = path.rpartition("/templates/")[0]
        below = chart.removeprefix(folder if folder != "." else "").strip("/").split("/")
        if below[0] == "charts":
            prefixes[chart] = tuple(below[1::2])
    sources = [_bounded(tree, path) for path in paths[:_MAX_TEMPLATES]]
    templates = Templates([it for it in sources if it is not None])
    doubts = tuple(_doubts(tree, folder, paths, sources))
    run = Run(templates, prefixes)
    return _Chart(folder, templates, prefixes, run, doubts, _schema(tree, folder))


def _bounded(tree: Tree, path: str) -> Source | None:
    source = tree.read(path)
    if source is None or len(source.data) > _MAX_SIZE:
        return None
    try:
        _ = source.text
    except Unparsable:
        return None
    return source


def _doubts(
    tree: Tree, folder: str, paths: Sequence[str], sources: list[Source | None]
) -> Iterator[Sink]:
    """What may be done with values where it cannot be seen."""
    for path, source in zip(paths, sources, strict=False):
        if source is None:
            yield _doubt(path, (), "this template is too large, or no text")
    for path in paths[_MAX_TEMPLATES:][:1]:
        yield _doubt(path, (), "there are too many templates to follow")
    chart = tree.read(_join(folder, "Chart.yaml"))
    if chart is not None and _DEPENDS.search(chart.data.decode("utf-8", "replace")):
        site = Site(chart, 0, 0)
        yield Sink(("global",), "the charts that this one depends on may read it", site)


def _doubt(path: str, values: Path, problem: str) -> Sink:
    return Sink(values, problem, Site(Source(path, b""), 0, 0))


def _schema(tree: Tree, folder: str) -> Any:
    """The schema of the chart's values; None where there is none that can be read."""
    source = tree.read(_join(folder, "values.schema.json"))
    try:
        return json.loads(source.data) if source else None
    except (ValueError, RecursionError):
        return None


def _is_limited(root: Any, path: Path) -> bool:
    """Whether a schema says more about a value than its type: a digest may not fit."""
    schema = root
    for step in (*path, None):
        schema = _referred(root, schema)
        if not isinstance(schema, dict):
            return False
        if any(key in schema for key in _LIMITS):
            return True
        properties = schema.get("properties")
        schema = properties.get(step) if isinstance(properties, dict) else None
    return False


def _referred(root: Any, schema: Any) -> Any:
    """What a reference inside the same schema leads to; elsewhere a digest is not known to fit."""
    for _ in range(_MAX_REFERENCES):
        target = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(target, str):
            return schema
        schema = root if target.startswith("#") else {"allOf": []}
        for step in target.removeprefix("#").strip("/").split("/"):
            if step:
                schema = schema.get(step) if isinstance(schema, dict) else None
    return {"allOf": []}


def _judged(use: ImageUse, chart: _Chart, values: Source) -> ImageUse:
    spelling = use.spelling
    if not isinstance(spelling, Split):
        return use
    parts = _path(use.route, chart)
    every = _sinks(values.tree, chart.folder)
    reads = [sink for sink in every if _reaches(sink.path, parts)]
    whole = [sink for sink in reads if len(sink.path) <= len(parts)]
    keyed = [sink for sink in reads if len(sink.path) > len(parts)]
    if spelling.digest is not None:
        leads = {sink.lead for sink in keyed if is_digest_key(sink.path[-1]) and not sink.problem}
        bare = {lead.endswith("@sha256:") for lead in leads if "@" in lead}
        if len(bare) == 1:
            return use._replace(spelling=spelling._replace(bare_digest=bare.pop()))
        if whole or bare:
            return use
    of_tag = [sink for sink in keyed if is_tag_key(sink.path[-1]) or sink.path[-1] == ANY]
    if not of_tag:
        return use
    bad = next((sink for sink in (*of_tag, *whole) if sink.problem), None)
    return _with_reads(use, spelling, bad, of_tag[0], _elsewhere(values, chart, parts, of_tag))


def _elsewhere(values: Source, chart: _Chart, parts: Path, of_tag: list[Sink]) -> str:
    """What else may object to a digest behind the tag: the schema, a template in the values."""
    for sink in of_tag:
        if _is_limited(chart.schema, (*parts, sink.path[-1])):
            return f"{_join(chart.folder, 'values.schema.json')} says what it may be"
        if f".Values.{'.'.join((*parts, sink.path[-1]))}" in values.text:
            return "a template in the values reads it"
    return ""


def _with_reads(
    use: ImageUse, spelling: Split, bad: Sink | None, read: Sink, elsewhere: str
) -> ImageUse:
    shown = bad or read
    where = f"{shown.site.source.path}:{shown.site.source.line_of(shown.site.span.start)}"
    objection = f"{bad.problem} ({where})" if bad else elsewhere
    related = Related(shown.site.span, "a template reads the tag", shown.site.source)
    return use._replace(
        spelling=spelling._replace(
            digest=None, tag_takes_digest=not objection, objection=objection
        ),
        related=(*use.related, related),
    )


def _reaches(path: Path, parts: Path) -> bool:
    """Whether a read is of the keys of an image, or of something that holds the image."""
    return len(path) <= len(parts) + 1 and all(
        step in (part, ANY) for step, part in zip(path, parts, strict=False)
    )
