"""Text that came from a file or a registry, made safe for a terminal or a log."""

import re

# C0 and C1 controls, and the characters that reorder or hide what stands around them.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def printable(text: str, limit: int = 0) -> str:
    """``text`` on one line, with control and bidirectional characters written as escapes.

    A ``limit`` above 0 cuts it to so many characters and says so by an ellipsis.
    """
    safe = _UNSAFE.sub(_escape, text)
    return safe if not limit or len(safe) <= limit else safe[: limit - 1] + "…"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
