"""Ansible: playbooks, tasks and the variables of roles, Molecule, execution environments."""

import re
from collections.abc import Iterable, Iterator

from boltseal.place import Found
from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque, Related, Whole
from boltseal_rules.ansible.modules import (
    ImageScalar,
    compose_definitions,
    helm_values,
    image_scalars,
    names_module,
    objects,
)
from boltseal_rules.ansible.roles import NO_ROLE, Role, Variable, role_of
from boltseal_rules.formats import jinja
from boltseal_rules.formats.yaml_tree import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    documents,
    join,
    sites,
    verbatim,
)
from boltseal_rules.helm.values import value_uses
from boltseal_rules.image_keys import is_other_image
from boltseal_rules.kubernetes.manifest import is_object, object_uses
from boltseal_rules.literal import scalar_use, shown
from boltseal_rules.places.compose import definition_uses
from boltseal_rules.signs import is_named
from boltseal_rules.text_use import distinct

NAME = "ansible"
_SETTINGS = (b"ansible-navigator", b"build_arg_defaults", b"base_image")
_IMAGE_NAME = re.compile(r"(?:^|_)image$")
_LOOPS = ("loop", "with_items", "with_list", "with_flattened")
_ELSEWHERE = Opaque("a variable fills it in", "boltseal judges it where the variable is set", True)
_SPREAD = Opaque(
    "it is put together from variables",
    "put the whole reference, with its digest, into one variable",
)


def find(source: Source) -> Found | None:
    """The images of a playbook, a list of tasks or a tool's settings.

    None where the content shows none of these.
    """
    named = is_named(NAME, source.path)
    if not named and not names_module(source) and not any(map(source.holds, _SETTINGS)):
        return None
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    known = False
    for document in documents(source):
        root = document.root
        if document.problem and named:
            problems.append(document.problem)
        if isinstance(root, Sequence):
            found = list(_task_uses(source, root))
            known = known or bool(found)
            uses += found
        elif isinstance(root, Mapping):
            found = list(_setting_uses(source, root, molecule=named))
            known = known or bool(found)
            uses += found
    return Found(distinct(_noted_once(uses)), tuple(problems)) if known or named else None


def _noted_once(uses: Iterable[ImageUse]) -> Iterator[ImageUse]:
    """The uses, with one for all that read the same unknown text: one note says enough."""
    unknown: dict[str, ImageUse] = {}
    for use in uses:
        if use.reference is not None:
            yield use
        elif (first := unknown.get(use.text)) is None:
            unknown[use.text] = use
        else:
            again = Related(use.span, "read here too")
            unknown[use.text] = first._replace(related=(*first.related, again))
    yield from unknown.values()


def _task_uses(source: Source, root: Sequence) -> Iterator[ImageUse]:
    own = _own_variables(source, root)
    role = role_of(source)
    role = Role({**role.variables, **own}, role.images)
    for image in image_scalars(root):
        yield from _image_uses(source, role, image)
    for definition, route in compose_definitions(root):
        yield from _moved(definition_uses(source, definition), route)
    for values, route in helm_values(root):
        yield from value_uses(source, NAME, values, route)
    for found, route in objects(root):
        if is_object(found):
            yield from _moved(object_uses(source, NAME, found), route)


def _moved(uses: Iterable[ImageUse], route: str) -> Iterator[ImageUse]:
    return (use._replace(place=NAME, route=join(route, use.route)) for use in uses)


def _own_variables(source: Source, root: Node) -> dict[str, Variable]:
    """The variables that plays, blocks and tasks of the file set."""
    return {
        name: Variable(value.value.strip(), source, value)
        for site in sites(root)
        if site.key == "vars"
        for name, value in site.mapping.scalars()
        if isinstance(value, Scalar)
    }


def _image_uses(source: Source, role: Role, image: ImageScalar) -> Iterator[ImageUse]:
    """The uses that one scalar is: itself, what a loop hands it, or the variable that it reads."""
    scalar = image.scalar
    text = scalar.value.strip()
    if "{{" not in text and "{%" not in text and not _is_filled_in(image.tag):
        use = scalar_use(source, NAME, image.route, scalar)
        if use:
            yield _with_tag(use, image.tag)
        return
    items = list(_items(image)) if image.tag is None else []
    if items:
        for item, route in items:
            yield from _image_uses(source, role, image._replace(scalar=item, route=route))
        return
    if image.tag is not None and "@" not in text:
        text = f"{text}:{image.tag.value.strip()}"
    span = verbatim(source, scalar) or shown(source, scalar)
    yield from _filled_in(source, role, image.route, text, span)


def _is_filled_in(scalar: Scalar | None) -> bool:
    return scalar is not None and "{{" in scalar.value


def _with_tag(use: ImageUse, tag: Scalar | None) -> ImageUse:
    """The use with a tag that stands in a key of its own; one in the name comes first.

    A digest goes into the name: that is where the modules take one, and they do not take it in
    the tag.
    """
    image = use.image
    if tag is None or image is None or image.tag is not None:
        return use
    name, at, digest = use.text.partition("@")
    reference = parse(f"{name}:{tag.value.strip()}{at}{digest}")
    if isinstance(reference, InvalidReference):
        why = Opaque(reference.reason, reference.hint)
        return use._replace(text=reference.original, reference=reference, spelling=why)
    return use._replace(text=reference.original, reference=reference)


