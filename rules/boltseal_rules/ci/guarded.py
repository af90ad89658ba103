"""Fixes that something else in the files of a CI service may not take.

A value that is reached through a name (a variable, a parameter, an entry of a matrix) is read
wherever the name stands, and compared wherever its text stands again: in lists of what is allowed,
in conditions, in what is excluded. A digest is safe only if all of these are images as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from boltseal.source import Source, Span
from boltseal.use import ImageUse, Whole
from boltseal_rules.mentions import mentioned

_MAX_NAMES = 64
_MAX_TEXTS = 256
_TOO_MANY = "the file has more names than are looked up"
_PART = "its value"
_NAMED = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_CONTEXTS = frozenset(
    {"parameters", "variables", "matrix", "inputs", "params", "env", "pipeline", "default", "value"}
)
# Whether there is a value at all does not depend on a digest.
_EMPTY = r"[ \t]{0,9}[!=]=[ \t]{0,9}(?:''(?!')|\"\"|null)"
_INDEX = re.compile(r"\[\d+\]")
_IMAGE_KEY = r"(?:image|container)[\"']?[ \t]*:[ \t]*[\"']?"


class Spot(NamedTuple):
    """Bytes in which a value is an image as a whole, or does no harm."""

    source: Source
    span: Span


class _File(NamedTuple):
    source: Source
    known: list[Span]


def guarded(
    source: Source,
    uses: Iterable[ImageUse],
    *,
    others: Iterable[Source] = (),
    spots: Iterable[Spot] = (),
    bare: bool = False,
) -> tuple[ImageUse, ...]:
    """The uses, with an objection where something else reads what a fix would change.

    ``others`` are further files in which the names hold, ``spots`` are known besides those that
    the uses are related to. ``bare`` tells that variables are written without any sign.
    """
    found = tuple(uses)
    files = _files(source, found, others, tuple(spots))
    counted = Counter(use.text for use in found if _is_known(use))
    by_name: dict[str, str] = {}
    by_text: dict[str, str] = {}
    return tuple(
        _guarded(use, files, counted[use.text], by_name, by_text, bare=bare)
        if isinstance(use.spelling, Whole) and not use.spelling.objection
        else use
        for use in found
    )


def _guarded(
    use: ImageUse,
    files: Sequence[_File],
    count: int,
    by_name: dict[str, str],
    by_text: dict[str, str],
    *,
    bare: bool,
) -> ImageUse:
    names = dict.fromkeys(_names(use))
    if not names or not isinstance(use.spelling, Whole):
        return use
    if use.text not in by_text:
        full = len(by_text) >= _MAX_TEXTS
        by_text[use.text] = _TOO_MANY if full else _repeated(files, use.text, count)
    for name in names:
        if name not in by_name:
            full = len(by_name) >= _MAX_NAMES
            by_name[name] = _TOO_MANY if full else _read(files, name, bare=bare)
    objection = next((by_name[name] for name in names if by_name[name]), by_text[use.text])
    return use._replace(spelling=use.spelling._replace(objection=objection)) if objection else use


def _files(
    source: Source, uses: Sequence[ImageUse], others: Iterable[Source], spots: Sequence[Spot]
) -> list[_File]:
    known: dict[str, _File] = {source.path: _File(source, [])}
    for other in others:
        known.setdefault(other.path, _File(other, []))
    for use in uses:
        if _is_known(use):
            known[source.path].known.append(use.span)
        for related in use.related:
            if related.label != _PART:
                where = related.source or source
                known.setdefault(where.path, _File(where, [])).known.append(related.span)
    for spot in spots:
        known.setdefault(spot.source.path, _File(spot.source, [])).known.append(spot.span)
    return [_File(it.source, sorted(set(it.known))) for it in known.values()]


def _is_known(use: ImageUse) -> bool:
    return isinstance(use.spelling, Whole)


def _names(use: ImageUse) -> Iterator[str]:
    """The names through which a use is reached: where it is set, and where it is used."""
    spots = [it for it in use.related if it.label != _PART]
    for spot in spots:
        if spot.label.startswith("'"):
            context, *_, name = spot.label[1:].partition("'")[0].split(".")
            if context in ("matrix", "inputs"):
                yield f"{context}.{name}"
            else:  # the label is in lower case, and a shell tells the letters' case apart
                text = (spot.source or use.source).slice(spot.span).decode("utf-8", "replace")
                yield from {it for it in _NAME.findall(text) if it.lower() == name} or {name}
            continue
        text = (spot.source or use.source).slice(spot.span)[:200].decode("utf-8", "replace")
        for match in _NAMED.finditer(text):
            name = match[0].rpartition(".")[2]
            if name not in _CONTEXTS:
                yield name
                break
    keys = [key for key in _INDEX.sub("", use.route).split(".") if key not in _CONTEXTS]
    if spots and not spots[0].label.startswith("'") and keys and _NAMED.fullmatch(keys[-1]):
        yield keys[-1]


def _read(files: Sequence[_File], name: str, *, bare: bool) -> str:
    """Where else a name is read."""
    word = re.escape(name)
    is_bare = bare or name.isupper()
    pattern = re.compile(
        rf"(?<!\w){word}(?!\w)(?!{_EMPTY})"
        if is_bare
        else rf"(?:\$\{{?[!#]?|\$\(|%|!|\benv:){word}(?!\w)"
        rf"|(?<=[\w\]])(?<!outputs)(?i:\.{word})(?![\w-])(?!{_EMPTY})"
        rf"|[\"'](?!{word}[\"'][ \t]*:)(?i:{word})[\"']"
    )
    if "." in name:
        context, _, word = (re.escape(part) for part in name.partition("."))
        pattern = re.compile(
            rf"\b{context}(?:\.[\w-]+){{0,4}}?(?:\.|\[[ \t]*'){word}(?![\w-])(?!{_EMPTY})",
            re.IGNORECASE,
        )
    for file in files:
        known = file.known + list(_keys(file, word)) if is_bare else file.known
        if objection := mentioned(file.source, pattern, known):
            return _in_file(files[0], file, objection)
    return ""


def _keys(file: _File, word: str) -> Iterator[Span]:
    """The keys of definitions: nothing follows in the line, or an image that is known."""
    source, starts = file.source, [span.start for span in file.known]
    pattern = re.compile(
        rf"(?<!\w){word}[\"']?[ \t]*[:=](?!=)(?P<rest>[^\n]*)"
        rf"|\bname[\"']?[ \t]*:[ \t]*[\"']?{word}[\"']?[ \t]*,?\r?$",
        re.MULTILINE,
    )
    at = 0
    for match in pattern.finditer(source.text):
        start, end = source.byte_offset(match.start()), source.byte_offset(match.end())
        rest = match["rest"]
        while at < len(starts) and starts[at] < start:
            at += 1
        if not (rest and rest.strip()) or (at < len(starts) and starts[at] < end):
            yield Span(start, source.byte_offset(match.start("rest")) if rest else end)


def _repeated(files: Sequence[_File], text: str, count: int) -> str:
    """Where else a text stands that is no image there."""
    word = re.escape(text)
    for index, file in enumerate(files):
        if not index and file.source.text.count(text) <= count:
            continue
        allowed = rf"(?:{_IMAGE_KEY}{word})|" if index else ""
        pattern = re.compile(rf"(?<![\w./:@]){word}(?![\w:@/]|[.-]\w)|(?<=-){word}(?!\w)")
        known = file.known
        if allowed:
            own = re.compile(_IMAGE_KEY + word)
            known = known + [
                Span(file.source.byte_offset(it.start()), file.source.byte_offset(it.end()))
                for it in own.finditer(file.source.text)
            ]
        if objection := mentioned(file.source, pattern, known):
            said = objection.replace(
                "reads it too", "has the same text, which may have to equal it"
            )
            return _in_file(files[0], file, said)
    return ""


def _in_file(first: _File, file: _File, objection: str) -> str:
    return objection if file is first else f"{file.source.path}, {objection}"
