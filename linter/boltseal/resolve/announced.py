"""What a registry announces to its users in Warning headers (OCI distribution spec, "Warnings")."""

import re
from collections.abc import Iterator

from boltseal.printable import brief
from boltseal.resolve.exchange import Answer

_WARNING = re.compile(r'299 - "((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MAX = 5


def announced(answer: Answer) -> Iterator[str]:
    """The texts of the first few warnings of an answer, as the registry wrote them.

    Other codes than 299, and what does not follow the grammar of the specification, are left out.
    """
    for value in answer.all("warning")[:_MAX]:
        for match in list(_WARNING.finditer(value))[:_MAX]:
            text = _ESCAPE.sub(r"\1", match[1]).strip()
            if text:
                yield text


def shown(text: str) -> str:
    """Such a text, short and safe to print."""
    return brief(text, limit=200)
