"""Python source: images in calls, keywords, constants, defaults, dicts and manifests in strings."""

import ast
import re

from boltseal.place import Found, Place
from boltseal.settings import PythonNames
from boltseal.source import Source, Unparsable
from boltseal_rules.formats.size import refuse_large
from boltseal_rules.python import prefilter
from boltseal_rules.python.known import Names, names
from boltseal_rules.python.relevant import relevant
from boltseal_rules.signs import PYTHON, claims

NAME = "python"
_SCRIPT = re.compile(rb"(?:\xef\xbb\xbf)?#![^\n]*python")


def find(source: Source) -> Found | None:
    """The images of a module; None where neither its name nor its first line says that it is one.

    Raises Unparsable where it cannot be read and seems to name an image.
    """
    return _find(source, names(), PYTHON)


def _find(source: Source, known: Names, needles: tuple[bytes, ...]) -> Found | None:
    if not claims(NAME, source.path) and not _SCRIPT.match(source.data):
        return None
    try:
        text = source.text
    except Unparsable:
        if prefilter.looks_like_image(source.data.decode("latin-1")):
            raise
        return Found()
    try:
        refuse_large(text)
    except Unparsable as problem:
        return _unreadable(text, problem.reason)
    try:
        quick = prefilter.read(text)
        if quick and not prefilter.may_hold(quick, known):
            return Found()
        if quick and prefilter.is_too_deep(quick):
            return _unreadable(text, "nested too deeply")
    except (RecursionError, MemoryError):
        return _unreadable(text, "nested too deeply")
    from boltseal_rules.python.module import module_uses
    from boltseal_rules.python.syntax import is_too_deep, parse

    if quick is None and is_too_deep(text):
        return _unreadable(text, "nested too deeply")
    try:
        tree = parse(source, _relevant(text, quick, known, needles) if quick else text)
    except Unparsable as problem:
        return _unreadable(text, problem.reason, problem.offset)
    return Found(tuple(module_uses(tree, NAME, known, quick)))


def _relevant(text: str, tree: ast.Module, known: Names, needles: tuple[bytes, ...]) -> str:
    others = prefilter.aliases(ast.walk(tree), known)
    return relevant(text, tree, (*needles, *(name.encode() for name in others)))


def _unreadable(text: str, reason: str, offset: int = 0) -> Found:
    """Nothing for a file that names no image, as most of those in Python 2 do not."""
    if prefilter.looks_like_image(text):
        raise Unparsable(reason, offset)
    return Found()


def configured(place: Place, added: PythonNames) -> Place:
    """``place`` with the calls and keywords of a configuration.

    Raises UsageError for an entry that is none.
    """
    known = names(added)
    needles = (
        *(call.rpartition(":")[0].rpartition(".")[2].encode() for call in added.calls),
        *(keyword.encode() for keyword in added.keywords),
    )
    needles = (*PYTHON, *needles)
    return place._replace(needles=needles, find=lambda source: _find(source, known, needles))
