"""The variables of a Compose project: those that ``.env`` beside its files sets.

What the shell sets wins over the file, and the file over the defaults in the definition
(https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/).
"""

from collections.abc import Iterable
from functools import lru_cache
from posixpath import dirname, join, normpath

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span, Tree
from boltseal.use import ImageUse, Opaque, Related
from boltseal_rules.formats import variables
from boltseal_rules.formats.env_file import Setting, settings

_FILE = ".env"
_SET = Opaque("a variable in .env fills it in", "boltseal judges the variable", True)
_PUT_TOGETHER = Opaque(
    "it is put together from variables in .env", "make one variable of the whole reference"
)


def filled(source: Source, uses: Iterable[ImageUse]) -> list[ImageUse]:
    """The uses of a Compose file, those that nothing in it makes known read with ``.env``."""
    found = list(uses)
    open_ends = [use for use in found if _is_open(use)]
    file = _environment(source.tree, dirname(source.path)) if open_ends else None
    return [_filled(file, use) if file and _is_open(use) else use for use in found]


def whole_variable(text: str) -> str | None:
    """The variable whose value is the whole of an image, as far as ``.env`` decides."""
    expansion = variables.expand(text, variables.COMPOSE, {})
    if expansion is None or len(expansion.whole_reads) != 1 or expansion.part_reads:
        return None
    return next(iter(expansion.whole_reads))


def _is_open(use: ImageUse) -> bool:
    """Whether a use has variables that the file gives no value."""
    spelling = use.spelling
    return (
        use.reference is None
        and "$" in use.text
        and isinstance(spelling, Opaque)
        and not spelling.elsewhere
    )


@lru_cache(maxsize=64)
def _environment(tree: Tree, folder: str) -> Source | None:
    """The file of variables in a folder, unless git ignores it: then it is nobody's but one's own."""
    path = normpath(join(folder, _FILE))
    if not tree.exists(path):
        return None
    listed = tree.files(folder or ".", lambda it: normpath(it) == path)
    return tree.read(path) if listed else None


def _filled(file: Source, use: ImageUse) -> ImageUse:
    known = settings(file.text)
    values = {name: setting.value for name, setting in known.items()}
    expansion = variables.expand(use.text, variables.COMPOSE, values)
    text = expansion.text if expansion else None
    if expansion is None or not text:
        return use
    related = tuple(
        Related(value_span(file, known[name]), "a part of it", file)
        for name in dict.fromkeys(piece.name for piece in expansion.pieces)
        if name in known
    )
    if expansion.variable in known:
        return use._replace(spelling=_SET, related=related)
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        return use
    return use._replace(reference=reference, spelling=_PUT_TOGETHER, related=related)


def value_span(file: Source, setting: Setting) -> Span:
    """The bytes of a variable's value."""
    return Span(file.byte_offset(setting.start), file.byte_offset(setting.end))
