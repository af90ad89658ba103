"""Helmfiles: the values of their releases, read around template actions."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from boltseal_rules.helm.oci_charts import chart_use
from boltseal_rules.helm.set_values import set_uses
from boltseal_rules.helm.template_lines import line_uses
from boltseal_rules.helm.values import value_uses

NAME = "helmfile"


def find(source: Source) -> Found | None:
    """The images of a helmfile; None where the file holds something else."""
    uses: list[ImageUse] = []
    problems = []
    for document in templated_documents(source):
        root = document.root
        if document.problem and templates.is_templated(source.text):
            uses += line_uses(source, NAME, document)
        elif document.problem:
            problems.append(document.problem)
        elif isinstance(root, Mapping):
            if root.get("apiVersion") and root.get("kind"):
                return None
            uses += _state_uses(source, root)
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _state_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    releases, shared = root.get("releases"), root.get("templates")
    for index, release in enumerate(_items(releases)):
        if isinstance(release, Mapping):
            yield from _release_uses(source, release, f"releases[{index}]")
    for name, release in shared.scalars() if isinstance(shared, Mapping) else ():
        if isinstance(release, Mapping):
            yield from _release_uses(source, release, f"templates.{name}")


def _release_uses(source: Source, release: Mapping, route: str) -> Iterator[ImageUse]:
    chart = release.get("chart")
    if isinstance(chart, Scalar):
        yield from chart_use(source, NAME, f"{route}.chart", chart, release.get("version"))
    for index, values in enumerate(_items(release.get("values"))):
        if isinstance(values, Mapping):  # else the path of a file
            yield from value_uses(source, NAME, values, f"{route}.values[{index}]")
    for key in ("set", "setString"):
        yield from set_uses(source, NAME, f"{route}.{key}", release.get(key))


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
