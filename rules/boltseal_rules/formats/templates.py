"""Text that a template engine fills in: how to tell it, and how to read the YAML around it."""

import re

_COMMENT = r"\{\{-?[ \t]*/\*.*?\*/[ \t]*-?\}\}|\{#.*?#\}"
_ACTION = re.compile(rf"{_COMMENT}|\{{\{{.*?\}}\}}|\{{%.*?%\}}", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\[[A-Z][^\]]*\]|%%\w+%%|@[A-Za-z_]\w*@|\(\([^()]+\)\)|__[A-Z]\w*__"
)


def is_templated(text: str) -> bool:
    """Whether Go, Helm, Jinja or a like engine has a part in ``text``."""
    return "{{" in text or "{%" in text


def is_placeholder(text: str) -> bool:
    """Whether ``text`` asks a reader or a script to put something in its place (``<your-image>``)."""
    return _PLACEHOLDER.search(text) is not None


def mask(text: str) -> str:
    """The text with every action blotted out, character for character, so that YAML is left.

    A line that holds nothing but actions becomes a comment: it renders to no line, or to lines of
    its own. Elsewhere an action becomes a word. Line ends stay where they are.
    """
    out: list[str] = []
    at = 0
    for match in _ACTION.finditer(text):
        if match.start() < at:
            continue
        start, end = match.span()
        line = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        around = text[line:start], text[end : len(text) if line_end < 0 else line_end]
        out += text[at:start], _blot(match[0], alone=_is_alone(*around))
        at = end
    return "".join((*out, text[at:]))


def _is_alone(before: str, after: str) -> bool:
    return not _ACTION.sub("", before).strip() and not _ACTION.sub("", after).strip()


def _blot(action: str, *, alone: bool) -> str:
    if not alone:
        return "".join(c if c in "\r\n" else "x" for c in action)
    return re.sub(r"[^\r\n]+", lambda m: "#" + " " * (len(m[0]) - 1), action)
