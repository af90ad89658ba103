"""Workflows and actions of GitHub, Gitea and Forgejo."""

import re
from collections.abc import Iterable, Iterator

from boltseal.place import Found
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque, Whole
from boltseal_rules.ci.guarded import Spot, guarded
from boltseal_rules.formats.yaml_tree import Document, Mapping, Scalar, Sequence, documents
from boltseal_rules.github.builds import built_names
from boltseal_rules.github.names import child
from boltseal_rules.github.sites import NEEDS, called_files, file_sites, is_action, is_workflow
from boltseal_rules.github.trace import Tracer
from boltseal_rules.literal import shown
from boltseal_rules.mentions import mentioned
from boltseal_rules.signs import is_named

NAME = "github-actions"
_GIVEN = re.compile(r"\.with\.([\w-]+)$")
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")


def find(source: Source) -> Found | None:
    """The images of a workflow or an action; None where no document is one."""
    named = is_named(NAME, source.path)
    may_be_action = _ACTION.search(source.path) is not None
    uses: list[ImageUse] = []
    spots: list[Spot] = []
    problems: list[Unparsable] = []
    files = 0
    for document in documents(source, NEEDS):
        if document.problem and (named or may_be_action):
            problems.append(document.problem)
        if _is_known(document, named=named, may_be_action=may_be_action):
            files += 1
            uses += _document_uses(source, document)
            spots += _display_names(source, document)
    if not files and not problems:
        return None
    safe = guarded(source, _joined(uses), spots=spots)
    return Found(tuple(_handed_on(source, safe)), tuple(problems))


def _is_known(document: Document, *, named: bool, may_be_action: bool) -> bool:
    root = document.root
    if is_workflow(root) or (may_be_action and is_action(root)):
        return True
    return named and isinstance(child(root, "jobs"), Mapping)


def _document_uses(source: Source, document: Document) -> Iterator[ImageUse]:
    if not isinstance(document.root, Mapping):
        return
    tracer = Tracer(source, NAME, document)
    built: frozenset[str] | None = None
    for site in file_sites(source, document.root):
        for use in tracer.uses(site):
            if built is None:
                built = built_names(document.text, document.root)
            if use.text not in built:
                yield use


def _handed_on(source: Source, uses: Iterable[ImageUse]) -> Iterator[ImageUse]:
    """The uses; an objection where a called file reads an argument for more than an image."""
    called: tuple[Source, ...] | None = None
    for use in uses:
        given = _GIVEN.search(use.route)
        if given and isinstance(use.spelling, Whole) and not use.spelling.objection:
            called = tuple(called_files(source)) if called is None else called
            for file in called:
                name = re.escape(given[1])
                spots = re.compile(
                    rf"\b(?:image|container)[ \t]*:[ \t]*[\"']?\$\{{\{{[ \t]*inputs\.{name}[ \t]*\}}\}}"
                )
                known = [
                    Span(file.byte_offset(it.start()), file.byte_offset(it.end()))
                    for it in spots.finditer(file.text)
                ]
                read = mentioned(file, re.compile(rf"\binputs\.{name}(?![\w-])"), known)
                if read:
                    objection = f"{file.path}, {read}"
                    use = use._replace(spelling=Whole(use.spelling.span, objection))
                    break
        yield use


def _display_names(source: Source, document: Document) -> Iterator[Spot]:
    """The names by which a workflow, its jobs and their steps are shown: nothing else reads them."""
    root = document.root
    jobs = child(root, "jobs")
    holders = [root, *(job for _, job in jobs.scalars())] if isinstance(jobs, Mapping) else [root]
    lists = [child(it, "steps") for it in holders] + [child(root, "runs", "steps")]
    holders += [step for it in lists if isinstance(it, Sequence) for step in it.items]
    for holder in holders:
        for key in ("name", "run-name"):
            name = child(holder, key)
            if isinstance(name, Scalar):
                yield Spot(source, shown(source, name))


def _is_objected(use: ImageUse) -> bool:
    return isinstance(use.spelling, Opaque) or (
        isinstance(use.spelling, Whole) and bool(use.spelling.objection)
    )


def _joined(uses: Iterable[ImageUse]) -> tuple[ImageUse, ...]:
    """One use for all that leads to the same text; it is rewritten only if none speaks against it."""
    kept: dict[tuple[Span, str], ImageUse] = {}
    for use in uses:
        key = use.span, use.text
        known = kept.setdefault(key, use)
        if known is not use:
            related = tuple(dict.fromkeys((*known.related, *use.related)))
            spelling = use.spelling if _is_objected(use) else known.spelling
            kept[key] = known._replace(related=related, spelling=spelling)
    return tuple(sorted(kept.values(), key=lambda use: use.span))
