"""The image that an expression of a Jenkins pipeline names, its variables followed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque
from boltseal_rules.ci.images import Value, Variables, image_uses
from boltseal_rules.formats.groovy import Token
from boltseal_rules.jenkins.pipeline import NamedImage
from boltseal_rules.text_use import text_use

_VARIABLE = re.compile(
    r"(?<!\\)\$(?:\{\s*(?:env\.|params\.)?(?P<name>[A-Za-z_]\w*)\s*\}"
    r"|(?:env\.|params\.)?(?P<bare>[A-Za-z_]\w*))",
    re.ASCII,
)
_EXPRESSION = Opaque("the script works it out", "pin it where the script writes it")
_URL = re.compile(r"https?://(?P<host>[^/\s$]+)(?:/.*)?", re.DOTALL)
_MAX_SHOWN = 100


class Known(NamedTuple):
    """What a script says of its variables, and the names of the images that it builds."""

    values: Mapping[str, list[Value]]
    built: frozenset[str]


def known(source: Source, place: str, tokens: Sequence[Token]) -> Known:
    """Read what a script sets and builds."""
    return Known(_values(source, place, tokens), _built(tokens))


def reference_uses(
    source: Source, place: str, script: Known, named: NamedImage
) -> Iterator[ImageUse]:
    """The uses that an expression is: a string, a variable that holds one, or neither."""
    value = _value(source, place, named.route, named.expression)
    if value is None or value.text in script.built:
        return
    variables = Variables(_VARIABLE, lambda name: script.values.get(name, ()))
    for use in image_uses(value, variables):
        if use.text not in script.built:
            yield _in_registry(use, named.registry)


def _value(source: Source, place: str, route: str, expression: Sequence[Token]) -> Value | None:
    if not expression:
        return None
    first, last = expression[0], expression[-1]
    where = Span(source.byte_offset(first.start), source.byte_offset(last.end))
    if len(expression) == 1 and first.kind == "string":
        return _string(source, place, route, first)
    names = [token.text for token in expression if token.kind == "word"]
    text = source.text[first.start : min(last.end, first.start + _MAX_SHOWN)]
    use = ImageUse(source, place, route, text, None, where, _EXPRESSION)
    is_name = re.fullmatch(r"(?:(?:env|params)\.)?[A-Za-z_]\w*", text, re.ASCII)
    return Value(f"${{{names[-1]}}}" if is_name and names else text, use)


def _string(source: Source, place: str, route: str, token: Token) -> Value | None:
    text = token.text.strip()
    if not text:
        return None
    start = token.start + token.text.index(text)
    where = Span(source.byte_offset(start), source.byte_offset(start + len(text)))
    if not token.is_literal:
        use = ImageUse(source, place, route, text, None, where, _EXPRESSION)
        return Value(text, use)
    use = text_use(source, place, route, text, where, fallback=where)
    return Value(text, use)


def _built(tokens: Sequence[Token]) -> frozenset[str]:
    """The names that the script gives to what it builds."""
    found: set[str] = set()
    for at, token in enumerate(tokens):
        if token.text != "build" or [it.text for it in tokens[max(0, at - 2) : at]] != [
            "docker",
            ".",
        ]:
            continue
        for following in tokens[at + 1 : at + 3]:
            if following.kind == "string":
                found.add(following.text.strip())
                break
            if following.text != "(":
                break
    return frozenset(found)


def _values(source: Source, place: str, tokens: Sequence[Token]) -> dict[str, list[Value]]:
    """The variables that get a string and nothing else, with that string."""
    held: dict[str, list[Value]] = {}
    changed: set[str] = set()
    for at in range(1, len(tokens) - 1):
        name, following = tokens[at - 1], tokens[at + 1]
        if tokens[at].text != "=" or tokens[at].kind != "sign" or name.kind != "word":
            continue
        ends = at + 2 >= len(tokens) or tokens[at + 2].text in ("\n", ";", "}", ")", ",")
        value = None
        if following.kind == "string" and ends:
            value = _string(source, place, name.text, following)
        if value is None or name.text in held:
            changed.add(name.text)
        else:
            held[name.text] = [value]
    return {name: values for name, values in held.items() if name not in changed}


def _in_registry(use: ImageUse, registry: Token | None) -> ImageUse:
    """The use as the plugin reads it below ``withRegistry``: the registry's host stands before it."""
    if use.image is None or registry is None or not registry.text.strip():
        return use
    match = _URL.fullmatch(registry.text.strip())
    if match is None or not registry.is_literal:
        return use._replace(
            reference=None,
            spelling=Opaque("its registry is set by the script", "write the registry out"),
        )
    host = match["host"]
    if use.text.startswith(f"{host}/"):
        return use
    reference = parse(f"{host}/{use.text}")
    if isinstance(reference, InvalidReference):
        return use._replace(reference=reference, spelling=Opaque(reference.reason, reference.hint))
    return use._replace(reference=reference)
