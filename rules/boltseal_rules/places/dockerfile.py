"""Dockerfiles and Containerfiles: ``FROM``, ``ARG``, ``COPY --from``, ``RUN --mount``, ``syntax``."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.place import Found
from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related, Spelling, Whole
from boltseal_rules.formats import dockerfile, templates
from boltseal_rules.formats.build_args import AUTOMATIC, Argument, Arguments
from boltseal_rules.formats.dockerfile import Dockerfile, Instruction
from boltseal_rules.formats.dockerfile_words import (
    Word,
    fields,
    first_index,
    last_index,
    shown,
    word_of,
)
from boltseal_rules.formats.variables import Expansion, Syntax, expand
from boltseal_rules.signs import claims
from boltseal_rules.text_use import objected

NAME = "dockerfile"
# A template action may hold blanks; the word goes on to its end. The bound keeps text that opens
# actions and closes none from being searched again and again.
_TEMPLATED_WORD = pattern(r"(?:\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|<%.{0,300}?%>|[^\t\v\f\r ])+")
_DECLARED = pattern(r"(?<![\w=$-])([A-Za-z_]\w*)(?=[\s=]|$)")
_READ = pattern(r"\$\{?([A-Za-z_]\w*)")
_STAGE_INDEX = pattern(r"[+-]?[0-9]+", re.ASCII)
_BROKEN = Opaque("it is written over several lines", "write the reference on one line")
_ESCAPED = Opaque("it is written with quotes or escapes inside", "write the reference in one piece")
_NOT_UTF8 = Opaque("it is not UTF-8 text", "write the reference in ASCII letters")
_TEMPLATE = Opaque("a template fills it in", "pin the reference where the template gets it", True)
_PLACEHOLDER = Opaque("it is a placeholder", "put a reference in its place")
_MALFORMED = Opaque(
    "it holds a variable that Dockerfiles do not know how to expand",
    "use $NAME, ${NAME} or ${NAME:-default}",
)
_NOT_EXPANDED = Opaque(
    "variables are not expanded in --from",
    "name a stage there, and use the variable in the FROM of that stage",
)

Move = Callable[[Span], Span | None]


class _Base(NamedTuple):
    """What one ``FROM`` is based on."""

    word: Word
    route: str
    platform: str | None
    expansion: Expansion | None


class _Context(NamedTuple):
    """What is known of the file in which a use stands."""

    source: Source
    syntax: Syntax
    arguments: Arguments
    stages: frozenset[str]
    read: frozenset[str] = frozenset()
    """The arguments that stages declare for themselves and read outside of ``FROM``."""


def find(source: Source) -> Found | None:
    """The images of a Dockerfile.

    None where neither the name nor the first instruction says that it is one. Raises Unparsable at
    a NUL byte and at a heredoc without end.
    """
    if not claims(NAME, source.path) and not dockerfile.begins_with_from(source.data):
        return None
    return Found(tuple(_uses(source, source.data)))


def confirm(before: Source, after: Source) -> bool:
    """Whether dockerfile-parse sees the same instructions, on the same lines, in an edited file."""
    return dockerfile.outline(before.data) == dockerfile.outline(after.data)


def find_in(
    source: Source, data: bytes, move: Move, *, within: Span, place: str = NAME, route: str = ""
) -> list[ImageUse]:
    """The images of a Dockerfile that is a text inside another file.

    In: ``data``, the text of the Dockerfile; ``move``, which leads from a span of it to the span of
    ``source`` with the same bytes, None where there is none; ``within``, the span that stands for
    all of it; ``route``, the way to it. Out: uses of ``source``. Raises Unparsable as ``find``
    does, with an offset in ``data``.
    """
    return [
        _moved(use, move, within)._replace(place=place, route=f"{route} {use.route}".strip())
        for use in _uses(source, data)
    ]


def _moved(use: ImageUse, move: Move, within: Span) -> ImageUse:
    spelling = use.spelling
    if isinstance(spelling, Whole):
        span = move(spelling.span)
        spelling = Whole(span) if span else _ESCAPED
    related = tuple(Related(move(r.span) or within, r.label) for r in use.related)
    return use._replace(span=move(use.span) or within, spelling=spelling, related=related)


def _uses(source: Source, data: bytes) -> list[ImageUse]:
    file = dockerfile.read(data)
    names = (_stage_name(i) for i in file.instructions if i.name == "FROM")
    context = _Context(
        source,
        file.syntax,
        Arguments.of(file),
        frozenset(name for name in names if name),
        _read_in_stages(file),
    )
    uses = [*_syntax_uses(context, file, data), *_from_uses(context, file)]
    for instruction in file.instructions:
        uses += _flag_uses(context, instruction)
    return sorted(uses, key=lambda use: use.span)


def _syntax_uses(context: _Context, file: Dockerfile, data: bytes) -> Iterator[ImageUse]:
    span = file.directives.syntax
    if span:
        text = data[span.start : span.end].decode("latin-1")
        yield _literal_use(context, "syntax", Word(text, tuple(range(*span))))


def _read_in_stages(file: Dockerfile) -> frozenset[str]:
    """Names that are declared behind a ``FROM`` and read there by something else than a ``FROM``."""
    declared: set[str] = set()
    read: set[str] = set()
    in_stage = False
    for instruction in file.instructions:
        in_stage = in_stage or instruction.name == "FROM"
        if instruction.name == "ARG" and in_stage:
            declared |= set(_DECLARED.findall(instruction.line.text))
        elif instruction.name != "FROM":
            read |= set(_READ.findall(instruction.line.text))
    return frozenset(declared & read)


def _stage_name(instruction: Instruction) -> str | None:
    words = [word[0].lower() for word in islice(_from_words(instruction), 3)]
    return words[2] if len(words) > 2 and words[1] == "as" else None


def _from_words(instruction: Instruction) -> Iterator[re.Match[str]]:
    text = instruction.line.text
    return _TEMPLATED_WORD.finditer(text, first_index(text, instruction.start), last_index(text))


def _from_uses(context: _Context, file: Dockerfile) -> Iterator[ImageUse]:
    """One use for every ``FROM``, and one for every ``ARG`` that is the whole of some."""
    by_argument: dict[Argument, list[_Base]] = {}
    for base in list(_bases(context, file)):
        variable = base.expansion.variable if base.expansion else None
        argument = context.arguments.origin(variable)
        if argument and not context.arguments.is_part(argument):
            by_argument.setdefault(argument, []).append(base)
        else:
            yield _base_use(context, base)
    for argument, bases in by_argument.items():
        yield _argument_use(context, argument, bases)


def _bases(context: _Context, file: Dockerfile) -> Iterator[_Base]:
    """Every ``FROM`` that is not of ``scratch`` and not of an earlier stage."""
    earlier: set[str] = set()
    for instruction in file.instructions:
        if instruction.name != "FROM":
            continue
        stage = _stage_name(instruction)
        for match in islice(_from_words(instruction), 1):
            word = word_of(instruction.line, *match.span())
            expansion = context.arguments.expand(word.text)
            if expansion and _is_stage(expansion, earlier):
                continue
            route = f"FROM AS {shown(stage)}" if stage else "FROM"
            yield _Base(word, route, _platform(context, instruction), expansion)
        earlier |= {stage} if stage else set()


def _platform(context: _Context, instruction: Instruction) -> str | None:
    """The platform as it is written: it may be a variable."""
    for value in instruction.flag_values("platform"):
        if "$" in value.text:
            context.arguments.expand(f"--platform={value.text}")  # so that it is known as a reader
        return shown(value.text) if value.text else None
    return None


def _is_stage(expansion: Expansion, earlier: set[str]) -> bool:
    """Whether it is ``scratch``, or is or may be the name of an earlier stage.

    A user's variable without a value, and nothing around it, may be anything: that is no stage.
    """
    if expansion.text is not None:
        return expansion.text == "scratch" or expansion.text.lower() in earlier
    says_something = any(piece.text for piece in expansion.pieces)
    if not says_something and not AUTOMATIC.issuperset(expansion.unknown):
        return False
    return any(expansion.may_be(stage) for stage in earlier)


def _base_use(context: _Context, base: _Base) -> ImageUse:
    """The use that stands in the ``FROM`` itself."""
    written = shown(base.word.text)
    filled = _filled_in(written)
    expansion = base.expansion
    if filled or expansion is None:
        return _use(context, base, written, filled or _MALFORMED)
    if not expansion.text:
        return _use(context, base, written, _without_value(expansion))
    if expansion.literal:
        use = _literal_use(context, base.route, base.word.cut(*expansion.literal))
        return use._replace(platform=base.platform)
    reference = parse(shown(expansion.text))
    if isinstance(reference, InvalidReference) and _empty_names(expansion):
        return _use(context, base, written, _without_value(expansion))
    use = _use(context, base, written, _put_together(context, expansion))
    return use._replace(reference=reference)


def _use(context: _Context, base: _Base, text: str, why: Opaque) -> ImageUse:
    chain = context.arguments.chain(base.expansion) if base.expansion else ()
    related = tuple(Related(a.word.extent, f"ARG {shown(a.key)}") for a in chain)
    span = base.word.extent
    return ImageUse(context.source, NAME, base.route, text, None, span, why, related, base.platform)


def _argument_use(context: _Context, argument: Argument, bases: list[_Base]) -> ImageUse:
    """The use that stands in an ``ARG`` and is read by one ``FROM`` or several."""
    if argument.literal is None:
        raise ValueError(f"ARG {argument.key} has no literal default")
    use = _literal_use(context, f"ARG {shown(argument.key)}", argument.literal)
    related = tuple(Related(base.word.extent, "read here") for base in bases)
    platforms = sorted({base.platform or "any platform" for base in bases})
    if argument.key in context.read:
        use = objected(use, f"a stage declares {shown(argument.key)} too and reads it")
    stated = " and ".join(platforms) if any(base.platform for base in bases) else None
    return use._replace(related=related, platform=stated)


def _literal_use(context: _Context, route: str, word: Word) -> ImageUse:
    """The use that a word without variables is."""
    text = shown(word.text)
    filled = _filled_in(text)
    reference = None if filled else parse(text)
    spelling: Spelling = filled or _spelling(word)
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    return ImageUse(context.source, NAME, route, text, reference, word.extent, spelling)


def _spelling(word: Word) -> Spelling:
    if not word.is_verbatim:
        return _BROKEN
    if not word.text.isascii() and shown(word.text).encode() != word.text.encode("latin-1"):
        return _NOT_UTF8
    return Whole(word.extent)


def _filled_in(text: str) -> Opaque | None:
    """Why a text says nothing yet, where a template engine or a script fills it in."""
    if templates.is_templated(text):
        return _TEMPLATE
    return _PLACEHOLDER if templates.is_placeholder(text) else None


def _empty_names(expansion: Expansion) -> tuple[str, ...]:
    """The variables with an empty default: whoever builds is meant to fill them in."""
    return tuple(dict.fromkeys(p.name for p in expansion.pieces if p.name and not p.text))


def _without_value(expansion: Expansion) -> Opaque:
    names = expansion.unknown or _empty_names(expansion)
    listed = ", ".join(shown(name) for name in names) or "the text"
    if names and AUTOMATIC.issuperset(names):
        return Opaque(
            f"{listed} {'are' if len(names) > 1 else 'is'} known only when the image is built",
            "name a stage for every platform and pin the image there",
        )
    return Opaque(
        f"{listed} {'have' if len(names) > 1 else 'has'} no value in this file",
        "give it a whole reference as default: ARG NAME=name:tag@sha256:...",
    )


def _put_together(context: _Context, expansion: Expansion) -> Opaque:
    names = tuple(dict.fromkeys(a.key for a in context.arguments.chain(expansion)))
    if not names and not any(piece.name for piece in expansion.pieces):
        return _ESCAPED
    listed = ", ".join(shown(name) for name in names) or "variables"
    return Opaque(
        f"the reference is built from several parts ({listed})",
        "put the whole reference, with its digest, into one ARG that FROM reads alone",
    )


def _flag_uses(context: _Context, instruction: Instruction) -> Iterator[ImageUse]:
    """``COPY --from``, ``ADD --from`` and ``RUN --mount=from=``, also behind ``ONBUILD``."""
    trigger = instruction.trigger()
    prefix, instruction = ("ONBUILD ", trigger) if trigger else ("", instruction)
    if instruction.name in ("COPY", "ADD"):
        values, flag = instruction.flag_values("from"), "--from"
    elif instruction.name == "RUN":
        mounts = instruction.flag_values("mount")
        values, flag = [v for mount in mounts for v in _mount_sources(mount)], "--mount"
    else:
        return
    for value in values:
        if value.text and not _is_source_stage(context, value.text):
            yield _source_use(context, f"{prefix}{instruction.name} {flag}", value)


def _mount_sources(mount: Word) -> Iterator[Word]:
    """The value of ``from`` in the fields of a mount; BuildKit: ``parseMount``."""
    for field in fields(mount):
        key, equals, _ = field.text.partition("=")
        if equals and key.lower() == "from":
            yield field.cut(len(key) + 1)


def _is_source_stage(context: _Context, text: str) -> bool:
    """Whether a source is a stage: by number, by name anywhere in the file, or ``scratch``."""
    if _STAGE_INDEX.fullmatch(text) or text == "scratch" or text.lower() in context.stages:
        return True
    pattern = expand(text, context.syntax, {}) if "$" in text else None
    if pattern is None or not any(piece.text for piece in pattern.pieces):
        return False
    return any(pattern.may_be(stage) for stage in context.stages)


def _source_use(context: _Context, route: str, word: Word) -> ImageUse:
    use = _literal_use(context, route, word)
    # BuildKit refuses a variable here; a '$' that begins none stays itself.
    if "$" in word.text[:-1] and not (isinstance(use.spelling, Opaque) and use.reference is None):
        return use._replace(reference=None, spelling=_NOT_EXPANDED)
    return use
