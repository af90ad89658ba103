"""Kubeflow Pipelines: compiled pipelines, and components written by hand.

The shapes are those of ``pipeline_spec.proto`` (v2) and of the component specification (v1).
"""

import re

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Found, Guide, Peers, Place
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.spelling import LETTER
from boltseal_rules.formats.yaml_tree import Mapping, Node, documents
from boltseal_rules.kubernetes.path_uses import hit_use
from boltseal_rules.kubernetes.paths import compiled
from boltseal_rules.kubernetes.paths import find as follow
from boltseal_rules.literal import distinct

NAME = "kubeflow-pipelines"
_FILE = re.compile(r"\.(?:ya?ml|json)$", re.IGNORECASE)
_SHAPE = re.compile(rf"deploymentSpec|deployment_spec|implementation|{LETTER}")
_EXECUTOR = "{}.executors.*.container.image"
_PATHS = tuple(
    compiled(f"{before}{_EXECUTOR.format(spec)}")
    for before in ("", "pipelineSpec.", "pipeline_spec.")
    for spec in ("deploymentSpec", "deployment_spec")
)
_COMPONENT = compiled("implementation.container.image")


def find(source: Source) -> Found | None:
    """The images of a pipeline or a component; None where the file is neither."""
    if not _SHAPE.search(source.text):
        return None
    uses: list[ImageUse] = []
    problems = []
    for document in documents(source):
        if document.problem:
            problems.append(document.problem)
        uses += _document_uses(source, document.root)
    return Found(distinct(uses), tuple(problems)) if uses else None


def _document_uses(source: Source, root: Node | None) -> list[ImageUse]:
    if not isinstance(root, Mapping) or (root.get("apiVersion") and root.get("kind")):
        return []
    is_component = root.get("implementation") and (root.get("name") or root.get("inputs"))
    paths = (*_PATHS, _COMPONENT) if is_component else _PATHS
    found = (hit_use(source, NAME, hit) for path in paths for hit in follow(path, root))
    return [use for use in found if use]


_PIPELINE = (
    "deploymentSpec:\n  executors:\n    exec-train:\n      container:\n"
    "        image: python:3.12{}\nschemaVersion: 2.1.0\n"
)
PLACE = Place(
    NAME,
    "Kubeflow Pipelines: compiled pipelines and component files",
    lambda path: _FILE.search(path) is not None,
    (b"deploymentSpec", b"deployment_spec", b"implementation"),
    find,
    Guide(
        finds=(
            "`deploymentSpec.executors.*.container.image` of a compiled pipeline",
            "`implementation.container.image` of a component",
        ),
        rewrites="the reference in place",
        passes_over=("images inside the arguments of a component",),
        examples=(
            Example("pipeline.yaml", _PIPELINE.format(""), _PIPELINE.format(f"@{SHOWN_DIGEST}")),
        ),
        peers=Peers(frizbee="`image:` text in any YAML"),
    ),
)
