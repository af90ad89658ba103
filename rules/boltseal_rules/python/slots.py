"""The places in a module at which an image may stand: arguments, keys, defaults, constants."""

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from boltseal_rules.python.contents import Contents, Scope, Site, Target
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
from boltseal_rules.python.syntax import text_of

_MAX_BASES = 5
_BUILDERS = ("build", "DockerImage", "ImageFromDockerfile")
_TAGS = frozenset({"tag", "tags", "image_name"})
_FALSE = frozenset({"False", "None"})
_PULLS = frozenset({"pull", "pull_docker_image"})
_DATA = (cst.List, cst.Tuple, cst.Dict, cst.SimpleString, cst.ConcatenatedString)


class Slot(NamedTuple):
    """A place for an image. ``elements`` tells that what is in a collection there counts too.

    ``tag`` is the argument that names the tag of the image, where a call takes one; ``all_tags``
    tells that it pulls them all. ``objection`` says why a digest may not be taken there.
    """

    node: cst.CSTNode
    scope: Scope
    trust: Trust
    route: str
    elements: bool = False
    tag: cst.BaseExpression | None = None
    all_tags: bool = False
    objection: str = ""


def slots(contents: Contents, names: Names) -> Iterator[Slot]:
    """Every place for an image in a module."""
    pictures = bool(contents.packages & PICTURES)
    for site in contents.calls:
        yield from _call(contents, names, site, pictures=pictures)
    for site in contents.dicts:
        if not site.compared:
            yield from _dict(site, names)
    for target in contents.targets:
        yield from _target(target, names, pictures=pictures)


def built(contents: Contents) -> Iterator[tuple[cst.CSTNode, Scope]]:
    """The names that builds give to what they make here."""
    for site in contents.calls:
        call = site.node
        if isinstance(call, cst.Call):
            name = contents.dotted(call.func, site.scope)[-1:]
            if name and (name[0] in _BUILDERS or "build" in name[0].lower()):
                for arg in call.args:
                    if arg.keyword is not None and arg.keyword.value in _TAGS:
                        yield arg.value, site.scope


def _call(contents: Contents, names: Names, site: Site, *, pictures: bool) -> Iterator[Slot]:
    call, scope = site.node, site.scope
    if not isinstance(call, cst.Call):
        return
    callee = contents.dotted(call.func, scope)
    if is_made_here(callee) or (callee and callee[0] in PICTURES) or is_assertion(callee):
        return
    known = names.slots(callee, frozenset(contents.packages))
    if _is_container(contents, callee, scope):
        known = (*known, 0, "image")
    label = ".".join(callee[-2:]) if callee and callee[-1][:1].islower() else "".join(callee[-1:])
    route = f"{scope.route} > {label}" if scope.route else label
    beside = _beside(call) and not pictures
    tag, all_tags = _pulled(call, callee, known)
    for position, arg in enumerate(call.args):
        if arg.star:
            continue
        keyword = arg.keyword.value if arg.keyword is not None else ""
        if keyword:
            trust = _keyword(names, keyword, known, beside=beside, pictures=pictures)
        else:
            trust = _position(position, callee, known)
        if keyword and trust is Trust.LIKELY and is_machine(callee):
            continue
        where = f"{route}({keyword}=)" if keyword else f"{route}()[{position}]"
        if trust and (trust is Trust.KNOWN or not site.compared):
            against = objection(callee, keyword)
            yield Slot(arg.value, scope, trust, where, False, tag, all_tags, against)
    if not site.compared:
        yield from _default(call, callee, scope, route)


def _position(position: int, callee: tuple[str, ...], known: tuple[int | str, ...]) -> Trust:
    if position in known:
        return Trust.KNOWN
    first = position == 0 and bool(callee) and is_container_class(callee[-1])
    return Trust.LIKELY if first else Trust.NONE


def _pulled(
    call: cst.Call, callee: tuple[str, ...], known: tuple[int | str, ...]
) -> tuple[cst.BaseExpression | None, bool]:
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


def _beside(call: cst.Call) -> bool:
    """Whether other arguments tell that a container is run."""
    given = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    return {"name", "namespace"} <= given or any(
        is_beside(arg.keyword.value, as_data=isinstance(arg.value, _DATA))
        for arg in call.args
        if arg.keyword is not None
    )


