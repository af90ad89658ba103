"""What a Jenkins pipeline names images with, found in its tokens.

The rules are those of the Docker Pipeline plugin (``docker.image``, ``docker.withRegistry``), of
declarative pipelines (``agent``) and of the Kubernetes plugin (``podTemplate``).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from boltseal_rules.formats.groovy import Token

_CLOSED = {"(": ")", "[": "]", "{": "}"}
_MAX_EXPRESSION = 60
"""Tokens of an expression beyond which it is cut off."""
_MAX_BLOCKS = 24
"""Blocks around a token that are looked at."""
_OUTPUTS = ("push", "tag", "imageName")


class Block(NamedTuple):
    """What stands between braces: the words before it, its tokens from ``start`` to ``end``."""

    head: str
    argument: Token | None
    start: int
    outer: "int | None"


class Script(NamedTuple):
    """The tokens of a script, and for each the innermost block that it stands in."""

    tokens: Sequence[Token]
    blocks: Sequence[Block]
    within: Sequence[int | None]

    def heads(self, at: int) -> Iterator[Block]:
        """The blocks around a token, the innermost first, as far as is reasonable."""
        index = self.within[at]
        for _ in range(_MAX_BLOCKS):
            if index is None:
                return
            block = self.blocks[index]
            yield block
            index = block.outer


class NamedImage(NamedTuple):
    """An expression that names an image, or, if ``is_pod``, a string that holds a manifest."""

    route: str
    expression: Sequence[Token]
    registry: Token | None = None
    is_pod: bool = False


def script(tokens: Sequence[Token]) -> Script:
    """Find the blocks of a script."""
    blocks: list[Block] = []
    within: list[int | None] = []
    open_blocks: list[int] = []
    for at, token in enumerate(tokens):
        within.append(open_blocks[-1] if open_blocks else None)
        if token.kind != "sign":
            continue
        if token.text == "{":
            head, argument = _head(tokens, at)
            blocks.append(Block(head, argument, at, within[-1]))
            open_blocks.append(len(blocks) - 1)
        elif token.text == "}" and open_blocks:
            open_blocks.pop()
    return Script(tokens, blocks, within)


def _head(tokens: Sequence[Token], at: int) -> tuple[str, Token | None]:
    """The word before a brace, and the first string of the arguments between the two."""
    at -= 1
    while at >= 0 and tokens[at].text == "\n":
        at -= 1
    argument: Token | None = None
    depth = 0
    for index in range(at, max(-1, at - _MAX_EXPRESSION), -1):
        token = tokens[index]
        if token.kind == "string":
            argument = token
        elif token.kind == "word" and not depth:
            return token.text, argument
        elif token.text == ")":
            depth += 1
        elif token.text == "(":
            depth -= 1
        elif not depth and token.text != ",":
            break
    return "", argument


def named_images(read: Script) -> Iterator[NamedImage]:
    """Every expression that names an image, in order."""
    counts: dict[str, int] = {}
    for at, token in enumerate(read.tokens):
        if token.kind != "word":
            continue
        found = _at_word(read, at, token.text)
        if found is not None:
            index = counts.get(found.route, 0)
            counts[found.route] = index + 1
            yield found._replace(route=f"{found.route}[{index}]")


def _at_word(read: Script, at: int, word: str) -> NamedImage | None:
    if word == "docker" and _is(read, at - 1, "."):
        return None
    if word == "docker" and _is(read, at + 1, ".") and _is(read, at + 2, "image"):
        return _scripted(read, at + 3)
    if word == "docker" and _heads(read, at)[:1] == ["agent"]:
        expression = _argument(read, at + 1)
        return NamedImage("agent.docker", expression) if expression else None
    if word == "image":
        return _image(read, at)
    if word == "yaml":
        return _pod(read, at)
    return None


def _heads(read: Script, at: int) -> list[str]:
    return [block.head for block in read.heads(at)]


def _is(read: Script, at: int, text: str) -> bool:
    return 0 <= at < len(read.tokens) and (
        read.tokens[at].text == text and read.tokens[at].kind != "string"
    )


def _scripted(read: Script, at: int) -> NamedImage | None:
    """``docker.image(…)``, unless what it names is pushed on the spot."""
    expression = _argument(read, at)
    if not expression:
        return None
    end = at + len(expression) + (2 if _is(read, at, "(") else 0)
    if _is(read, end, ".") and any(_is(read, end + 1, name) for name in _OUTPUTS):
        return None
    around = (block for block in read.heads(at) if block.head == "withRegistry")
    block = next(around, None)
    return NamedImage("docker.image", expression, block.argument if block else None)


def _image(read: Script, at: int) -> NamedImage | None:
    """``image`` of a declarative agent, and of a container template in either form."""
    if _is(read, at - 1, "."):
        return None
    heads = _heads(read, at)[:2]
    if heads in (["docker", "agent"], ["dockerContainer", "agent"]):
        expression = _argument(read, at + 1)
        return NamedImage("agent.docker.image", expression, _setting(read, at, "registryUrl"))
    if _is(read, at + 1, ":"):
        if not _in_template(read, at):
            return None
        expression = _argument(read, at + 2)
    elif heads[:1] == ["containerTemplate"]:
        expression = _argument(read, at + 1)
    else:
        return None
    return NamedImage("containerTemplate.image", expression) if expression else None


def _in_template(read: Script, at: int) -> bool:
    """Whether a named argument is one of ``containerTemplate(…)``."""
    depth = 0
    for before in range(at - 1, max(-1, at - 400), -1):
        token = read.tokens[before]
        if token.kind == "sign" and token.text in ")]":
            depth += 1
        elif token.kind == "sign" and token.text in "([":
            depth -= 1
        if depth < 0 or (depth == 0 and token.text == "containerTemplate"):
            return _is(read, before - (depth < 0), "containerTemplate")
        if token.kind == "sign" and token.text in "{}":
            return False
    return False


def _setting(read: Script, at: int, name: str) -> Token | None:
    """The string that a setting beside this one holds."""
    index = read.within[at]
    if index is None:
        return None
    first = max(read.blocks[index].start + 1, at - _MAX_EXPRESSION)
    for near in range(first, min(at + _MAX_EXPRESSION, len(read.tokens))):
        if read.within[near] == index and _is(read, near, name):
            value = _argument(read, near + 1)
            return value[0] if len(value) == 1 and value[0].kind == "string" else None
    return None


def _pod(read: Script, at: int) -> NamedImage | None:
    """``yaml`` of a Kubernetes agent or of a pod template: a string that holds a manifest."""
    start = at + 2 if _is(read, at + 1, ":") or _is(read, at + 1, "=") else at + 1
    expression = _argument(read, start)
    if not expression or expression[0].kind != "string" or _is(read, at - 1, "."):
        return None
    if "image" not in expression[0].text:
        return None
    return NamedImage("yaml", expression, is_pod=True)


def _argument(read: Script, at: int) -> Sequence[Token]:
    """The expression that begins at a token: in parentheses up to their end, else on its line."""
    tokens = read.tokens
    enclosed = _is(read, at, "(")
    at += enclosed
    stack: list[str] = []
    for end in range(at, min(len(tokens), at + _MAX_EXPRESSION)):
        token = tokens[end]
        if token.kind != "sign":
            continue
        if not stack and token.text in (",", ")", "]", "}", "{", ";", "\n"):
            return tokens[at:end]
        if token.text in _CLOSED:
            stack.append(_CLOSED[token.text])
        elif stack and token.text == stack[-1]:
            stack.pop()
    return tokens[at : at + _MAX_EXPRESSION] if len(tokens) - at < _MAX_EXPRESSION else ()
