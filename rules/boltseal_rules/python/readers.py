"""What else in a module reads the text of an image, and would break if a digest stood in it."""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable

from boltseal.source import Source, Span
from boltseal_rules.python.fates import LOOKED_UP, Fate, fate, literal_deed
from boltseal_rules.python.scopes import Key, Load, Scopes

_COMMAND = re.compile(r"\b(?:docker|podman)\s+(?:image\s+)?(?:tag|rmi|inspect)\s+([^;&|]*)")
_MAX_LENGTH = 600
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Readers:
    """The objections to a digest in the literals of a module.

    ``known`` are the spans of the names that stand at places for images.
    """

    def __init__(self, source: Source, tree: ast.Module, known: Iterable[Span]) -> None:
        self._source = source
        self._scopes = Scopes(tree)
        self._lines = [match.end() for match in _LINE_END.finditer(source.data)]
        self._known = frozenset(known)
        self._texts = sorted(self._scopes.texts, key=lambda it: self._start(it))
        self._starts = [self._start(it) for it in self._texts]
        self._strong: dict[Key, str] = {}
        """What is done with the text of a name by those who read the name itself."""
        self._objections = self._by_name()
        self._literals = self._by_text()

    def objection(self, span: Span, text: str) -> str:
        """What else reads the literal at ``span``, which says ``text``: '' or 'line 12 compares it'."""
        index = bisect_right(self._starts, span.start) - 1
        if index < 0:
            return ""
        node: ast.AST = self._texts[index]
        while isinstance(up := self._scopes.parents.get(node), ast.BinOp):
            node = up
        what = fate(self._scopes, node)
        for key in what.keys:
            found = self._objection(key)
            if found:
                return found
        if what.strong:
            return f"line {self._texts[index].lineno} {what.deed}"
        for key in what.given:
            if key in self._strong:
                return self._strong[key]
        return self._literals.get(text.strip(), "")

    def _objection(self, key: Key) -> str:
        for one in (key, *self._scopes.also(key)):
            if one in self._objections:
                return self._objections[one]
        return ""

    def _by_name(self) -> dict[Key, str]:
        """The first objection to each name, also where another name takes the value from it."""
        found: dict[Key, str] = {}
        sources: dict[Key, list[Key]] = {}
        given: list[tuple[Key, Key]] = []
        for load in self._scopes.loads():
            what = fate(self._scopes, load.node)
            self._object(found, load, what)
            given += [(load.key, parameter) for parameter in what.given]
            pairs = [(target, load.key) for target in what.keys]
            pairs += [(also, key) for key in what.keys for also in self._scopes.also(key)]
            pairs += [(also, load.key) for also in self._scopes.also(load.key)]
            for target, key in pairs:
                sources.setdefault(target, []).append(key)
        for key, parameter in given:
            if parameter in self._strong:
                found.setdefault(key, self._strong[parameter])
        for text in filter(self._is_exported, self._texts):
            key = Key(self._scopes.module, str(text.value))
            found.setdefault(key, f"line {text.lineno} exports it")
        return _spread(found, sources)

    def _object(self, found: dict[Key, str], load: Load, what: Fate) -> None:
        """Keep the objection of one load, if it is one."""
        key = load.key
        sentence = f"line {load.node.lineno} {what.deed}"
        if what.strong:
            self._strong.setdefault(key, sentence)
            found.setdefault(key, sentence)
            return
        of_any = key.is_attribute and key.scope is None
        if what.deed and not of_any and self._span(load.node) not in self._known:
            found.setdefault(key, sentence)

    def _is_exported(self, node: ast.Constant) -> bool:
        up = self._scopes.parents.get(self._scopes.parents[node])
        return isinstance(up, ast.Assign) and any(
            isinstance(it, ast.Name) and it.id == "__all__" for it in up.targets
        )

    def _by_text(self) -> dict[str, str]:
        """The first objection to each text that stands elsewhere too."""
        found: dict[str, str] = {}
        for node in self._texts:
            text = str(node.value)
            deed = literal_deed(self._scopes, node) if len(text) < _MAX_LENGTH else ""
            if deed and not (deed == LOOKED_UP and text.isidentifier()):
                found.setdefault(text.strip(), f"line {node.lineno} {deed}")
            for match in _COMMAND.finditer(text):
                for word in match[1].split():
                    found.setdefault(word, f"line {node.lineno} asks for it by name")
        return found

    def _start(self, node: ast.expr) -> int:
        return self._offset(node.lineno, node.col_offset)

    def _span(self, node: ast.expr) -> Span:
        end = self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Span(self._start(node), end)

    def _offset(self, line: int, column: int) -> int:
        return (self._lines[line - 2] if line > 1 else self._source.bom) + column


def _spread(found: dict[Key, str], sources: dict[Key, list[Key]]) -> dict[Key, str]:
    """The objections with those to the names from which others take their value."""
    queue = list(found)
    for key in queue:
        for source in sources.get(key, ()):
            if source not in found:
                found[source] = found[key]
                queue.append(source)
    return found
