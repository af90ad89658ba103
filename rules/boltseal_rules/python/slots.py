"""The places in a module at which an image may stand: arguments, keys, defaults, constants."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from boltseal_rules.python.bindings import Scope
from boltseal_rules.python.contents import Contents, Site, Target
from boltseal_rules.python.known import (
    Names,
    is_assertion,
    is_container_class,
    is_machine,
    is_made_here,
    objection,
)
from boltseal_rules.python.names import (
    CONTAINER_LISTS,
    PICTURES,
    Trust,
    is_beside,
    is_constant,
    keyword_trust,
    option_trust,
    snake,
)
from boltseal_rules.python.syntax import elements, is_string, text_of, unstarred

_MAX_BASES = 5
_BUILDERS = ("build", "DockerImage", "ImageFromDockerfile")
_TAGS = frozenset({"tag", "tags", "image_name"})
_PULLS = frozenset({"pull", "pull_docker_image"})


class Slot(NamedTuple):
    """A place for an image. ``elements`` tells that what is in a collection there counts too.

    ``tag`` is the argument that names the tag of the image, where a call takes one; ``all_tags``
    tells that it pulls them all. ``objection`` says why a digest may not be taken there.
    """

    node: ast.expr
    scope: Scope
    trust: Trust
    route: str
    elements: bool = False
    tag: ast.expr | None = None
    all_tags: bool = False
    objection: str = ""


def slots(contents: Contents, names: Names) -> Iterator[Slot]:
    """Every place for an image in a module."""
    pictures = bool(contents.packages & PICTURES)
    for site in contents.calls:
        yield from _call(contents, names, site, pictures=pictures)
    for site in contents.dicts:
        yield from _dict(site, names)
    for target in contents.targets:
        yield from _target(target, names, pictures=pictures)


def built(contents: Contents) -> Iterator[tuple[ast.expr, Scope]]:
    """The names that builds give to what they make here."""
    for site in contents.calls:
        call, scope, _, _ = site
        named = [it.value for it in call.keywords if it.arg in _TAGS]
        if named and _builds(contents.last(call.func, scope)):
            yield from ((value, scope) for value in named)


def _builds(name: str) -> bool:
    return name in _BUILDERS or "build" in name.lower()


def _call(contents: Contents, names: Names, site: Site, *, pictures: bool) -> Iterator[Slot]:
    call, scope, compared, _ = site
    if not _may_name(contents, names, call, scope):
        return
    callee = contents.dotted(call.func, scope)
    if is_made_here(callee) or (callee and callee[0] in PICTURES) or is_assertion(callee):
        return
    known = names.slots(callee, contents.packages)
    if _is_container(contents, callee, scope):
        known = (*known, 0, "image")
    label = ".".join(callee[-2:]) if callee and callee[-1][:1].islower() else "".join(callee[-1:])
    route = f"{scope.route} > {label}" if scope.route else label
    for slot in _arguments(names, _Called(call, callee, scope, known, route, pictures)):
        if slot.trust is Trust.KNOWN or not compared:
            yield slot
    if not compared:
        yield from _default(call, callee, scope, route)


def _may_name(contents: Contents, names: Names, call: ast.Call, scope: Scope) -> bool:
    """Whether a call may name an image: most do not, and what they call need not be looked up."""
    name = contents.last(call.func, scope)
    return (
        names.may_know(name)
        or is_container_class(name)
        or name in ("__init__", "parametrize")
        or name in contents.classes
        or any(it.arg in names.keywords or keyword_trust(it.arg) for it in call.keywords if it.arg)
        or any(option_trust(text) for text in map(text_of, call.args) if text)
    )


class _Called(NamedTuple):
    """A call, the dotted name of what is called, and the arguments that are known to be images."""

    call: ast.Call
    callee: tuple[str, ...]
    scope: Scope
    known: tuple[int | str, ...]
    route: str
    pictures: bool


def _arguments(names: Names, made: _Called) -> Iterator[Slot]:
    call, callee, scope, known, route, pictures = made
    tag, all_tags = _pulled(call, callee, known)
    for position, value in enumerate(call.args):
        trust = _position(position, callee, known)
        if trust and not isinstance(value, ast.Starred):
            where, against = f"{route}()[{position}]", objection(callee, "")
            yield Slot(value, scope, trust, where, False, tag, all_tags, against)
    beside = _beside(call) and not pictures
    for keyword in call.keywords:
        name = keyword.arg or ""
        trust = _keyword(names, name, known, beside=beside, pictures=pictures)
        if trust and not (trust is Trust.LIKELY and is_machine(callee)):
            where, against = f"{route}({name}=)", objection(callee, name)
            yield Slot(keyword.value, scope, trust, where, False, tag, all_tags, against)


def _position(position: int, callee: tuple[str, ...], known: tuple[int | str, ...]) -> Trust:
    if position in known:
        return Trust.KNOWN
    first = position == 0 and bool(callee) and is_container_class(callee[-1])
    return Trust.LIKELY if first else Trust.NONE


def _pulled(
    call: ast.Call, callee: tuple[str, ...], known: tuple[int | str, ...]
) -> tuple[ast.expr | None, bool]:
    """The tag that a pull names beside the image, and whether it pulls all of them."""
    if not callee or callee[-1] not in _PULLS:
        return None, False
    tag = _tag(call, positional="repository" in known)
    return tag, _is_true(_argument(call, "all_tags"))


def _keyword(
    names: Names, name: str, known: tuple[int | str, ...], *, beside: bool, pictures: bool
) -> Trust:
    if name in known:
        return Trust.KNOWN
    if name in names.keywords:
        return Trust.SURE
    trust = keyword_trust(name)
    if trust is Trust.LIKELY and beside:
        return Trust.SURE
    return Trust.LIKELY if trust is Trust.SURE and pictures else trust


def _beside(call: ast.Call) -> bool:
    """Whether other arguments tell that a container is run."""
    given = {it.arg for it in call.keywords}
    return {"name", "namespace"} <= given or any(
        is_beside(it.arg, as_data=_is_data(it.value)) for it in call.keywords if it.arg
    )


def _is_data(node: ast.expr) -> bool:
    """Whether a list, a mapping or a text is written down."""
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict)) or is_string(node)


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    return next((it.value for it in call.keywords if it.arg == name), None)


def _tag(call: ast.Call, *, positional: bool) -> ast.expr | None:
    """The argument that names the tag; None where there is none, or it is None."""
    tag = _argument(call, "tag")
    if tag is None and positional and len(call.args) > 1:
        tag = call.args[1] if not isinstance(call.args[1], ast.Starred) else None
    return None if isinstance(tag, ast.Constant) and tag.value is None else tag


def _is_true(node: ast.expr | None) -> bool:
    is_off = isinstance(node, ast.Constant) and (node.value is None or node.value is False)
    return node is not None and not is_off


def _default(call: ast.Call, callee: tuple[str, ...], scope: Scope, route: str) -> Iterator[Slot]:
    """What a setting or an option of a command line is when nobody sets it, and values of a test."""
    plain = [it for it in call.args if not isinstance(it, ast.Starred)]
    texts = [text_of(value) for value in plain]
    if not callee or not texts or texts[0] is None:
        return
    if callee[-1:] == ("parametrize",):
        yield from _parameters(call, plain, texts[0], scope)
        return
    name = next((text for text in texts if text and option_trust(text)), None)
    if name is None:
        return
    default = _argument(call, "default")
    if default is None and len(plain) == 2 and texts[0] == name and callee[-1] in _GETTERS:
        default = plain[1]
    if default is not None:
        trust = Trust.LIKELY if callee[-1] not in _GETTERS else Trust.TAGGED
        yield Slot(default, scope, trust, f"{route}({name})")


_GETTERS = frozenset({"get", "getenv", "setdefault", "pop", "env", "getoption"})


def _parameters(call: ast.Call, plain: list[ast.expr], names: str, scope: Scope) -> Iterator[Slot]:
    listed = [name.strip() for name in names.split(",")]
    rows = plain[1] if len(plain) > 1 else _argument(call, "argvalues")
    if not isinstance(rows, (ast.List, ast.Tuple)):
        return
    for index, name in enumerate(listed):
        if not keyword_trust(name):
            continue
        for number, row in enumerate(elements(rows)):
            where = f"parametrize({name})[{number}]"
            route = f"{scope.route}.{where}" if scope.route else where
            value = _row(row, index if len(listed) > 1 else None)
            if value is not None:
                yield Slot(value, scope, Trust.LIKELY, route)


def _row(row: ast.expr, index: int | None) -> ast.expr | None:
    """The value of one parameter in a row: the row itself, or an element of it or of its ``param``."""
    if isinstance(row, ast.Call):
        given = [*map(unstarred, row.args), *(it.value for it in row.keywords)]
        return given[index or 0] if len(given) > (index or 0) else None
    if index is None:
        return row
    if isinstance(row, (ast.Tuple, ast.List)) and index < len(row.elts):
        return elements(row)[index]
    return None


def _is_container(contents: Contents, callee: tuple[str, ...], scope: Scope) -> bool:
    """Whether a call makes a container of Testcontainers, or of a class that this file derives."""
    if callee == ("super", "__init__") and scope.owner is not None:
        return any(_is_base(contents, base, scope.owner) for base in scope.owner.bases)
    if len(callee) == 1 and callee[0] in contents.classes:
        owner = contents.classes[callee[0]]
        return any(_is_base(contents, base, owner) for base in owner.bases) and _takes_image(owner)
    return bool(callee) and callee[0] == "testcontainers" and is_container_class(callee[-1])


def _is_base(contents: Contents, base: ast.expr, scope: Scope) -> bool:
    for _ in range(_MAX_BASES):
        callee = contents.dotted(base, scope.parent or scope)
        if callee[:1] == ("testcontainers",):
            return is_container_class(callee[-1])
        owner = contents.classes.get(callee[-1]) if callee else None
        if owner is None or owner is scope or not owner.bases:
            return False
        base, scope = owner.bases[0], owner
    return False


def _takes_image(owner: Scope) -> bool:
    """Whether a derived class does not say otherwise of its first argument."""
    return owner.first in ("", "image")


def _dict(site: Site, names: Names) -> Iterator[Slot]:
    node, scope, compared, outer = site
    entries = [
        (text_of(key) or "", value)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None
    ]
    trusts = [Trust.SURE if key in names.keywords else keyword_trust(key) for key, _ in entries]
    if compared or not any(trusts):
        return
    run = snake(outer) in CONTAINER_LISTS or any(
        is_beside(key, as_data=_is_data(value)) for key, value in entries
    )
    for (key, value), trust in zip(entries, trusts, strict=True):
        if trust:
            is_sure = trust is Trust.LIKELY and run and key.lower() == "image"
            route = _in(scope, f"{{{outer}}}.{key}" if outer else f"{{{key}}}")
            sure = Trust.SURE if is_sure else trust
            yield Slot(value, scope, sure, route, objection=objection((), key))


def _in(scope: Scope, route: str) -> str:
    return f"{scope.route} > {route}" if scope.route else route


def _target(target: Target, names: Names, *, pictures: bool) -> Iterator[Slot]:
    trust = Trust.SURE if target.name in names.keywords else keyword_trust(target.name)
    if trust is Trust.SURE and (pictures or target.name not in names.keywords):
        trust = Trust.LIKELY
    if trust or is_constant(target.name):
        elements = isinstance(target.value, (ast.List, ast.Tuple, ast.Set, ast.Dict))
        if target.name.isupper() or not trust:
            trust = Trust.TABLE if isinstance(target.value, ast.Dict) else Trust.TAGGED
        yield Slot(target.value, target.scope, trust, target.route, elements)
