"""Images that shell commands pull: in scripts, makefiles, justfiles, units, and steps of CI."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.block import block
from boltseal_rules.embedded_yaml import moved
from boltseal_rules.formats.size import refuse_large
from boltseal_rules.literal import shown
from boltseal_rules.shell import texts
from boltseal_rules.shell.texts import Text, built_in, texts_of
from boltseal_rules.shell.uses import Made, command_uses
from boltseal_rules.text_use import distinct

NAME = "shell"


def claims(path: str) -> bool:
    """Whether a file of this name may hold commands."""
    return texts.claims(path)


def find(source: Source) -> Found | None:
    """The images that the commands of a file pull. Raises Unparsable for a large script."""
    refuse_large(source.data)
    found = texts_of(source)
    loads = any(text.commands.loads for text in found.texts)
    made = Made(found.made, lambda: built_in(source.tree), loads)
    return Found(distinct(use for text in found.texts for use in _uses(source, text, made)))


def _uses(source: Source, text: Text, made: Made) -> Iterator[ImageUse]:
    uses = command_uses(text.source, NAME, text.commands, made)
    if text.piece is None:
        yield from uses
        return
    where, whole = block(source, text.piece.scalar), shown(source, text.piece.scalar)
    yield from (moved(use, source, where, whole, text.piece.route) for use in uses)