def _items(image: ImageScalar) -> Iterator[tuple[Scalar, str]]:
    """What a loop over a list that is written out puts into ``{{ item }}`` or ``{{ item.key }}``."""
    names = jinja.path(image.scalar.value)
    if not names or names[0] != "item":
        return
    for loop in _LOOPS:
        listed = image.task.get(loop)
        for index, item in enumerate(listed.items if isinstance(listed, Sequence) else ()):
            node: Node | None = item
            for name in names[1:]:
                node = node.get(name) if isinstance(node, Mapping) else None
            if isinstance(node, Scalar) and jinja.path(node.value)[:1] != ("item",):
                yield node, ".".join((f"{image.route} {loop}[{index}]", *names[1:]))


def _filled_in(source: Source, role: Role, route: str, text: str, span: Span) -> Iterator[ImageUse]:
    """The use that a text with variables is."""
    chosen = jinja.default(text)
    if chosen and chosen[0] not in role.variables and chosen[1]:
        yield _default_use(source, route, text, span, chosen[1], chosen[2])
        return
    name = jinja.variable(text) or (chosen[0] if chosen else None)
    variable = role.variables.get(name or "")
    if variable is not None and variable.source.path != source.path:
        yield ImageUse(source, NAME, route, text, None, span, _ELSEWHERE)
        return
    if variable is not None and variable.source is source:
        use = _variable_use(source, role, name or "", variable)
        if use:
            yield use._replace(related=(*use.related, Related(span, "read here")))
        return
    yield _put_together(source, role, route, text, span)


def _default_use(
    source: Source, route: str, text: str, span: Span, value: str, index: int
) -> ImageUse:
    reference = parse(value)
    use = ImageUse(source, NAME, route, value, reference, span, _SPREAD)
    if isinstance(reference, InvalidReference):
        return use._replace(spelling=Opaque(reference.reason, reference.hint))
    start = span.start + len(text[:index].encode())
    where = Span(start, start + len(value.encode()))
    if source.slice(where) == value.encode():
        return use._replace(span=where, spelling=Whole(where))
    return use


def _put_together(source: Source, role: Role, route: str, text: str, span: Span) -> ImageUse:
    """A text of several parts: known as far as its variables are."""
    value = jinja.expand(text, role.values)
    related = tuple(
        Related(shown(v.source, v.scalar), f"{name} is set here", v.source)
        for name in jinja.names(text)
        if (v := role.variables.get(name)) is not None
    )
    if value is None or not value.strip():
        unknown = [n for n in jinja.names(text) if n not in role.variables]
        listed = ", ".join(unknown) or "a variable"
        why = Opaque(
            f"{listed} is set somewhere else", "pin the reference where the variable is set"
        )
        return ImageUse(source, NAME, route, text, None, span, why, related)
    reference = parse(value.strip())
    spelling = _SPREAD
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    return ImageUse(source, NAME, route, text, reference, span, spelling, related)


def find_variables(source: Source, place: str) -> Found | None:
    """The variables of a role that are the whole of an image; None where none is."""
    role = role_of(source)
    uses: list[ImageUse] = []
    for document in documents(source, None):
        root = document.root
        for name, value in root.scalars() if isinstance(root, Mapping) else ():
            if isinstance(value, Scalar) and (name in role.images or _says_image(name, value)):
                variable = Variable(value.value.strip(), source, value)
                use = _variable_use(source, role, name, variable)
                uses += [use._replace(place=place)] if use else []
    return Found(distinct(uses)) if uses else None


def _says_image(name: str, value: Scalar) -> bool:
    """Whether a variable that no task reads here is an image by its name and its tag or digest."""
    if not _IMAGE_NAME.search(name) or is_other_image(name):
        return False
    reference = parse(value.value.strip())
    if isinstance(reference, InvalidReference):
        return False
    return reference.tag is not None or reference.is_pinned


def _variable_use(source: Source, role: Role, name: str, variable: Variable) -> ImageUse | None:
    """The use that a variable is; None where another variable is the whole of it."""
    scalar = variable.scalar
    if "{{" not in variable.text and "{%" not in variable.text:
        return scalar_use(source, NAME, name, scalar)
    if jinja.variable(variable.text) in role.variables:
        return None
    span = verbatim(source, scalar) or shown(source, scalar)
    return _put_together(source, role, name, variable.text, span)


def _setting_uses(source: Source, root: Mapping, *, molecule: bool) -> Iterator[ImageUse]:
    """The images of Molecule, ansible-navigator and ansible-builder."""
    if molecule and _text(root, "driver", "name") in ("", "docker", "podman", "containers"):
        platforms = root.get("platforms")
        for index, platform in enumerate(
            platforms.items if isinstance(platforms, Sequence) else ()
        ):
            image = platform.get("image") if isinstance(platform, Mapping) else None
            if isinstance(image, Scalar):
                yield from _scalar_uses(source, f"platforms[{index}].image", image)
    for keys in (
        ("ansible-navigator", "execution-environment", "image"),
        ("images", "base_image", "name"),
        ("images", "builder_image", "name"),
        ("build_arg_defaults", "EE_BASE_IMAGE"),
        ("build_arg_defaults", "EE_BUILDER_IMAGE"),
    ):
        scalar = _at(root, *keys)
        if isinstance(scalar, Scalar):
            yield from _scalar_uses(source, ".".join(keys), scalar)


def _scalar_uses(source: Source, route: str, scalar: Scalar) -> Iterator[ImageUse]:
    if "{{" in scalar.value:
        span = verbatim(source, scalar) or shown(source, scalar)
        yield _put_together(source, NO_ROLE, route, scalar.value.strip(), span)
        return
    use = scalar_use(source, NAME, route, scalar)
    if use:
        yield use


def _at(root: Node | None, *keys: str) -> Node | None:
    for key in keys:
        root = root.get(key) if isinstance(root, Mapping) else None
    return root


def _text(root: Mapping, *keys: str) -> str:
    node = _at(root, *keys)
    return node.value.strip() if isinstance(node, Scalar) else ""
