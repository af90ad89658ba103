"""Kubernetes objects in YAML and JSON, recognised by what they say and not by their file's name."""

import re

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Found, Guide, Peers, Place
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Mapping
from boltseal_rules.kustomizations import judged_here
from boltseal_rules.manifest import is_object
from boltseal_rules.objects import uses_of
from boltseal_rules.template_lines import line_uses

NAME = "kubernetes"
_FILE = re.compile(
    r"\.(?:ya?ml|json)(?:\.(?:tpl|tmpl|template|j2|jinja2?|gotmpl|in|dist|example|sample))?$",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"apiVersion[\"']?[ \t]*:"), re.compile(r"kind[\"']?[ \t]*:")


def find(source: Source) -> Found | None:
    """The images of every object in the file; None where no document is an object."""
    if not _may_be_object(source.text):
        return None
    templated = templates.is_templated(source.text)
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    objects = 0
    for document in templated_documents(source):
        if document.problem and _may_be_object(document.text):
            problems.append(document.problem)
            if templated:
                uses += line_uses(source, NAME, document)
        if isinstance(document.root, Mapping) and is_object(document.root):
            objects += 1
            try:
                uses += uses_of(source, NAME, document.root)
            except Unparsable as problem:  # a text in the object that should be YAML
                problems.append(problem)
    if not objects and not problems:
        return None
    uses = judged_here(source, uses)
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _may_be_object(text: str) -> bool:
    return all(pattern.search(text) for pattern in _OBJECT)


PLACE = Place(
    NAME,
    "Kubernetes manifests, YAML or JSON, under any file name",
    lambda path: _FILE.search(path) is not None,
    (b"mage", b"repo", b"oci://"),
    find,
    Guide(
        finds=(
            "containers, init, ephemeral and sidecar containers, wherever they stand in an object",
            "image volumes (`image.reference`)",
            "images spread over keys (`repository` and `tag`) in custom resources",
        ),
        rewrites="the reference in place; a `digest` key that is there and empty",
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
