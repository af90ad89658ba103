"""Everything that a module names: what flows into places for images, and manifests in strings."""

from boltseal.use import ImageUse
from boltseal_rules.python.contents import Contents
from boltseal_rules.python.known import Names
from boltseal_rules.python.manifests import manifest_uses
from boltseal_rules.python.syntax import Tree
from boltseal_rules.python.uses import image_uses, numbered


def module_uses(tree: Tree, place: str, names: Names) -> list[ImageUse]:
    """The images of a module in order of their spans, each with a route of its own."""
    contents = Contents(tree)
    found = image_uses(contents, place, names)
    taken = [use.span for use in found]
    found += [use for use in manifest_uses(contents, place) if use.span not in taken]
    return list(numbered(sorted(found, key=lambda use: (use.span, use.route))))
