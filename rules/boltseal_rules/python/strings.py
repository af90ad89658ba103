"""The pieces that a string is put together from: literals side by side, and replacement fields."""

import ast

from boltseal_rules.python.syntax import UNKNOWN, Piece, Tree, literal


def pieces(tree: Tree, node: ast.Constant | ast.JoinedStr) -> list[Piece]:
    """The pieces of a string in the order in which they are written."""
    if isinstance(node, ast.JoinedStr):
        found = _plain(tree, node)
    elif isinstance(node.value, str):
        single = literal(tree, node)
        found = [single] if single is not None else []
    else:
        found = [UNKNOWN]
    if found:
        return found
    from boltseal_rules.python import concrete

    return concrete.pieces(tree, node)


def _plain(tree: Tree, node: ast.JoinedStr) -> list[Piece]:
    """The pieces of an f-string whose fields are bare expressions; nothing for any other.

    Before Python 3.12 only the expressions in it know where they stand.
    """
    if b"\\" in tree.source.slice(tree.span(node)):
        return []
    found = []
    for value in node.values:
        match value:
            case ast.Constant(value=str() as text):
                found.append(Piece(text, text))
            case ast.FormattedValue(value=field, conversion=-1, format_spec=None):
                start, end = tree.span(field)
                code = tree.source.data[start - 1 : end + 1].decode("utf-8", "replace")
                if code[:1] != "{" or code[-1:] != "}":
                    return []
                found.append(Piece(None, code, field=field))
            case _:
                return []
    return found if any(piece.field is not None for piece in found) else []
