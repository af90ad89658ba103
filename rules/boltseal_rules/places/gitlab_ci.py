"""GitLab CI: configurations, what they include, and components, with the variables between them."""

import re
from collections.abc import Iterator

from boltseal.pattern import pattern
from boltseal.place import Found
from boltseal.reference import DOCKER_HUB, InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related, Whole
from boltseal_rules.ci.guarded import Spot, guarded
from boltseal_rules.formats.yaml_tree import Scalar, verbatim
from boltseal_rules.gitlab.pipeline import Pipeline, pipeline, standing_alone
from boltseal_rules.gitlab.shape import Shape
from boltseal_rules.gitlab.variables import INPUT, Expanded, expand, whole
from boltseal_rules.literal import scalar_use, shown, templated_text
from boltseal_rules.signs import GITLAB_FILE, GITLAB_FOLDER, claims
from boltseal_rules.text_use import ESCAPED, distinct

NAME = "gitlab-ci"
_NAMED = pattern(GITLAB_FILE, re.IGNORECASE)
_FOLDER = pattern(GITLAB_FOLDER, re.IGNORECASE)
_SCRIPT = pattern(rb"\n[ \t]+[\"']?script[\"']?[ \t]*:")
# docs.gitlab.com, "Dependency proxy": what stands behind these is an image of Docker Hub.
_PROXY = re.compile(
    r"\$\{?CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX\}?/"
    r"|\$\{?CI_DEPENDENCY_PROXY_SERVER\}?/[^\s]{1,200}?/dependency_proxy/containers/"
)
_PREFIX = re.compile(r"CI_DEPENDENCY_PROXY_\w+")
_OWN = re.compile(r"\$\{?CI_REGISTRY_IMAGE\b")
_MAX_RELATED = 8
# A manifest, or a template of one: never a pipeline, and slow to read where it is a template.
_OBJECT = pattern(rb"(?m)^(?:\xef\xbb\xbf)?apiVersion[ \t]*:")

_PUT_TOGETHER = Opaque(
    "it is put together from variables",
    "write the whole reference out, or put all of it into one variable",
)
_UNREADABLE = Opaque("its variables cannot be read", "write the reference out")
_OWN_REGISTRY = Opaque(
    "it is in the project's own registry, where a pipeline puts it",
    "nothing is to be done where the same pipeline makes it",
)
_LISTED = "its very value is listed or compared elsewhere"

_JOINED = "its variable is put together with other text elsewhere, which a digest would spoil"


def find(source: Source) -> Found | None:
    """The images of a file of a pipeline.

    None for what no configuration in the tree includes, unless its name or its shape is that of one.
    Raises Unparsable where it is not UTF-8.
    """
    around = pipeline(source)
    if around is None:
        if not _may_stand_alone(source):
            return None
        around = standing_alone(source)
        if around.config.shape < _needed(source.path):
            return None
    uses = (*_site_uses(around), *_definition_uses(around))
    spots = (
        Spot(where, shown(where, site.scalar))
        for name, _ in around.images()
        for where, site in around.places(name)
    )
    others = (config.source for config in around.files.values())
    return Found(
        guarded(source, distinct(uses), others=others, spots=dict.fromkeys(spots)),
        around.config.problems,
    )


def _may_stand_alone(source: Source) -> bool:
    """Whether it is worth reading a file that nothing includes."""
    is_object = source.holds(b"apiVersion") and _OBJECT.search(source.data) is not None
    if is_object and not _NAMED.search(source.path):
        return False
    if _needed(source.path) < Shape.SURE or source.holds(b"$[["):
        return True
    return _SCRIPT.search(source.data) is not None


def _needed(path: str) -> Shape:
    """How much the content must say, given the path."""
    if _NAMED.search(path):
        return Shape.UNKNOWN
    if claims("helm-values", path) or not _FOLDER.search(path):
        return Shape.SURE
    return Shape.LIKELY


