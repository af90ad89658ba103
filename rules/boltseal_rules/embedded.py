"""A Dockerfile written inside a YAML scalar."""

from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.block import block
from boltseal_rules.formats.yaml_tree import Scalar
from boltseal_rules.literal import shown


def embedded_dockerfile(source: Source, place: str, route: str, scalar: Scalar) -> list[ImageUse]:
    """The images of a Dockerfile that is the value of ``scalar``.

    Raises Unparsable at the scalar where its text is no Dockerfile.
    """
    from boltseal_rules.places import dockerfile  # few of those who may ask do

    whole = shown(source, scalar)
    move = block(source, scalar).move
    try:
        return dockerfile.find_in(
            source, scalar.value.encode(), move, within=whole, place=place, route=route
        )
    except Unparsable as problem:
        raise Unparsable(f"its Dockerfile: {problem.reason}", whole.start) from None
