"""Text that a template engine fills in: how to tell it."""

from boltseal.pattern import pattern

_BLOCK = pattern(r"\{%|(?<!\$)\{\{-?[ \t]*(?:block|define|else|end|if|range|with)\b")
_PLACEHOLDER = pattern(
    r"<[^<>]*>|\[[A-Z][^\[\]]*\]|%%\w+%%|@[A-Za-z_]\w*@|\(\([^()]+\)\)|__[A-Z]\w*__"
    r"|:(?:[A-Z]+_)*(?:TAG|VERSION)$"
)
_PLACEHOLDER_MARKS = ("<", "[", "%%", "@", "((", "__", "TAG", "VERSION")


def is_templated(text: str) -> bool:
    """Whether Go, Helm, Jinja or a like engine has a part in ``text``."""
    return "{{" in text or "{%" in text


def has_blocks(text: str) -> bool:
    """Whether ``text`` branches or loops: read around that, it need not be what it renders to."""
    return is_templated(text) and _BLOCK.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether ``text`` asks a reader or a script to put something in its place (``<your-image>``)."""
    marked = any(mark in text for mark in _PLACEHOLDER_MARKS)
    return marked and _PLACEHOLDER.search(text) is not None
