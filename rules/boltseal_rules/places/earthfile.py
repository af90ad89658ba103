"""Earthfiles: ``FROM``, ``ARG``, ``WITH DOCKER --pull``.

The language is that of https://docs.earthly.dev/docs/earthfile. Its lines are those of a Dockerfile
with targets around them: the base recipe comes first, its arguments are seen by every target, and
an argument of one target by that target alone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.place import Found
from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse, Opaque, Related, Whole
from boltseal_rules.formats.build_args import Argument, Arguments
from boltseal_rules.formats.dockerfile_lines import LogicalLine, logical_lines
from boltseal_rules.formats.dockerfile_words import (
    Line,
    Word,
    flags,
    name_of,
    plain_words,
    quoted_words,
    shown,
)
from boltseal_rules.formats.size import refuse_large
from boltseal_rules.formats.variables import BACKSLASH, Expansion
from boltseal_rules.mentions import mentioned
from boltseal_rules.text_use import objected, unknown_part

NAME = "earthfile"
_TARGET = re.compile(r"[a-zA-Z_][\w.-]*:")
_BROKEN = Opaque(
    "it is written with quotes, escapes or over several lines", "write the reference in one piece"
)


class _Base(NamedTuple):
    """A word that names an image, its expansion and the way to it."""

    word: Word
    route: str
    arguments: Arguments
    expansion: Expansion | None


def find(source: Source) -> Found | None:
    """The images of an Earthfile; None for a file of another name. Raises Unparsable at a NUL byte."""
    nul = source.data.find(b"\0")
    if nul >= 0:
        raise Unparsable("a NUL byte: not a text file", nul)
    refuse_large(source.data)
    bases = list(_bases(source.data))
    uses: list[ImageUse] = []
    by_argument: dict[Argument, list[_Base]] = {}
    for base in bases:
        variable = base.expansion.variable if base.expansion else None
        origin = base.arguments.origin(variable)
        if origin is None or base.arguments.is_part(origin):
            uses.append(_base_use(source, base))
        elif not _is_target(shown(origin.literal.text if origin.literal else "")):
            by_argument.setdefault(origin, []).append(base)
    for argument, readers in by_argument.items():
        uses += _argument_uses(source, argument, readers)
    return Found(tuple(sorted(uses, key=lambda use: use.span)))


def _bases(data: bytes) -> Iterator[_Base]:
    """Every word that names an image that is pulled."""
    base = arguments = Arguments.none(BACKSLASH)
    target = ""
    for logical in logical_lines(data, "\\", heredocs=False):
        line = _without_comment(logical)
        name, end = name_of(line)
        header = _TARGET.match(line.text.strip())
        if header and header.end() == len(line.text.strip()):
            target = f"+{shown(header[0][:-1])} "
            arguments = base.within()
        elif name in ("ARG", "LET"):
            _declare(arguments, line, end)
        elif name == "SET":
            for word in quoted_words(line, end, "\\")[:1]:
                arguments.forget(word.text.partition("=")[0])
        else:
            for word, what in _words(line, name, end):
                if not _is_target(word.text):
                    expansion = arguments.expand(word.text)
                    yield _Base(word, f"{target}{what}", arguments, expansion)


def _without_comment(logical: LogicalLine) -> Line:
    """A line up to the comment at its end: a '#' behind white space begins one."""
    line = logical.line
    at = min((i for i in (line.text.find(" #"), line.text.find("\t#")) if i >= 0), default=None)
    return line if at is None else line._replace(text=line.text[:at])


def _declare(arguments: Arguments, line: Line, start: int) -> None:
    """Take in one ``ARG NAME=default``; a default that a command prints is not known."""
    _, rest = flags(line, start, "\\")
    words = quoted_words(line, rest, "\\")
    if len(words) == 1 and "$(" not in words[0].text:
        arguments.declare(words[0])
    elif words:
        arguments.forget(words[0].text.partition("=")[0])


def _words(line: Line, name: str, end: int) -> Iterator[tuple[Word, str]]:
    """The words of an instruction that name images, with what they are."""
    if name == "FROM":
        _, rest = flags(line, end, "\\")
        for word in plain_words(line, rest)[:1]:
            if word.text not in ("scratch", "DOCKERFILE"):
                yield word, "FROM"
        return
    words = quoted_words(line, end, "\\") if name in ("WITH", "DOCKER") else []
    kind = words[0].text if words else ""
    if name == "DOCKER" and kind == "PULL":
        yield from ((word, "DOCKER PULL") for word in words[1:2])
    elif name == "WITH" and kind == "DOCKER":
        for word, after in zip(words, [*words[1:], None], strict=True):
            if word.text == "--pull" and after is not None and not after.text.startswith("--"):
                yield after, "WITH DOCKER --pull"
            elif word.text.startswith("--pull="):
                yield word.cut(len("--pull=")), "WITH DOCKER --pull"


def _is_target(text: str) -> bool:
    """Whether it is another target: these have a '+', which no image has, or parentheses."""
    return "+" in text or text.startswith("(") or not text


def _base_use(source: Source, base: _Base) -> ImageUse:
    """The use that stands where the image is named."""
    written, expansion = shown(base.word.text), base.expansion
    span = base.word.extent
    if expansion is not None and expansion.literal and not unknown_part(written):
        literal = base.word.cut(*expansion.literal)
        if literal.text:
            return _literal_use(source, base.route, literal)
    chain = base.arguments.chain(expansion) if expansion else ()
    related = tuple(Related(a.word.extent, f"ARG {shown(a.key)}") for a in chain)
    value = shown(expansion.text) if expansion and expansion.text else ""
    reference = parse(value) if value and not unknown_part(written) else None
    why = unknown_part(written) or _why(expansion, reference)
    return ImageUse(source, NAME, base.route, written, reference, span, why, related)


def _why(expansion: Expansion | None, reference: object) -> Opaque:
    if isinstance(reference, InvalidReference):
        return Opaque(reference.reason, reference.hint)
    if reference is not None:
        return Opaque(
            "the reference is put together from arguments",
            "put the whole reference, with its digest, into one ARG that is read alone",
        )
    names = [shown(name) for name in expansion.unknown] if expansion else []
    return Opaque(
        f"{', '.join(names) or 'it'} {'have' if len(names) > 1 else 'has'} no value in this file",
        "give it a whole reference as default: ARG NAME=name:tag@sha256:...",
    )


def _argument_uses(source: Source, argument: Argument, readers: list[_Base]) -> Iterator[ImageUse]:
    """The use that stands in an ``ARG`` and is read in one place or several."""
    if argument.literal is not None:
        use = _literal_use(source, f"ARG {shown(argument.key)}", argument.literal)
        related = tuple(Related(reader.word.extent, "read here") for reader in readers)
        name = re.compile(rf"\$\{{?{re.escape(shown(argument.key))}\b")
        objection = mentioned(source, name, [it.span for it in related])
        yield objected(use._replace(related=related), objection)


def _literal_use(source: Source, route: str, word: Word) -> ImageUse:
    text = shown(word.text)
    unknown = unknown_part(text)
    if unknown:
        return ImageUse(source, NAME, route, text, None, word.extent, unknown)
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        why = Opaque(reference.reason, reference.hint)
        return ImageUse(source, NAME, route, text, reference, word.extent, why)
    spelling = Whole(word.extent) if word.is_verbatim else _BROKEN
    return ImageUse(source, NAME, route, text, reference, word.extent, spelling)
