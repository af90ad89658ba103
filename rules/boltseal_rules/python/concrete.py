"""The parser that keeps every letter, for what the stdlib's does not tell.

It reads syntax that is newer than the Python that runs, and knows the pieces of a string. Its time
grows with the square of the depth, and it is a tenth as fast.
"""

import ast
import re
import warnings
from collections.abc import Mapping
from typing import Any

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from boltseal.source import Source, Unparsable
from boltseal_rules.python.syntax import UNKNOWN, Piece, Tree
from boltseal_rules.python.translation import Translation

_MAX_NESTING = 150
"""Brackets inside one another that are given to libcst unread by the stdlib: it has no limit."""
_MAX_CHAIN = 3000
_CHAINS = re.compile(r"\b(?:elif|else|lambda|not|await)\b|\*\*|[-+~](?=\s*[-+~])")
# libcst leaves these out, and what follows would stand elsewhere for it.
_FEEDS = re.compile(r"(\r\n|\r|\n)(\f+)")


def parse(source: Source) -> Tree:
    """The tree of a file that the stdlib refuses. Raises Unparsable where libcst does so too."""
    if _is_too_deep(source.text):
        raise Unparsable("nested too deeply")
    tree = Tree(source, ast.Module([], []), is_translated=True)
    try:
        module, spans = _parse(_FEEDS.sub(_before_the_line_end, source.text))
        tree.module.body += Translation(tree, spans, source.bom).all(module.body)
    except cst.ParserSyntaxError as error:
        line = max(1, min(error.raw_line, source.line_of(len(source.data))))
        raise Unparsable("not Python that boltseal can read", source.line_start(line)) from None
    except (RecursionError, KeyError):
        raise Unparsable("nested too deeply") from None
    except (SyntaxError, ValueError, TypeError, cst.CSTLogicError) as error:
        raise Unparsable(f"not Python: {error}") from None
    return tree


def _before_the_line_end(found: re.Match[str]) -> str:
    """As many blanks at the end of the line before as there are form feeds at the start of one."""
    return " " * len(found[2]) + found[1]


def _is_too_deep(text: str) -> bool:
    """Whether text that the stdlib has refused could be nested deeper than libcst can take.

    Brackets in strings are counted too: the answer errs on the safe side.
    """
    depth = deepest = 0
    for match in re.finditer(r"[(\[{]|[)\]}]", text):
        depth = depth + 1 if match[0] in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > _MAX_NESTING or sum(1 for _ in _CHAINS.finditer(text)) > _MAX_CHAIN


def pieces(tree: Tree, node: ast.expr) -> list[Piece]:
    """The literals that a string is written in, with the replacement fields inside them."""
    try:
        module, spans = _parse(f"({tree.code(node)})")
        line = cst.ensure_type(module.body[0], cst.SimpleStatementLine)
        string = cst.ensure_type(line.body[0], cst.Expr).value
        return list(Translation(tree, spans, tree.start(node) - 1).pieces(string))
    except (cst.ParserSyntaxError, RecursionError):
        return [UNKNOWN]


class _Spans(ByteSpanPositionProvider):
    """The provider alone: a wrapper would visit every node once more, for nobody."""

    def of(self, module: cst.Module) -> Mapping[cst.CSTNode, Any]:
        """The span of every node of a module."""
        return self._gen(MetadataWrapper(module, unsafe_skip_copy=True))


def _parse(text: str) -> tuple[cst.Module, Mapping[cst.CSTNode, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = cst.parse_module(text)
        return module, _Spans().of(module)
