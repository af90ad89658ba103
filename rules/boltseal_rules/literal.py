"""From a YAML scalar that stands where an image is named to the use it is."""

from boltseal.source import Source, Span
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import Scalar, verbatim
from boltseal_rules.text_use import shared_word, text_use

_KO = "ko://"


def scalar_use(
    source: Source, place: str, route: str, scalar: Scalar, *, prefix: str = ""
) -> ImageUse | None:
    """The use that a scalar is; None for an empty one, for what is no text and for what ko builds.

    ``prefix`` is a scheme such as ``docker-image://`` that stands before the reference.
    """
    text = templated_text(source, scalar)
    if text is None:
        text = scalar.value.strip().removeprefix(prefix)
    if not text or not scalar.is_text or text.startswith(_KO):
        return None
    span = verbatim(source, scalar)
    if span is not None and prefix:
        span = Span(span.start + len(prefix), span.end)
    use = text_use(source, place, route, text, span, fallback=shown(source, scalar))
    return shared_word(use) if scalar.alias else use


def templated_text(source: Source, scalar: Scalar) -> str | None:
    """What stands in the file where a template has a part in the scalar, without its quotes."""
    raw = source.characters(scalar.start, scalar.end)
    if not templates.is_templated(raw) and "{#" not in raw:
        return None
    return raw.strip().strip("\"'")


def shown(source: Source, scalar: Scalar) -> Span:
    """The bytes to underline for a scalar."""
    return Span(source.byte_offset(scalar.start), source.byte_offset(scalar.end))
