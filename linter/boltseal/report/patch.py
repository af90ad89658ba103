"""What a fix changes, as the lines before and after it."""

from collections.abc import Iterator

from boltseal.edit import Fix
from boltseal.printable import printable
from boltseal.report.record import changed, narrowed
from boltseal.report.style import Style
from boltseal.source import Source

_WIDTH = 140


def patch_lines(source: Source, fix: Fix, style: Style) -> Iterator[str]:
    """Each line that changes, with ``-`` as it is and with ``+`` as it would be.

    A long line is cut around the change, so that the digest is seen whole.
    """
    for it in changed(source, fix.edits):
        cut = narrowed(it, _WIDTH)
        number = style.dim(f"{cut.line:>4}")
        yield f"{number} {style.red('- ' + printable(cut.before.expandtabs(4)))}"
        yield f"{number} {style.green('+ ' + printable(cut.after.expandtabs(4)))}"
