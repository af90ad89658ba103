"""How each format writes comments, with the proof that one more has changed nothing.

JSON has no comments, and of shell scripts no reader here could tell that nothing has changed.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import groupby
from typing import Any

from boltseal.ignores.comment_style import CommentStyle
from boltseal.pattern import pattern
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse

_PATIENCE = 200_000
"""Characters that the slow YAML parser may read for a proof."""
_OURS = pattern(r"#[^\n]*boltseal:[ \t]*+ignore[^\n]*")
_ACTION = pattern(r"\s*+(\{\{-(?:[^}]|\}(?!\}))*+\}\}|\{%-(?:[^%]|%(?!\}))*+%\})")
_TRIMMED_BEFORE = pattern(r"-(?:\}\}|%\})\s*+#[^\n]*boltseal:[ \t]*+ignore")
_HARMLESS = pattern(
    r"\{[{%]-[ \t]*+(?:if|else|end|with|range|for|elif|endif|endfor|define|block|/\*)\b"
    r"|\{\{-[^}]*nindent|\{\{-[ \t]*+/\*"
)
_SETTING = pattern(
    r"[ \t]*+(?:(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*[=:][^\"'\r\n]*"
    r"(?:\"[^\"\r\n]*\"|'[^'\r\n]*')?[^\"'\r\n]*|#[^\r\n]*)?\r?"
)


def comment_style(use: ImageUse) -> CommentStyle | None:
    """How a comment is written in the file of a use; None where none can be."""
    path = use.source.path.lower()
    if re.search(r"\.ya?ml(?:\.[a-z0-9]+)?$", path):
        return _YAML
    if use.place == "devcontainer":
        return _JSONC
    if path.endswith(".py"):
        return _PYTHON
    if path.endswith(".json") or use.place in _IN_ANY_FILE:
        return None
    return _BY_PLACE.get(use.place, _YAML)


def _said(read: Callable[[Source], Hashable]) -> Callable[[Source], Hashable | None]:
    """What ``read`` makes of a file; None for one that it cannot read."""

    def said(source: Source) -> Hashable | None:
        try:
            return read(source)
        except (Unparsable, SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    return said


def _yaml(source: Source) -> Hashable:
    from boltseal_rules.formats.template_mask import actions, mask

    text = source.text
    if "{{" not in text and "{%" not in text:
        return _events(text)
    # The actions themselves, which the mask hides, and whether any swallows the end of a comment.
    return _events(mask(text)), tuple(actions(text)), _swallowing(text)


def _swallowing(text: str) -> int:
    """How many of our comments stand where a template would join them to other text.

    An action that begins with a dash takes away the line end before it. That does no harm where the
    next thing that it prints is a line end.
    """
    count = len(_TRIMMED_BEFORE.findall(text))
    for comment in _OURS.finditer(text):
        at = comment.end()
        while action := _ACTION.match(text, at):
            if not _HARMLESS.match(action[1]) or action[1].endswith(("-}}", "-%}")):
                count += 1
                break
            at = action.end()
    return count


def _events(text: str) -> Hashable:
    from boltseal_rules.formats.yaml_events import Refused, parsed

    try:
        return parsed(text, _plain_events, _PATIENCE)[0]
    except Refused as error:
        raise Unparsable(error.reason) from None


def _plain_events(events: Iterator[Any]) -> tuple[Hashable, ...]:
    """Events without their marks."""
    wanted = ("anchor", "tag", "value", "style", "flow_style", "version")
    return tuple(
        (type(event).__name__, *(getattr(event, name, None) for name in wanted)) for event in events
    )


def _jsonc(source: Source) -> Hashable:
    from boltseal_rules.formats.jsonc import mask

    return _events(mask(source.text))


def _python(source: Source) -> Hashable:
    import ast  # only here: few files are Python
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a module has of them is not ours to tell
        return ast.dump(ast.parse(source.data))


def _hcl(source: Source) -> Hashable:
    from boltseal_rules.formats.hcl_tokens import NEWLINE, tokens

    text = source.text
    items = tokens(source, text).items
    return _without_empty_lines(
        (token.kind, "\n" if token.kind == NEWLINE else text[token.start : token.end])
        for token in items
    )


def _groovy(source: Source) -> Hashable:
    from boltseal_rules.formats.groovy import tokens

    return _without_empty_lines(
        (token.kind, token.text, token.quote) for token in tokens(source.text)
    )


def _without_empty_lines(tokens: Iterable[tuple[str, ...]]) -> Hashable:
    """Tokens with every run of line ends as one."""
    runs = groupby(tokens, key=lambda token: token if token[1] == "\n" else id(token))
    return tuple(next(run) for _, run in runs)


def _dockerfile(source: Source) -> Hashable:
    """Instructions, directives, and the lines that are neither, which are those of heredocs."""
    from boltseal_rules.formats import directives
    from boltseal_rules.formats.dockerfile_lines import logical_lines

    data = source.data
    found = directives.read(data)
    logical = list(logical_lines(data, found.escape))
    syntax = source.slice(found.syntax) if found.syntax else b""
    taken: set[int] = set()
    for line in logical:
        first, last = line.stretches[0].number, line.stretches[-1].number
        taken.update(range(first, last + 1))
    # A comment of ours inside a heredoc would be one more of these lines, and data.
    rest = [
        line
        for number, line in enumerate(data.split(b"\n"))
        if number not in taken and not line.lstrip(b" \t\xef\xbb\xbf").startswith(b"#")
    ]
    texts = tuple(line.line.text for line in logical)
    return texts, found.escape, syntax, tuple(rest)


def _earthfile(source: Source) -> Hashable:
    from boltseal_rules.formats.dockerfile_lines import logical_lines

    return tuple(line.line.text for line in logical_lines(source.data, "\\", heredocs=False))


def _quadlet(source: Source) -> Hashable:
    from boltseal_rules.formats.systemd_unit import settings

    return tuple((it.section, it.key, it.value) for it in settings(source.text))


def _env_file(source: Source) -> Hashable:
    from boltseal_rules.formats.env_file import settings

    if not all(map(_SETTING.fullmatch, source.text.split("\n"))):
        raise Unparsable("a value of several lines")
    return tuple((it.name, it.value) for it in settings(source.text).values())


_YAML = CommentStyle("# ", True, _said(_yaml))
_JSONC = CommentStyle("// ", True, _said(_jsonc))
_HCL = CommentStyle("# ", True, _said(_hcl))
_PYTHON = CommentStyle("# ", True, _said(_python))
_IN_ANY_FILE = ("shell", "embedded")
"""Places that look into files of other formats, and tell nothing about these."""
_BY_PLACE = {
    "dockerfile": CommentStyle("# ", False, _said(_dockerfile)),
    "earthfile": CommentStyle("# ", False, _said(_earthfile)),
    "docker-bake": _HCL,
    "terraform": _HCL,
    "nomad": _HCL,
    "jenkinsfile": CommentStyle("// ", True, _said(_groovy)),
    "quadlet": CommentStyle("# ", False, _said(_quadlet)),
    "compose-env": CommentStyle("# ", False, _said(_env_file)),
    "python": _PYTHON,
}
