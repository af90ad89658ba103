"""Kubeflow Pipelines: compiled pipelines, and components written by hand.

The shapes are those of ``pipeline_spec.proto`` (v2) and of the component specification (v1).
"""

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, Node, documents
from boltseal_rules.kubernetes.path_uses import hit_use
from boltseal_rules.kubernetes.paths import compiled
from boltseal_rules.kubernetes.paths import find as follow
from boltseal_rules.text_use import distinct

NAME = "kubeflow-pipelines"
_EXECUTOR = "{}.executors.*.container.image"
_PATHS = tuple(
    compiled(f"{before}{_EXECUTOR.format(spec)}")
    for before in ("", "pipelineSpec.", "pipeline_spec.")
    for spec in ("deploymentSpec", "deployment_spec")
)
_COMPONENT = compiled("implementation.container.image")


def find(source: Source) -> Found | None:
    """The images of a pipeline or a component; None where the file is neither."""
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
