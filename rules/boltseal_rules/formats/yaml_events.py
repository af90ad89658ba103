"""The events of one YAML document, as ruamel.yaml's parsers tell them, and why there are none.

The C parser comes first; what it refuses is asked of the pure parser, which knows YAML 1.2 better
and reads at a fortieth of the speed.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from boltseal.pattern import pattern

MAX_DEPTH = 100
"""Collections inside one another beyond which a document is refused."""
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
_STAND_IN = "\ue000"
_INNER_COLON = pattern(r"(?<=[^\s\"'\]}]):(?=[^\s,\[\]{}])")
_BRACKET = pattern(r"[\[\]{}]")

_T = TypeVar("_T")


class Refused(Exception):
    """Text that is not YAML, or too much of it: why, and the character at which it shows.

    ``slow`` is how many characters the slow parser has read to tell.
    """

    def __init__(self, reason: str, index: int, slow: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index
        self.slow = slow


def parsed(text: str, build: Callable[[Iterator[Any]], _T], patience: int) -> tuple[_T, int]:
    """What ``build`` makes of the events of the one document in ``text``.

    ``build`` may be called with those of one parser after the other, and reads them to their end.
    Styles of scalars are '' for plain, or the character that opens one. With the answer comes how
    many characters the slow parser had to read for it: ``patience`` at most. Raises Refused.
    """
    from ruamel.yaml.error import YAMLError

    failure: Exception
    for events in (fast_events, _fast_events_with_colons):
        try:
            return build(events(text)), 0
        except YAMLError as error:
            failure = error
    if (deep := _deep_line(text)) is not None:
        raise Refused(TOO_DEEP, deep)
    if len(text) > patience:
        reason, index = _explain(failure)
        why = "the document is too large for the parser that may know better"
        raise Refused(f"{reason} ({why})", index)
    try:
        return build(pure_events(text)), len(text)
    except YAMLError as error:
        failure = error
    except (IndexError, ValueError, AttributeError):  # the pure parser's own slips
        pass
    reason, index = _explain(failure)
    raise Refused(reason, index, index) from None


def _deep_line(text: str) -> int | None:
    """Where a line opens too many brackets; at every token the slow parser looks at all of them."""
    start = 0
    for line in text.split("\n"):
        if line.count("[") + line.count("{") > MAX_DEPTH:
            depth = 0
            for bracket in _BRACKET.finditer(line):
                depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
                if depth > MAX_DEPTH:
                    return start + bracket.start()
        start += len(line) + 1
    return None


def _explain(error: Exception) -> tuple[str, int]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = mark.index if mark else getattr(error, "position", 0)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    return f"not YAML: {reason}", index


def fast_events(text: str) -> Iterator[Any]:
    """The events of the C parser where there is one, else those of the pure parser."""
    try:
        from ruamel.yaml import cyaml
    except ImportError:
        return pure_events(text)
    return iter(cyaml.CParser(text).get_event, None)  # type: ignore[attr-defined]


def _fast_events_with_colons(text: str) -> Iterator[Any]:
    """The same for text in flow style with references in it, such as ``{image: nginx:1.27}``.

    The C parser takes every colon there for the end of a key. Those that are none by YAML 1.2 (no
    space follows, no quote or bracket stands before) are hidden from it behind a stand-in.
    """
    from ruamel.yaml.events import ScalarEvent

    if _STAND_IN not in text:
        text = _INNER_COLON.sub(_STAND_IN, text)
    for event in fast_events(text):
        if type(event) is ScalarEvent:
            event.value = event.value.replace(_STAND_IN, ":")
        yield event


def pure_events(text: str) -> Iterator[Any]:
    """The events of the pure parser, which stand where and say what those of the C parser do."""
    from ruamel.yaml import YAML
    from ruamel.yaml.events import ScalarEvent

    _, parser = YAML(pure=True).get_constructor_parser(text)
    while parser.check_event():
        event = parser.get_event()
        if type(event) is ScalarEvent:
            event.style = event.style or ""
            if not event.value:
                _put_back(text, event)
        yield event


def _put_back(text: str, event: Any) -> None:
    """Give an empty value the place behind its colon, as the C parser does, not that of what follows."""
    if event.start_mark.index != event.end_mark.index:
        return
    at = event.start_mark.index
    while at and text[at - 1] in " \t\r\n":
        at -= 1
    from copy import copy  # few files come here

    mark = copy(event.start_mark)
    mark.index = at
    event.start_mark = event.end_mark = mark
