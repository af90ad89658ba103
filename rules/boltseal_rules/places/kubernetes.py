"""Kubernetes objects in YAML and JSON, recognised by what they say and not by their file's name."""

import re
from collections.abc import Callable, Iterable, Iterator

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Found, Guide, Peers, Place
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.spelling import LETTER
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Document, Mapping, join
from boltseal_rules.helm.template_lines import line_uses
from boltseal_rules.kubernetes.kind import NEEDLES, NEEDS
from boltseal_rules.kubernetes.manifest import is_object, objects
from boltseal_rules.kubernetes.objects import uses_of
from boltseal_rules.kubernetes.openshift_template import parametrized
from boltseal_rules.kubernetes.skaffold_builds import pulled
from boltseal_rules.kustomize.automation import watched
from boltseal_rules.kustomize.lookup import judged_here
from boltseal_rules.literal import distinct

NAME = "kubernetes"
_FILE = re.compile(
    r"\.(?:ya?ml|json)(?:\.(?:tpl|tmpl|template|j2|jinja2?|gotmpl|in|dist|example|sample))?$",
    re.IGNORECASE,
)
_WORDS = re.compile(rf"apiVersion|{LETTER}"), re.compile(rf"kind|{LETTER}")
_OBJECT = re.compile(r"apiVersion[\"']?[ \t]*:"), re.compile(r"kind[\"']?[ \t]*:")


Refine = Callable[[Source, Mapping, Iterable[ImageUse]], Iterable[ImageUse]]
"""What a repository's configuration adds to the uses of one object, and takes from them."""


def find(
    source: Source, refine: Refine | None = None, needs: re.Pattern[str] | None = NEEDS
) -> Found | None:
    """The images of every object in the file; None where no document is an object.

    A document without what ``needs`` looks for is not parsed; None parses every one.
    """
    if not all(word.search(source.text) for word in _WORDS):
        return None
    templated = templates.is_templated(source.text)
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    objects_read = broken = 0
    for document in templated_documents(source, needs):
        if document.problem and _may_be_object(document.text):
            broken += 1
            if not _has_blocks(source, document):
                problems.append(document.problem)
            if templated:
                uses += line_uses(source, NAME, document)
        if isinstance(document.root, Mapping) and is_object(document.root):
            objects_read += 1
            try:
                found = _document_uses(source, document.root, refine)
                uses += distinct(parametrized(source, NAME, document.root, found))
            except Unparsable as problem:  # a text in the object that should be YAML
                problems.append(problem)
    if not objects_read and not uses and not (broken and _FILE.search(source.path)):
        return None
    uses = watched(pulled(source, judged_here(source, uses)))
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _document_uses(source: Source, root: Mapping, refine: Refine | None) -> Iterator[ImageUse]:
    """The images of an object, or of the objects that it holds."""
    for route, item in objects(root):
        uses = uses_of(source, NAME, item)
        for use in refine(source, item, uses) if refine else uses:
            yield use._replace(route=join(route, use.route)) if route else use


def _has_blocks(source: Source, document: Document) -> bool:
    """Whether a template's actions stand in what the document is read from."""
    end = document.start + len(document.text)
    return templates.has_blocks(source.text[document.start : end])


def _may_be_object(text: str) -> bool:
    return all(pattern.search(text) for pattern in _OBJECT)


PLACE = Place(
    NAME,
    "Kubernetes manifests, YAML or JSON, under any file name",
    lambda path: _FILE.search(path) is not None,
    NEEDLES,
    find,
    Guide(
        finds=(
            "containers, init, ephemeral and sidecar containers, wherever they stand in an object",
            "image volumes (`image.reference`)",
            "images spread over keys (`repository` and `tag`) in custom resources",
            "a parameter of an OpenShift template that is the whole of an image",
        ),
        rewrites="the reference in place; a `digest` key that is there and empty; a parameter's value",
        passes_over=(
            "`rbd` devices, file names, `status`, annotations, schemas of custom resources",
            "a name that a kustomization in the tree replaces: judged there, whatever tag stands here",
        ),
        examples=(
            Example(
                "pod.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
                f"    - image: nginx:1.27@{SHOWN_DIGEST}\n",
            ),
        ),
        peers=Peers(
            renovate="`image:` lines, no files by default; image volumes",
            dependabot="`image` keys in files whose first document is an object",
            frizbee="`image:` text in any YAML",
        ),
    ),
)
