"""From the bytes of a file to its tree: read by the stdlib, and what that refuses by libcst."""

import ast
import warnings

from boltseal.source import Source, Unparsable
from boltseal_rules.python.syntax import Tree


def parse(source: Source) -> Tree:
    """The tree of a file. Raises Unparsable where neither of the two can read it."""
    text = source.text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Tree(source, ast.parse(text))
    except (RecursionError, MemoryError):
        raise Unparsable("nested too deeply") from None
    except (SyntaxError, ValueError):
        from boltseal_rules.python import concrete
    return concrete.parse(source)
