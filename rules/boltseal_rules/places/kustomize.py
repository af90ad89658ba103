"""Kustomizations: the images that they replace, the values and patches in their text."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from boltseal_rules.helm.oci_charts import chart_use
from boltseal_rules.helm.values import value_uses
from boltseal_rules.kubernetes.kind import object_type
from boltseal_rules.kustomize.automation import watched
from boltseal_rules.kustomize.images import entry_uses
from boltseal_rules.kustomize.lookup import judged_here
from boltseal_rules.kustomize.patches import inline_patches, is_json_patch, patch_uses
from boltseal_rules.signs import is_named

NAME = "kustomize"
_GROUP = "kustomize.config.k8s.io"
_KINDS = ("", "Kustomization", "Component")


def find(source: Source) -> Found | None:
    """The images of a kustomization or of a file of its patches; None where it holds objects."""
    if not is_named(NAME, source.path):
        return _patch_file(source)
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in templated_documents(source):
        if document.problem:
            problems.append(document.problem)
        if not isinstance(document.root, Mapping):
            continue
        if not _is_kustomization(document.root):
            return None
        uses += entry_uses(source, NAME, document.root)
        uses += _chart_uses(source, document.root.get("helmCharts"))
        try:
            uses += judged_here(source, inline_patches(source, NAME, document.root))
        except Unparsable as problem:
            problems.append(problem)
    return Found(tuple(sorted(watched(uses), key=lambda use: use.span)), tuple(problems))


def _patch_file(source: Source) -> Found | None:
    """The images that a JSON patch in a file of its own writes; None where the file is none."""
    roots = [document.root for document in templated_documents(source)]
    patches = [root for root in roots if root is not None and is_json_patch(root)]
    if not patches or len(patches) < len(roots):
        return None
    uses = [use for root in patches for use in patch_uses(source, NAME, root)]
    return Found(tuple(sorted(judged_here(source, uses), key=lambda use: use.span)))


def _is_kustomization(root: Mapping) -> bool:
    """Whether a document is one: Kustomize asks for neither its version nor its kind."""
    found = object_type(root)
    return found.group in ("", _GROUP) and found.kind in _KINDS


def _chart_uses(source: Source, charts: Node | None) -> Iterator[ImageUse]:
    for index, chart in enumerate(charts.items if isinstance(charts, Sequence) else ()):
        if not isinstance(chart, Mapping):
            continue
        route = f"helmCharts[{index}]"
        name, home, version = (chart.get(key) for key in ("name", "repo", "version"))
        if isinstance(home, Scalar) and isinstance(name, Scalar):
            yield from chart_use(source, NAME, f"{route}.repo", home, version, name=name.value)
        values = chart.get("valuesInline")
        if isinstance(values, Mapping):
            yield from value_uses(source, NAME, values, f"{route}.valuesInline")
