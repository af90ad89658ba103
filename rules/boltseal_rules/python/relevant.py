"""A module without the functions that can name no image: the slow parser reads what is left.

What is left out becomes blank, byte for byte, so that every offset holds.
"""

import ast
import re
from collections.abc import Iterator

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BLACK = re.compile(rb"[^\r\n]")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def relevant(text: str, tree: ast.Module, needles: tuple[bytes, ...]) -> str:
    """The text of a module in which functions without any needle are blank.

    ``tree`` is what the stdlib makes of the same text. Functions in functions stay.
    """
    data = text.encode()
    lines = [match.span() for match in _LINE.finditer(data)]
    out: list[bytes] = []
    at = 0
    for first, last in _functions(tree):
        start, end = lines[first - 1][0], lines[last - 1][1]
        if start >= at and not any(needle in data[start:end] for needle in needles):
            out += data[at:start], _BLACK.sub(b" ", data[start:end])
            at = end
    return b"".join((*out, data[at:])).decode() if out else text


def _functions(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """The lines of each function in the module and in its classes that have these for themselves.

    The first statement of a class stays, so that something is left of it.
    """
    stack: list[tuple[list[ast.stmt], int]] = [(tree.body, 0)]
    found = []
    while stack:
        body, kept = stack.pop()
        for before, node, behind in zip([None, *body], body, [*body[1:], None], strict=False):
            if isinstance(node, ast.ClassDef):
                stack.append((node.body, 1))
            if not isinstance(node, _Function) or node is (body[0] if kept else None):
                continue
            first = min([node.lineno, *(it.lineno for it in node.decorator_list)])
            last = node.end_lineno or first
            alone = (before is None or (before.end_lineno or 0) < first) and (
                behind is None or behind.lineno > last
            )
            if alone:
                found.append((first, last))
    return iter(sorted(found))
