"""JSON that any program reads: ASCII, and no half of a surrogate pair in it."""

import json
from collections.abc import Iterable, Iterator

from boltseal.pattern import pattern

_BACKSLASH_OR_SURROGATES = pattern(
    r"\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(\\ud[89a-f][0-9a-f]{2})"
)


def dump(value: object) -> str:
    """A value on one line, in ASCII.

    So no control or bidirectional character of a scanned file reaches a terminal. Nor does '##'
    reach a log: what follows it may be a command to the service that reads the log, wherever in a
    line it stands. A byte of a path that is no UTF-8 becomes U+FFFD: what readers make of a lone
    surrogate is unpredictable (RFC 8259, 8.2), and some refuse the whole text.
    """
    text = json.dumps(value, ensure_ascii=True).replace("##", r"#\u0023")
    if "\\ud" not in text:
        return text
    return _BACKSLASH_OR_SURROGATES.sub(lambda it: "\\ufffd" if it[1] else it[0], text)


def spread(frame: object, items: Iterable[object]) -> Iterator[str]:
    """The lines of a document: ``frame`` with its last list, which is empty, filled with ``items``.

    Each item has a line of its own, so that a large document is never in memory as a whole.
    """
    text = dump(frame)
    at = text.rindex("[]") + 1
    held = text[:at]
    separator = ""
    for item in items:
        yield held + separator
        held, separator = dump(item), ","
    yield held + text[at:]
