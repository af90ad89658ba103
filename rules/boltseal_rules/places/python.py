"""Python source: images in calls, keywords, constants, defaults, dicts and manifests in strings."""

import re

from boltseal.configuration.settings import PythonNames
from boltseal.place import Found, Place
from boltseal.source import Source, Unparsable
from boltseal_rules.formats.size import refuse_large
from boltseal_rules.python.known import Names, names
from boltseal_rules.python.module import module_uses
from boltseal_rules.python.reading import parse
from boltseal_rules.signs import PYTHON, claims

NAME = "python"
_SCRIPT = re.compile(rb"(?:\xef\xbb\xbf)?#![^\n]*python")
# A tagged reference behind 'image', or in a call that runs or pulls one: what nobody can read seems to
# name an image.
_PLAUSIBLE = re.compile(
    r"(?i)(?:image(?:(?!image)\w)*[\"']?\s*[=:(,]|(?:containers?\.(?:run|create)|pull|container)\()\s*"
    r"[urf]{0,2}[\"'][a-z0-9][\w./-]*:[\w.-]+[\"']"
)


def find(source: Source) -> Found | None:
    """The images of a module; None where neither its name nor its first line says that it is one.

    Raises Unparsable where it cannot be read and seems to name an image.
    """
    return _find(source, names())


def _find(source: Source, known: Names) -> Found | None:
    if not claims(NAME, source.path) and not _SCRIPT.match(source.data):
        return None
    try:
        refuse_large(source.text)
        return Found(tuple(module_uses(parse(source), NAME, known)))
    except Unparsable:
        # Most files in Python 2 name no image.
        if _PLAUSIBLE.search(source.data.decode("utf-8", "replace")):
            raise
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
    return place._replace(needles=needles, find=lambda source: _find(source, known))
