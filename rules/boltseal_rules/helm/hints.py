"""Which files of a chart could read the tag or the digest of an image, told from their words alone.

A guess that errs on one side: a file that is left out reads none. Where a library puts the images
together, that is nearly every file, and none of them has to be parsed.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from boltseal.source import Source
from boltseal_rules.helm.templates import Templates
from boltseal_rules.image_keys import PIN_KEYS

# A field that may be a tag or a digest; in a text, behind which a quote stands, it is none.
_KEYS = "|".join("".join(f"{it}_*" for it in key) for key in PIN_KEYS)
_KEY = re.compile(rf"\._*(?:{_KEYS})(?![\w\"`])", re.IGNORECASE)
_CHAIN = re.compile(r"[\w$.]*")
_LONGEST = 500
"""Characters that are looked through for the start of a chain of fields."""
_RANGE = re.compile(
    r"[ \t\r\n]*(?:\$\w+(?:[ \t]*,[ \t]*\$\w+)?[ \t]*:=[ \t]*)?"
    r"(?:(?P<chain>[\w$.]+)[ \t\r\n]*-?\}\}|\(?until\b)"
)
_INDEX = re.compile(r"[ \t\r\n]+(?P<chain>[\w$.]+)(?=[ \t\r\n])")
_NAMED = re.compile(r"[ \t\r\n]*([\"`])(?P<name>.*?)\1", re.DOTALL)
_FILE = re.compile(
    r"[ \t\r\n]*\([ \t]*print[ \t]+\$?\.Template\.BasePath[ \t]+\"(?P<end>[^\"]*)\"[ \t]*\)"
)
_BLANKS = " \t\r\n"
_BEFORE_A_WORD = frozenset(" \t\r\n({|,=")


def readers(templates: Templates, steps: Collection[str]) -> list[Source]:
    """The files that could read a key of an image, themselves or through what they include.

    ``steps`` are those of the paths at which the images stand. A key is one of a tag or a digest,
    or one that is not known.
    """
    chart = _Chart(templates, frozenset(steps))
    found: list[str] = []
    includers: dict[str, list[str]] = {}
    for passage in templates.passages:
        if "{{" not in passage.text:
            continue
        included = chart.included(passage.text)
        if included is None or chart.reads(passage.text):
            found.append(passage.name)
        for name in included or ():
            includers.setdefault(name, []).append(passage.name)
    reached: set[str] = set()
    while found:
        name = found.pop()
        if name not in reached:
            reached.add(name)
            found += includers.get(name, ())
    return [source for source in templates.files if source.path in reached]


class _Chart:
    """The words of a chart, seen by somebody who looks for some images."""

    def __init__(self, templates: Templates, steps: frozenset[str]) -> None:
        self._passages = templates.passages
        self._steps = steps | {"AsMap"}
        self._is_text = lru_cache(maxsize=None)(self._said)

    def included(self, text: str) -> set[str] | None:
        """The templates that a text includes; None where their names are not known."""
        names: set[str] = set()
        for at in _inside(text, "include", "template"):
            named, file = _NAMED.match(text, at), _FILE.match(text, at)
            if named:
                names.add(named["name"])
            elif file:
                names |= {it.name for it in self._passages if it.name.endswith(file["end"])}
            else:
                return None
        return names

    def reads(self, text: str) -> bool:
        """Whether a text could itself read a key of one of the images."""
        chains = (_before(text, match.start()) for match in _KEY.finditer(text))
        return any(map(self._leads_there, chains)) or any(map(self._leads_there, _operands(text)))

    def _leads_there(self, chain: str) -> bool:
        """Whether a chain of fields could lead to one of the images, or above one.

        Each field of a value is a step. One that is in no path of an image leads away from all of
        them, unless it is the key of a dictionary: that may hold anything, and its keys are texts.
        """
        fields = list(filter(None, chain.split(".")[1:]))
        if "Values" in fields and not self._is_text("Values"):
            return self._steps.issuperset(fields[fields.index("Values") + 1 :])
        return all(it in self._steps or it == "Values" or self._is_text(it) for it in fields)

    def _said(self, word: str) -> bool:
        """Whether a word is a text of its own somewhere in the chart."""
        return any(
            f'"{word}"' in it.text or f"`{word}`" in it.text or _constant(it.text) == word
            for it in self._passages
        )


def _constant(text: str) -> str | None:
    """What a template gives where it has no action in it."""
    if text.count("{{") == 2:  # a ``define`` and its ``end``
        text = text.partition("}}")[2].rpartition("{{")[0]
    return text.strip(_BLANKS) if "{{" not in text else None


def _before(text: str, at: int) -> str:
    """The chain of fields that ends at an offset; '' also where it is too long to tell."""
    backwards = text[max(0, at - _LONGEST) : at][::-1]
    chain = _CHAIN.match(backwards)
    return chain[0][::-1] if chain and len(chain[0]) < _LONGEST else ""


def _operands(text: str) -> Iterator[str]:
    """The chains of fields that are gone through or indexed; '' for anything else."""
    for at in _inside(text, "range"):
        gone_through = _RANGE.match(text, at)
        if gone_through is None or gone_through["chain"]:
            yield gone_through["chain"] if gone_through else ""
    for at in _inside(text, "index", "get"):
        indexed = _INDEX.match(text, at)
        yield indexed["chain"] if indexed else ""
    for _ in _inside(text, "dig"):
        yield ""


def _inside(text: str, *words: str) -> Iterator[int]:
    """The offsets behind some words, where they stand in actions."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            following = text[end : end + 1]
            if (
                text[at - 1 : at] in _BEFORE_A_WORD
                and not (following.isalnum() or following == "_")
                and text.rfind("{{", 0, at) > text.rfind("}}", 0, at)
            ):
                yield end
            at = text.find(word, end)
