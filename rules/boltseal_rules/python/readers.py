"""What else in a module reads the text of an image, and would break if a digest stood in it."""

import ast
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping

from boltseal.source import Span
from boltseal_rules.python.fates import LOOKED_UP, Fate, fate, literal_deed
from boltseal_rules.python.scopes import Key, Scopes
from boltseal_rules.python.syntax import Tree

_COMMAND = re.compile(r"\b(?:docker|podman)\s+(?:image\s+)?(?:tag|rmi|inspect)\s+([^;&|]*)")
_ENGINES = ("docker", "podman")
_MAX_LENGTH = 600


class Readers:
    """The objections to a digest in some literals of a module, by their spans, and what these say.

    ``known`` are the names that stand at places for images.
    """

    def __init__(
        self, tree: Tree, known: Collection[ast.AST], literals: Mapping[Span, str]
    ) -> None:
        self._scopes = Scopes(tree.module)
        self._known = known
        self._texts = sorted(self._scopes.texts, key=lambda it: (it.lineno, it.col_offset))
        self._strong: dict[Key, str] = {}
        """What is done with the text of a name by those who read the name itself."""
        self._nodes = self._at(tree, literals)
        self._fates = {span: self._fate(node) for span, node in self._nodes.items()}
        fates = self._fates.values()
        self._objections = self._by_name(key for it in fates for key in (*it.keys, *it.given))
        self._said = {span: text.strip() for span, text in literals.items()}
        self._literals = self._by_text(frozenset(self._said.values()))

    def objection(self, span: Span) -> str:
        """What else reads the literal at ``span``: '' or 'line 12 compares it'."""
        if span not in self._fates:
            return ""
        what = self._fates[span]
        for key in what.keys:
            found = self._objection(key)
            if found:
                return found
        if what.strong:
            return f"line {self._nodes[span].lineno} {what.deed}"
        for key in what.given:
            if key in self._strong:
                return self._strong[key]
        return self._literals.get(self._said[span], "")

    def _at(self, tree: Tree, spans: Iterable[Span]) -> dict[Span, ast.Constant]:
        """The string in which each span stands."""
        starts = [tree.start(it) for it in self._texts]
        found = {span: bisect_right(starts, span.start) - 1 for span in spans}
        return {span: self._texts[index] for span, index in found.items() if index >= 0}

    def _fate(self, literal: ast.AST) -> Fate:
        node = literal
        while isinstance(up := self._scopes.parents.get(node), ast.BinOp):
            node = up
        return fate(self._scopes, node)

    def _objection(self, key: Key) -> str:
        for one in (key, *self._scopes.also(key)):
            if one in self._objections:
                return self._objections[one]
        return ""

    def _by_name(self, wanted: Iterable[Key]) -> dict[Key, str]:
        """The first objection to each wanted name, also where others take the value from it."""
        found: dict[Key, str] = {}
        sources: dict[Key, list[Key]] = {}
        given: list[tuple[Key, Key]] = []
        for node, key, what in self._loads(wanted):
            self._object(found, node, key, what)
            given += [(key, parameter) for parameter in what.given]
            pairs = [(target, key) for target in what.keys]
            pairs += [(also, target) for target in what.keys for also in self._scopes.also(target)]
            pairs += [(also, key) for also in self._scopes.also(key)]
            for target, source in pairs:
                sources.setdefault(target, []).append(source)
        for key, parameter in given:
            if parameter in self._strong:
                found.setdefault(key, self._strong[parameter])
        for text in filter(self._is_exported, self._texts):
            key = Key(self._scopes.module, str(text.value))
            found.setdefault(key, f"line {text.lineno} exports it")
        return _spread(found, sources)

    def _loads(self, wanted: Iterable[Key]) -> list[tuple[ast.Name | ast.Attribute, Key, Fate]]:
        """What becomes of ``wanted`` names wherever they are read, and of all that they go to.

        In the order of the file. Names to which no literal goes matter to nobody.
        """
        queue = list(dict.fromkeys(wanted))
        seen = set(queue)
        found = []
        for key in queue:
            more = list(self._scopes.also(key))
            for node in self._scopes.loads(key):
                what = fate(self._scopes, node)
                found.append((node, key, what))
                more += (*what.keys, *what.given)
            queue += [it for it in dict.fromkeys(more) if it not in seen]
            seen.update(more)
        return sorted(found, key=lambda it: (it[0].lineno, it[0].col_offset))

    def _object(
        self, found: dict[Key, str], node: ast.Name | ast.Attribute, key: Key, what: Fate
    ) -> None:
        """Keep the objection of one load, if it is one."""
        sentence = f"line {node.lineno} {what.deed}"
        if what.strong:
            self._strong.setdefault(key, sentence)
            found.setdefault(key, sentence)
            return
        of_any = key.is_attribute and key.scope is None
        if what.deed and not of_any and node not in self._known:
            found.setdefault(key, sentence)

    def _is_exported(self, node: ast.Constant) -> bool:
        up = self._scopes.parents.get(self._scopes.parents[node])
        return isinstance(up, ast.Assign) and any(
            isinstance(it, ast.Name) and it.id == "__all__" for it in up.targets
        )

    def _by_text(self, wanted: frozenset[str]) -> dict[str, str]:
        """The first objection to each wanted text that stands elsewhere too."""
        found: dict[str, str] = {}
        for node in self._texts:
            text = str(node.value)
            is_long = len(text) >= _MAX_LENGTH
            if not is_long and text.strip() in wanted:
                deed = literal_deed(self._scopes, node)
                if deed and not (deed == LOOKED_UP and text.isidentifier()):
                    found.setdefault(text.strip(), f"line {node.lineno} {deed}")
            if any(engine in text for engine in _ENGINES):
                for match in _COMMAND.finditer(text):
                    for word in match[1].split():
                        found.setdefault(word, f"line {node.lineno} asks for it by name")
        return found


def _spread(found: dict[Key, str], sources: dict[Key, list[Key]]) -> dict[Key, str]:
    """The objections with those to the names from which others take their value."""
    queue = list(found)
    for key in queue:
        for source in sources.get(key, ()):
            if source not in found:
                found[source] = found[key]
                queue.append(source)
    return found