def _site_uses(around: Pipeline) -> Iterator[ImageUse]:
    """What stands where an image is named, but for variables that are set: judged where they are."""
    for owner, route, scalar in around.config.sites:
        name = whole(scalar.value)
        if name is None or not around.is_set(name):
            yield from _use(around, owner, route, scalar)


def _definition_uses(around: Pipeline) -> Iterator[ImageUse]:
    """The variables and inputs that hold an image, and those that are joined to one."""
    for name, definition in around.images():
        inner = whole(definition.scalar.value)
        if inner is not None and around.is_set(inner):
            continue
        for use in _use(around, definition.owner, definition.route, definition.scalar):
            spelling = use.spelling
            if isinstance(spelling, Whole) and around.is_joined(name):
                spelling = spelling._replace(objection=_JOINED)
            if isinstance(spelling, Whole) and (definition.listed or around.is_matched(name)):
                spelling = spelling._replace(objection=_LISTED)
            if isinstance(use.reference, InvalidReference):
                use = use._replace(reference=None)
            elif isinstance(spelling, Whole) or use.reference is not None:
                use = use._replace(spelling=spelling)
            yield use._replace(related=tuple(_related(around, name)))


def _related(around: Pipeline, name: str) -> Iterator[Related]:
    for source, site in around.places(name)[:_MAX_RELATED]:
        elsewhere = None if source is around.config.source else source
        yield Related(shown(source, site.scalar), "used as an image here", elsewhere)


def _use(around: Pipeline, owner: str, route: str, scalar: Scalar) -> Iterator[ImageUse]:
    """The use that a scalar is, its variables put in."""
    source = around.config.source
    if "$" not in scalar.value or templated_text(source, scalar) is not None:
        use = scalar_use(source, NAME, route, scalar)
        if use:
            yield use
        return
    text = scalar.value.strip()
    span = verbatim(source, scalar)
    use = ImageUse(source, NAME, route, text, None, span or shown(source, scalar), _UNREADABLE)
    yield _proxied(use, span) or _expanded(around, owner, use)


def _proxied(use: ImageUse, span: Span | None) -> ImageUse | None:
    """An image written out behind the prefix of a dependency proxy."""
    prefix = _PROXY.match(use.text)
    if prefix is None or "$" in use.text[prefix.end() :]:
        return None
    reference = parse(use.text[prefix.end() :])
    if isinstance(reference, InvalidReference) or reference.registry != DOCKER_HUB:
        return None
    if span is None:
        return use._replace(reference=reference, spelling=ESCAPED)
    start = span.start + len(prefix[0].encode())
    return use._replace(reference=reference, spelling=Whole(Span(start, span.end)))


def _expanded(around: Pipeline, owner: str, use: ImageUse) -> ImageUse:
    """An image put together from variables, known if each of them is."""
    found = expand(use.text, lambda name: around.value(owner, name))
    if found is None:
        return use
    prefix = _PROXY.match(found.text)
    text = found.text[prefix.end() :] if prefix else found.text
    if "$" in text:
        return use._replace(spelling=_unknown(found))
    reference = parse(text)
    if isinstance(reference, InvalidReference) or (prefix and reference.registry != DOCKER_HUB):
        return use
    return use._replace(reference=reference, spelling=_PUT_TOGETHER)


def _unknown(found: Expanded) -> Opaque:
    """Why variables are not known."""
    if _OWN.match(found.text):
        return _OWN_REGISTRY
    names = [name for name in found.unknown if not _PREFIX.fullmatch(name)]
    name = (names or found.unknown)[0]
    if name.startswith(INPUT):
        return Opaque(f"the input {name[len(INPUT) :]} has no default", "give it a default")
    if name.startswith(("CI_", "GITLAB_")):
        return Opaque(f"{name} is known to GitLab alone", "write it out to have it judged")
    return Opaque(
        f"no file of the pipeline sets {name}", "pin it where the variable is set, or set it here"
    )
