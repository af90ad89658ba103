"""Which files of a chart could read the tag or the digest of an image, told from their words alone.

A guess that errs on one side: a file that is left out reads none. Where a library puts the images
together, that is nearly every file, and none of them has to be parsed.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, lru_cache

from boltseal.source import Source
from boltseal_rules.formats.go_template import Malformed, actions
from boltseal_rules.helm.templates import Templates
from boltseal_rules.image_keys import DIGEST_KEYS, TAG_KEYS, is_digest_key, is_tag_key

# Expressions that begin with text are searched for ten times as fast as those with a choice there.
# Names of tags and of digests, in lower case.
_TAG, _DIGEST = (
    "|".join("".join(f"{letter}[-_]*" for letter in key) for key in keys)
    for keys in (TAG_KEYS, DIGEST_KEYS)
)
# Fields with such names; in a text, behind which a quote stands, they are none.
_TAG_FIELD, _DIGEST_FIELD = (
    re.compile(rf"\._*(?:{names})(?![\w\"`])") for names in (_TAG, _DIGEST)
)
_DIGEST_TEXT = re.compile(rf"[\"`][-_]*(?:{_DIGEST})[\"`]")
# What goes through all the keys of a mapping, or takes one that may not be known.
_ANY_KEY = tuple(
    re.compile(rf"{word}(?<![\w$.]{word})(?!\w)") for word in ("range", "index", "get", "dig")
)
_CHAIN = re.compile(r"(?<!\w)[$.][\w$.]*")
# A field right behind a word, which is one of what the word gives, or an argument.
_GLUED = re.compile(r"(?<![\w$.\"`/-])[A-Za-z_]\w*\.")
_INCLUDES = tuple(
    re.compile(
        rf"{word}(?![\w:.,/-])(?:\s+(?:\"(?P<name>[^\"\n]*)\"|`(?P<raw>[^`]*)`"
        r"|\(\s*print\s+\$?\.Template\.BasePath\s+\"(?P<end>[^\"\n]*)\"\s*\)))?"
    )
    for word in ("include", "template")
)
_HANDED = re.compile(r"(include\s+\"[^\"]*\"\s+)[.$](?![\w$.])")
# The whole context, given to a template by its name.
_CONTEXT = re.compile(
    r"include\s+\"(?P<name>[^\"\n]+)\"\s+(?:\$(?![\w.])|\(\s*dict\s+"
    r"(?:\"\w+\"\s+[^\s(){}\"`]+\s+)*\"\w+\"\s+\$\s*\))"
)
_DECLARES = r"\{}(?!\w)(?:\s*,\s*\$\w+)?\s*:?="
_BLANKS = " \t\r\n"


def readers(
    templates: Templates, steps: Collection[str], *, only_digests: bool = False
) -> list[Source]:
    """The files that could read a key of an image, themselves or through what they include.

    ``steps`` are those of the paths at which the images stand. A key is one of a tag or a digest,
    or one that is not known; ``only_digests`` leaves all but digests out.
    """
    chart = _Chart(templates, frozenset(steps), only_digests=only_digests)
    passages = [it for it in templates.passages if "{{" in it.text]
    found = [it.name for it in passages if chart.reads(it.text)]
    if not found:
        return []
    includers: dict[str, list[str]] = {}
    for passage in passages:
        included = chart.included(passage.text)
        if included is None:
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


def is_handed_on(templates: Templates, files: Collection[str]) -> bool:
    """Whether one of some files is sure to give all values to a template that is not in the chart."""
    names = {it.name for it in templates.passages}
    return any(
        found["name"] not in names
        for passage in templates.passages
        if passage.name in files and _CONTEXT.search(passage.text)
        for action in _actions(passage.text)
        if "`" not in action
        for found in _CONTEXT.finditer(action)
    )


class _Chart:
    """The words of a chart, seen by somebody who looks for some images."""

    def __init__(self, templates: Templates, steps: frozenset[str], *, only_digests: bool) -> None:
        self._passages = templates.passages
        self._steps = steps | {"AsMap"}
        self._is_text = lru_cache(maxsize=None)(self._said)
        self._keys = (_DIGEST_FIELD,) if only_digests else (_DIGEST_FIELD, _TAG_FIELD)
        self._any_key = () if only_digests and not self._says_digest() else _ANY_KEY

    def included(self, text: str) -> set[str] | None:
        """The templates that a text includes; None where their names are not known."""
        names: set[str] = set()
        unnamed = False
        for name, raw, end in (found.groups() for found in _included(text)):
            if end is not None:
                names |= {it.name for it in self._passages if it.name.endswith(end)}
            elif name is None and raw is None:
                unnamed = True
            else:
                names.add(name if raw is None else raw)
        return None if unnamed and any(map(_includes_any, _actions(text))) else names

    def reads(self, text: str) -> bool:
        """Whether a text could itself read a key of one of the images."""
        keyed, any_key = self._names_key(text), self._takes_any_key(text)
        every = _actions(text) if keyed or any_key else ()
        return any(
            (any_key and self._takes_any_key(action) and self._leads_there(action, every, set()))
            or (keyed and self._names_key(action) and self._reads_key(action, every))
            for action in every
        )

    def _names_key(self, text: str) -> bool:
        lower = text.lower()
        return any(key.search(lower) for key in self._keys)

    def _takes_any_key(self, text: str) -> bool:
        return any(word.search(text) for word in self._any_key)

    def _reads_key(self, action: str, others: Sequence[str]) -> bool:
        return _GLUED.search(action) is not None or any(
            self._chain_leads_there(above, others, set())
            for chain in _CHAIN.findall(action)
            for above in _above_keys(chain)
        )

    def _leads_there(self, action: str, others: Sequence[str], seen: set[str]) -> bool:
        """Whether anything in an action could be one of the images, or be above one."""
        chains = _CHAIN.findall(_HANDED.sub(r"\1", action))
        return _GLUED.search(action) is not None or any(
            self._chain_leads_there(chain, others, seen) for chain in chains
        )

    def _chain_leads_there(self, chain: str, others: Sequence[str], seen: set[str]) -> bool:
        """Whether a chain of fields could.

        Each field of a value is a step. One that is in no path of an image leads away from all of
        them, unless it is the key of a dictionary: that may hold anything, and its keys are texts.
        A variable is what the actions around it set it to; ``seen`` are those that are looked at.
        """
        head, *fields = (
            filter(None, chain.split(".")) if chain[0] == "$" else (".", *chain.split("."))
        )
        fields = list(filter(None, fields))
        if "Values" in fields and not self._is_text("Values"):
            return self._steps.issuperset(fields[fields.index("Values") + 1 :])
        if not all(it in self._steps or it == "Values" or self._is_text(it) for it in fields):
            return False
        if head in (".", "$"):
            return True
        if head in seen:
            return False
        seen.add(head)
        declares = re.compile(_DECLARES.format(head))
        return any(self._leads_there(it, others, seen) for it in others if declares.search(it))

    def _said(self, word: str) -> bool:
        """Whether a word is a text of its own somewhere in the chart."""
        return word in self._constants or any(
            f'"{word}"' in it.text or f"`{word}`" in it.text for it in self._passages
        )

    def _says_digest(self) -> bool:
        """Whether the key of a digest is a text somewhere in the chart."""
        return any(is_digest_key(it) for it in self._constants if it) or any(
            _DIGEST_TEXT.search(it.text.lower()) for it in self._passages
        )

    @cached_property
    def _constants(self) -> set[str | None]:
        return {_constant(it.text) for it in self._passages}


@lru_cache(maxsize=1)
def _actions(text: str) -> tuple[str, ...]:
    """The actions of a text; none of them where it cannot be read."""
    try:
        return tuple(actions(text))
    except Malformed:
        return ()


def _included(text: str) -> Iterator[re.Match[str]]:
    return (found for word in _INCLUDES for found in word.finditer(text))


def _includes_any(action: str) -> bool:
    """Whether an action includes a template whose name is not known."""
    return not all(any(found.groups()) for found in _included(action))


def _above_keys(chain: str) -> list[str]:
    """What stands before each field that is a tag or a digest."""
    fields = chain.split(".")
    return [
        ".".join(fields[:at]) or "."
        for at, name in enumerate(fields)
        if at and (is_tag_key(name) or is_digest_key(name))
    ]


def _constant(text: str) -> str | None:
    """What a template gives where it has no action in it."""
    if text.count("{{") == 2:  # a ``define`` and its ``end``
        text = text.partition("}}")[2].rpartition("{{")[0]
    return text.strip(_BLANKS) if "{{" not in text else None
