"""From a spot in a workflow that names an image to the text that says which."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from boltseal.reference import ImageReference, parse
from boltseal.source import Source
from boltseal.use import ImageUse, Opaque, Related, Whole
from boltseal_rules.formats.yaml_pieces import piece_span
from boltseal_rules.formats.yaml_tree import Document, Mapping, Node, Scalar, Sequence, join
from boltseal_rules.github.expressions import (
    Literal,
    Name,
    Unknown,
    choices,
    expressions,
    whole,
)
from boltseal_rules.github.inputs import Extract, reference
from boltseal_rules.github.names import Scope, Value, child, entry, look_up
from boltseal_rules.github.objections import EXCLUDED, objections
from boltseal_rules.literal import shown
from boltseal_rules.text_use import shared_word, text_use

_MAX_STEPS = 5
_MAX_PIECES = 64
_WRITE_OUT = "write the reference out, or seal it where it is set"


class Site(NamedTuple):
    """A spot that names an image: its node, the way to it, and how references stand in its text.

    ``services`` tells that an expression there gives several containers by name, not one.
    """

    route: str
    node: Node
    scope: Scope
    extract: Extract
    services: bool = False


class _Trace(NamedTuple):
    """How a value was reached: from which site, through how many names, and what speaks against a fix."""

    site: Site
    steps: int = 0
    related: tuple[Related, ...] = ()
    objection: Opaque | None = None


class Tracer:
    """Traces the sites of one document."""

    def __init__(self, source: Source, place: str, document: Document) -> None:
        self._source = source
        self._place = place
        self._document = document
        self._seen: set[tuple[object, ...]] = set()

    def uses(self, site: Site) -> Iterator[ImageUse]:
        """The images that a site may name; one that is not known where nothing else is found."""
        unseen: list[str] = []
        found = False
        for answer in self._answers(Value(site.node, site.route, site.scope), _Trace(site)):
            if isinstance(answer, str):
                unseen.append(answer)
            else:
                found = True
                yield answer
        reasons = [reason for reason in unseen if reason]
        if not found and reasons and isinstance(site.node, Scalar):
            unknown = Opaque(reasons[0], _WRITE_OUT)
            yield self._unknown(site.route, site.node, site.node.value.strip(), unknown)

    @cached_property
    def _is_called(self) -> bool:
        """Whether the document is used by workflows, which give its inputs and are judged for them."""
        root = self._document.root
        called = child(root, "runs", "using"), child(root, "on", "workflow_call")
        return any(node is not None for node in called)

    @cached_property
    def _starts(self) -> list[int]:
        """Where jobs begin in the document."""
        jobs = child(self._document.root, "jobs")
        nodes = [job for _, job in jobs.scalars()] if isinstance(jobs, Mapping) else []
        return sorted(job.start - self._document.start for job in nodes)

    @cached_property
    def _objections(self) -> dict[tuple[int, str], Opaque]:
        return objections(self._document.text, self._starts)

    def _objection(self, scope: Scope, path: tuple[str, ...]) -> Opaque | None:
        job = 0
        if path[0] == "matrix" and scope.job:
            job = bisect_right(self._starts, scope.job.start - self._document.start)
        return self._objections.get((job, ".".join(path)))

    def _answers(self, value: Value, trace: _Trace) -> Iterator[ImageUse | str]:
        """Uses, and why there may be others; '' says that those were found by another site."""
        node = value.node
        if isinstance(node, Mapping):
            yield from self._containers(value, node, trace)
        if not isinstance(node, Scalar) or not node.is_text:
            return
        text = node.value
        expression = whole(text)
        if expression:
            yield from self._chosen(value, node, expression, trace, trace.site.extract)
        elif not trace.site.services:
            for start, end in islice(trace.site.extract(text), _MAX_PIECES):
                yield from self._piece(value, node, (start, end), trace)

    def _containers(self, value: Value, node: Mapping, trace: _Trace) -> Iterator[ImageUse | str]:
        """An expression may give a whole container, or all services of a job."""
        if trace.site.services:
            single = trace._replace(site=trace.site._replace(services=False))
            for name, service, _ in node.effective():
                yield from self._answers(
                    Value(service, join(value.route, name), value.scope), single
                )
        elif image := entry(node, "image"):
            yield from self._answers(
                Value(image[1], join(value.route, image[0]), value.scope), trace
            )

    def _piece(
        self, value: Value, scalar: Scalar, piece: tuple[int, int], trace: _Trace
    ) -> Iterator[ImageUse | str]:
        text = scalar.value[slice(*piece)]
        inner = whole(text)
        if inner:
            at = inner[0] + piece[0], inner[1] + piece[0]
            site = trace.site._replace(extract=reference)
            yield from self._chosen(value, scalar, at, trace._replace(site=site), reference)
        elif next(expressions(text), None):
            yield self._composed(value, scalar, text, trace)
        elif text:
            yield self._literal(value.route, scalar, piece, trace)

    def _chosen(
        self, value: Value, scalar: Scalar, at: tuple[int, int], trace: _Trace, extract: Extract
    ) -> Iterator[ImageUse | str]:
        """Whatever an expression may come to."""
        for choice in choices(scalar.value, *at):
            if isinstance(choice, Literal):
                pieces = () if trace.site.services else extract(choice.text)
                for start, end in islice(pieces, _MAX_PIECES):
                    if choice.text[start:end]:
                        piece = choice.start + start, choice.start + end
                        yield self._literal(value.route, scalar, piece, trace)
            elif isinstance(choice, Name):
                yield from self._named(value, scalar, choice.path, trace)
            elif isinstance(choice, Unknown):
                yield f"'{choice.text}' is worked out while the workflow runs"

    def _named(
        self, value: Value, scalar: Scalar, path: tuple[str, ...], trace: _Trace
    ) -> Iterator[ImageUse | str]:
        scope, site = value.scope, trace.site
        step = id(scope.step) if path[0] == "env" else 0
        once = (id(scope.job), step, path, site.extract, site.services)
        if once in self._seen:
            yield ""
            return
        self._seen.add(once)
        if trace.steps >= _MAX_STEPS:
            yield f"'{'.'.join(path)}' leads through too many names"
            return
        found = look_up(scope, path)
        objection = trace.objection or self._objection(scope, path)
        related = Related(shown(self._source, scalar), f"'{'.'.join(path)}' is used here")
        excluded = _excluded(scope, path)
        for option in found.values:
            against = objection
            if isinstance(option.node, Scalar) and option.node.value in excluded:
                against = EXCLUDED
            yield from self._answers(
                option,
                _Trace(trace.site, trace.steps + 1, (*trace.related, related), against),
            )
        if found.unseen:
            yield found.unseen

    def _literal(
        self, route: str, scalar: Scalar, piece: tuple[int, int], trace: _Trace
    ) -> ImageUse:
        text = scalar.value[slice(*piece)].strip()
        span = piece_span(self._source, scalar, *piece)
        fallback = shown(self._source, scalar)
        use = text_use(self._source, self._place, route, text, span, fallback=fallback)
        use = use._replace(related=trace.related)
        if scalar.alias:
            use = shared_word(use)
        if trace.objection and isinstance(use.spelling, Whole):
            use = use._replace(spelling=use.spelling._replace(objection=trace.objection.reason))
        return use

    def _composed(self, value: Value, scalar: Scalar, text: str, trace: _Trace) -> ImageUse:
        """A reference of which expressions fill in a part: what it is stays open, unless sealed."""
        filled = "x".join(_around(text))
        known = parse(filled)
        if isinstance(known, ImageReference) and known.is_pinned:
            sealed = Opaque("an expression fills in a part of it", "it is sealed already")
            use = self._unknown(value.route, scalar, text, sealed)
            return use._replace(reference=known, related=trace.related)
        name = _first_name(text)
        unknown = Opaque(
            f"{name} fills in a part of it",
            "list whole references instead, so that each can be sealed",
            elsewhere=name.startswith("'inputs.") and self._is_called,
        )
        return self._unknown(value.route, scalar, text, unknown)._replace(related=trace.related)

    def _unknown(self, route: str, scalar: Scalar, text: str, reason: Opaque) -> ImageUse:
        where = shown(self._source, scalar)
        return ImageUse(self._source, self._place, route, text, None, where, reason)


def _excluded(scope: Scope, path: tuple[str, ...]) -> frozenset[str]:
    """The texts of a key of the matrix by which it excludes combinations."""
    exclude = child(scope.job, "strategy", "matrix", "exclude") if path[0] == "matrix" else None
    items = exclude.items if isinstance(exclude, Sequence) else ()
    nodes = (child(item, *path[1:]) for item in items)
    return frozenset(node.value for node in nodes if isinstance(node, Scalar))


def _around(text: str) -> Iterator[str]:
    """What stands between the expressions of a text."""
    at = 0
    for start, end in expressions(text):
        yield text[at:start]
        at = end
    yield text[at:]


def _first_name(text: str) -> str:
    """What fills in a part of ``text``, as people write it."""
    for start, end in expressions(text):
        return f"'{text[start + 3 : end - 2].strip()}'"
    return "an expression"
