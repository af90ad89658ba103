"""Everything that a module names: what flows into places for images, and manifests in strings."""

from boltseal.use import ImageUse, Whole
from boltseal_rules.python.contents import Contents
from boltseal_rules.python.known import Names
from boltseal_rules.python.readers import Readers
from boltseal_rules.python.syntax import Tree
from boltseal_rules.python.uses import image_uses, numbered

_UNSEEN = "what else reads it in syntax as new as this is not known"


def module_uses(tree: Tree, place: str, names: Names) -> list[ImageUse]:
    """The images of a module in order of their spans, each with a route of its own."""
    contents = Contents(tree)
    found = image_uses(contents, place, names)
    found = _objected(contents, found)
    if contents.texts:
        from boltseal_rules.python.manifests import manifest_uses

        taken = {use.span for use in found}
        found += [use for use in manifest_uses(contents, place) if use.span not in taken]
    return list(numbered(sorted(found, key=lambda use: (use.span, use.route))))


def _objected(contents: Contents, found: list[ImageUse]) -> list[ImageUse]:
    """The uses with what else reads them and would break."""
    literals = {
        use.spelling.span: use.text
        for use in found
        if isinstance(use.spelling, Whole) and not use.spelling.objection
    }
    if not literals:
        return found
    tree = contents.tree
    readers = None if tree.is_translated else Readers(tree, contents.followed, literals)
    return [_with_objection(use, readers) for use in found]


def _with_objection(use: ImageUse, readers: Readers | None) -> ImageUse:
    spelling = use.spelling
    if not isinstance(spelling, Whole) or spelling.objection:
        return use
    if readers is not None:
        objection = readers.objection(spelling.span)
    else:
        objection = _UNSEEN if use.related else ""
    return use._replace(spelling=spelling._replace(objection=objection))
