"""Parameters of OpenShift's templates: ``${NAME}``, filled in from a list beside the objects.

https://docs.openshift.com/container-platform/latest/openshift_images/using-templates.html
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from boltseal.pattern import pattern
from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Mapping
from boltseal_rules.kubernetes.kind import object_type

if TYPE_CHECKING:
    from boltseal_rules.kubernetes.parameters import Filled, Origin, Parameters

_PARAMETER = pattern(r"\$\{(\w+)\}")
_SHARED = Opaque(
    "its parameter stands elsewhere in the template too", "give the image a parameter of its own"
)


def parametrized(
    source: Source, place: str, root: Mapping, uses: Iterable[ImageUse]
) -> Iterable[ImageUse]:
    """The uses of a document, and those at the parameters that fill them in if it is a template."""
    kind = object_type(root)
    if kind.kind != "Template" or kind.group not in ("", "template.openshift.io"):
        return uses
    return _filled(source, place, root, tuple(uses))


def _filled(
    source: Source, place: str, root: Mapping, found: tuple[ImageUse, ...]
) -> Iterable[ImageUse]:
    from boltseal_rules.kubernetes.parameters import Filled, Parameters, filled_uses

    names = {name for use in found for name in _names(use)}
    parameters = Parameters("parameters", root.get("parameters"))
    values = {name: value for name in names if (value := _value(parameters, name))}

    def filled(use: ImageUse) -> "list[Filled] | None":
        inside = _names(use)
        if not inside:
            return None
        if any(name not in values for name in inside):
            return []
        text = _PARAMETER.sub(lambda match: values[match[1]].text, use.text)
        origins = tuple(values[name] for name in inside)
        return [] if "$" in text else [Filled(text, origins)]

    shared = _shared(source, found)
    barred = {value.route for name, value in values.items() if name in shared}
    for use in filled_uses(source, place, found, filled):
        yield use._replace(spelling=_SHARED) if use.route in barred else use


def _names(use: ImageUse) -> list[str]:
    """The parameters in a reference that none but they fill in."""
    elsewhere = isinstance(use.spelling, Opaque) and use.spelling.elsewhere
    return [] if elsewhere else _PARAMETER.findall(use.text)


def _value(parameters: "Parameters", name: str) -> "Origin | None":
    origin = next(parameters.values(name, "value"), None)
    return origin if origin and origin.text else None


def _shared(source: Source, found: tuple[ImageUse, ...]) -> set[str]:
    """The parameters that the template uses for more than its images."""
    from collections import Counter

    images = Counter(name for use in found for name in _names(use))
    everywhere = Counter(_PARAMETER.findall(source.text))
    return {name for name, count in images.items() if everywhere[name] > count}
