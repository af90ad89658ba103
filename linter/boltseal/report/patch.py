"""What a fix changes, as the lines before and after it."""

from collections.abc import Iterator

from boltseal.edit import Fix
from boltseal.printable import printable
from boltseal.report.record import Changed, changed
from boltseal.source import Source
from boltseal.style import Style

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


def narrowed(line: Changed, width: int) -> Changed:
    """A line of more than ``width`` characters cut around what differs, with ``…`` at the cuts.

    What a fix adds is not cut, nor is the text around it shown differently.
    """
    before, after = line.before, line.after
    if len(before) <= width:
        return line
    shorter = min(len(before), len(after))
    same = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    start = max(0, same - width // 3)
    stop = min(len(before), start + width)
    left_out = len(before) - stop
    return Changed(line.line, _cut(before, start, stop), _cut(after, start, len(after) - left_out))


def _cut(text: str, start: int, stop: int) -> str:
    return f"{'…' if start else ''}{text[start:stop]}{'…' if stop < len(text) else ''}"