def _argument(call: cst.Call, name: str) -> cst.BaseExpression | None:
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg.value
    return None


def _tag(call: cst.Call, *, positional: bool) -> cst.BaseExpression | None:
    """The argument that names the tag; None where there is none, or it is None."""
    tag = _argument(call, "tag")
    if tag is None and positional and len(call.args) > 1:
        second = call.args[1]
        tag = second.value if second.keyword is None and not second.star else None
    return None if isinstance(tag, cst.Name) and tag.value == "None" else tag


def _is_true(node: cst.CSTNode | None) -> bool:
    return node is not None and not (isinstance(node, cst.Name) and node.value in _FALSE)


def _default(call: cst.Call, callee: tuple[str, ...], scope: Scope, route: str) -> Iterator[Slot]:
    """What a setting or an option of a command line is when nobody sets it, and values of a test."""
    plain = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
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


def _parameters(
    call: cst.Call, plain: list[cst.BaseExpression], names: str, scope: Scope
) -> Iterator[Slot]:
    listed = [name.strip() for name in names.split(",")]
    rows = plain[1] if len(plain) > 1 else _argument(call, "argvalues")
    if not isinstance(rows, (cst.List, cst.Tuple)):
        return
    for index, name in enumerate(listed):
        if not keyword_trust(name):
            continue
        for number, row in enumerate(rows.elements):
            where = f"parametrize({name})[{number}]"
            route = f"{scope.route}.{where}" if scope.route else where
            value = _row(row.value, index if len(listed) > 1 else None)
            if value is not None:
                yield Slot(value, scope, Trust.LIKELY, route)


def _row(row: cst.BaseExpression, index: int | None) -> cst.BaseExpression | None:
    """The value of one parameter in a row: the row itself, or an element of it or of its ``param``."""
    if isinstance(row, cst.Call):
        return row.args[index or 0].value if len(row.args) > (index or 0) else None
    if index is None:
        return row
    if isinstance(row, (cst.Tuple, cst.List)) and index < len(row.elements):
        return row.elements[index].value
    return None


def _is_container(contents: Contents, callee: tuple[str, ...], scope: Scope) -> bool:
    """Whether a call makes a container of Testcontainers, or of a class that this file derives."""
    if callee == ("super", "__init__") and scope.owner is not None:
        return any(_is_base(contents, base, scope.owner) for base in scope.owner.bases)
    if len(callee) == 1 and callee[0] in contents.classes:
        owner = contents.classes[callee[0]]
        return any(_is_base(contents, base, owner) for base in owner.bases) and _takes_image(owner)
    return bool(callee) and callee[0] == "testcontainers" and is_container_class(callee[-1])


def _is_base(contents: Contents, base: cst.BaseExpression, scope: Scope) -> bool:
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
    node = site.node
    if not isinstance(node, cst.Dict):
        return
    entries = [
        (text_of(entry.key) or "", entry.value)
        for entry in node.elements
        if isinstance(entry, cst.DictElement)
    ]
    run = snake(site.key) in CONTAINER_LISTS or any(
        is_beside(key, as_data=isinstance(value, _DATA)) for key, value in entries
    )
    for key, value in entries:
        trust = Trust.SURE if key in names.keywords else keyword_trust(key)
        if trust is Trust.LIKELY and run and key.lower() == "image":
            trust = Trust.SURE
        if trust:
            route = f"{{{site.key}}}.{key}" if site.key else f"{{{key}}}"
            against = objection((), key)
            yield Slot(value, site.scope, trust, _in(site.scope, route), objection=against)


def _in(scope: Scope, route: str) -> str:
    return f"{scope.route} > {route}" if scope.route else route


def _target(target: Target, names: Names, *, pictures: bool) -> Iterator[Slot]:
    trust = Trust.SURE if target.name in names.keywords else keyword_trust(target.name)
    if trust is Trust.SURE and (pictures or target.name not in names.keywords):
        trust = Trust.LIKELY
    if trust or is_constant(target.name):
        elements = isinstance(target.value, (cst.List, cst.Tuple, cst.Set, cst.Dict))
        if target.name.isupper() or not trust:
            trust = Trust.TABLE if isinstance(target.value, cst.Dict) else Trust.TAGGED
        yield Slot(target.value, target.scope, trust, target.route, elements)
