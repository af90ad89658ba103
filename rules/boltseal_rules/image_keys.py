"""Images whose parts stand under keys of their own: registry, repository, tag, digest.

Charts agree on the idea and on little else, so keys are compared without case, '_' and '-'.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.reference import ImageReference, InvalidReference, is_digest, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Slot, Spelling, Split
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Site, join, verbatim
from boltseal_rules.literal import shown, templated_text
from boltseal_rules.text_use import unknown_part

_REPOSITORY = ("repository", "repo", "imagerepository", "imagerepo", "imagename", "image")
_TAG = ("tag", "imagetag", "imageversion")
TAG_KEYS = (*_TAG, "version")
"""The keys of a tag, without case, '_' and '-'."""
_REGISTRY = ("registry", "imageregistry")
DIGEST_KEYS = ("digest", "imagedigest", "sha", "sha256", "imagesha")
"""The keys of a digest, without case, '_' and '-'."""
_PARTS = frozenset((*_REPOSITORY, *_TAG, *_REGISTRY, *DIGEST_KEYS))
_BARE_DIGEST = ("sha", "sha256", "imagesha")
_NULL = ("", "~", "null", "Null", "NULL")
# YAML 1.1 and 1.2 core numbers, as a chart's reader takes them.
_NUMBER = pattern(r"[-+]?(?:0x[0-9a-fA-F]+|0o?[0-7]+|(?:\d[\d_]*)?\.?\d+(?:[eE][-+]?\d+)?|\d+\.)")
_OTHER_IMAGE = pattern(
    r"(?i)(?:^|[a-z_-])(?:vm|os|hero|boot|disk|machine|background|cloud|lxd|ami)[_-]?image$"
)
# What is fetched from elsewhere by a repository and a tag: sources, charts, extensions.
_OTHER_SOURCE = frozenset({"git", "source", "chart", "charts", "module", "plugin", "plugins"})
_JSON = pattern(r"(?i)\.json(?:\.|$)")
_BLANK = pattern(r"[ \t]+(?=[\r\n,}]|\Z)")
_PLAIN_INTEGER = pattern(r"0|[1-9]\d{0,5}")

EMPTY_TAG = Opaque(
    "no tag is set here: the chart fills one in, most often its appVersion",
    "set a tag and a digest to decide it here",
)
_SHARED = Opaque(
    "its keys are shared with other images by an anchor",
    "write the tag out, or add an empty 'digest' key of its own",
)
_NO_KEY = Opaque(
    "its tag is written in a way that takes no digest", "write the tag as a plain or quoted string"
)


class Keys(NamedTuple):
    """The scalars of one split image; those that are missing are None."""

    repository: Scalar
    tag: Scalar | None
    registry: Scalar | None
    digest: Scalar | None
    digest_key: str


def is_image_key(key: str) -> bool:
    """Whether a key announces an image: ``image``, ``sidecarImage``, ``init_image``.

    Those of machines, disks and pictures have names of their own.
    """
    return key.lower().endswith("image") and not is_other_image(key)


def is_other_image(key: str) -> bool:
    """Whether a key names the image of a machine, a disk or a page: ``vmImage``, ``boot_image``."""
    return key.lower() != "image" and _OTHER_IMAGE.search(key) is not None


def is_tag_key(key: str) -> bool:
    """Whether a key in an image spread over keys holds its tag."""
    return _fold(key) in TAG_KEYS


def is_digest_key(key: str) -> bool:
    """Whether a key in an image spread over keys holds its digest."""
    return _fold(key) in DIGEST_KEYS


@lru_cache(maxsize=4096)
def _fold(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def split_use(
    source: Source, place: str, site: Site, global_registry: Scalar | None = None
) -> ImageUse | None:
    """The use that a mapping is when it spreads an image over keys; None when it does not."""
    found = _keys(site)
    if found is None:
        return None
    key, keys = found
    if global_registry is not None:
        keys = keys._replace(registry=global_registry)
    use = keys_use(source, place, join(site.route, key), keys, shared=site.merged)
    if isinstance(use.reference, InvalidReference) and (
        "://" in use.text or not is_image_key(site.key)
    ):
        return None
    return use


def keys_use(
    source: Source, place: str, route: str, keys: Keys, *, shared: bool = False
) -> ImageUse:
    """The use that scalars make up together. ``shared`` tells that other images have them too."""
    text, unknown = _combined(source, keys)
    reported = keys.tag if keys.tag is not None else keys.repository
    span = verbatim(source, reported) or shown(source, reported)
    if unknown:
        return ImageUse(source, place, route, text, None, span, unknown)
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        opaque = Opaque(reference.reason, reference.hint)
        return ImageUse(source, place, route, text, reference, span, opaque)
    if reference.tag is None and reference.digest is None:
        return ImageUse(source, place, route, text, None, span, EMPTY_TAG)
    spelling = _SHARED if shared else _spelling(source, keys, reference)
    return ImageUse(source, place, route, text, reference, span, spelling)


def shared_parts(source: Source, mappings: Iterable[Mapping]) -> frozenset[Span]:
    """The spans in images spread over keys to which an alias may lead from elsewhere."""
    scalars = (value for mapping in mappings for _, value in mapping.scalars())
    anchored = (value for value in scalars if isinstance(value, Scalar) and value.anchored)
    return frozenset(span for value in anchored if (span := verbatim(source, value)))


def taken(mapping: Mapping) -> bool:
    """Whether an ``image`` key of the mapping has its tag in a key beside it."""
    if "image" not in map(_fold, mapping.keys()):
        return False
    return any(_fold(name) in _TAG for name, _, _ in mapping.effective())


def _folded(mapping: Mapping) -> dict[str, tuple[str, Node]]:
    """The entries by folded key, the first of each.

    What is merged in is shared, as by an anchor; an ``image`` is not: it is a reference of its own
    where it stands.
    """
    entries: dict[str, tuple[str, Node]] = {}
    for name, value, own in mapping.effective():
        folded = _fold(name)
        if not own and folded == "image":
            continue
        if not own and isinstance(value, Scalar):
            value = value._replace(anchored=True)
        entries.setdefault(folded, (name, value))
    return entries


def _keys(site: Site) -> tuple[str, Keys] | None:
    announced = is_image_key(site.key)
    own = map(_fold, site.mapping.keys())
    if site.key.lower() in _OTHER_SOURCE or (not announced and _PARTS.isdisjoint(own)):
        return None
    entries = _folded(site.mapping)
    tag = _first(entries, _TAG + (("version",) if announced else ()))
    digest = _first(entries, DIGEST_KEYS)
    names = _REPOSITORY + (("name",) if announced and tag is not None else ())
    repository = _first(entries, names)
    if repository is None:
        return None
    key, name = repository
    if not name.value.strip() or _is_null(name):
        return None
    if tag is None and (key.lower() == "image" or not announced):
        return None
    registry = _first(entries, _REGISTRY)
    if not _has_own(site.mapping, repository, tag, registry, digest):
        return None
    return key, Keys(
        name,
        tag[1] if tag else None,
        registry[1] if registry else None,
        digest[1] if digest else None,
        digest[0].lower() if digest else "",
    )


def _has_own(mapping: Mapping, *parts: tuple[str, Scalar] | None) -> bool:
    """Whether any part stands in the mapping; else it is an image of what the mapping merges."""
    own = mapping.keys()
    return any(part is not None and part[0] in own for part in parts)


def _first(
    entries: dict[str, tuple[str, Node]], names: tuple[str, ...]
) -> tuple[str, Scalar] | None:
    for name in names:
        key, value = entries.get(name, ("", None))
        if isinstance(value, Scalar):
            return key, value
    return None


def _text(source: Source, scalar: Scalar | None) -> str:
    if scalar is None:
        return ""
    templated = templated_text(source, scalar)
    if templated is not None:
        return templated
    return "" if _is_null(scalar) else scalar.value.strip()


def _is_null(scalar: Scalar) -> bool:
    """Whether YAML reads a scalar as nothing: the same word in quotes is text."""
    return not scalar.style and not scalar.tagged and scalar.value in _NULL


def _combined(source: Source, keys: Keys) -> tuple[str, Opaque | None]:
    """The reference put together, and why it says nothing yet where it does not."""
    host, name, tag, digest = (
        _text(source, part) for part in (keys.registry, keys.repository, keys.tag, keys.digest)
    )
    text = f"{host.rstrip('/')}/{name}" if host else name
    if tag:
        text += f"@{tag}" if is_digest(tag) else f":{tag}"
    if digest and "@" not in text:
        bare = ":" not in digest and is_digest(f"sha256:{digest}")
        text += f"@sha256:{digest}" if bare else f"@{digest}"
    unknown = unknown_part(text)
    if unknown is None and "$" in text:
        unknown = Opaque("a variable fills it in", "write the reference out, or pin the variable")
    return text, unknown


def _spelling(source: Source, keys: Keys, reference: ImageReference) -> Spelling:
    tag_text = _text(source, keys.tag)
    if reference.digest is not None:
        sealed = keys.digest if _text(source, keys.digest) else keys.tag
        return Split(tag_text=tag_text, sealed=sealed_span(source, sealed))
    if not tag_text:
        return Opaque("its tag stands in the repository key", "move the tag to a key of its own")
    number = is_number(keys.tag)
    tag = tag_slot(source, keys.tag, number=number)
    digest = empty_slot(source, keys.digest)
    if tag is None and digest is None:
        return _SHARED if keys.tag is not None and keys.tag.anchored else _NO_KEY
    changes = number and number_changes(tag_text)
    bare = keys.digest_key in _BARE_DIGEST
    return Split(tag, reference.tag or tag_text, number, changes, digest, bare)


def is_number(scalar: Scalar | None) -> bool:
    """Whether YAML reads a tag as a number."""
    return (
        scalar is not None
        and not scalar.style
        and not scalar.tagged
        and _NUMBER.fullmatch(scalar.value) is not None
    )


def number_changes(text: str) -> bool:
    """Whether a reader that prints the number prints it otherwise than it is written."""
    if _PLAIN_INTEGER.fullmatch(text):
        return False
    try:
        return repr(float(text)) != text
    except ValueError:
        return True


def tag_slot(source: Source, scalar: Scalar | None, *, number: bool) -> Slot | None:
    """Where a tag is written anew: in quotes where it is a ``number``. None where it cannot be."""
    span = verbatim(source, scalar) if scalar else None
    if span is None or scalar is None or scalar.style in ("|", ">"):
        return None
    if scalar.tagged or scalar.anchored:
        return None
    return Slot(span, '"', '"') if number else Slot(span)


def sealed_span(source: Source, scalar: Scalar | None) -> Span | None:
    """Where a value stands that holds a digest; None where no other can be written there."""
    if scalar is None or scalar.tagged or scalar.anchored:
        return None
    return verbatim(source, scalar)


def empty_slot(source: Source, scalar: Scalar | None) -> Slot | None:
    """Where a digest goes whose key is there and empty."""
    if scalar is None or _text(source, scalar) or scalar.style in ("|", ">"):
        return None
    if scalar.tagged or scalar.anchored:
        return None
    start, end = scalar.start, scalar.end
    if scalar.style:
        if source.text[start] != scalar.style or end - start != len(scalar.value) + 2:
            return None
        start, end = start + 1, end - 1
    elif source.text[start:end] != scalar.value:
        return None
    elif start == end and not source.text[max(0, start - 99) : start].rstrip(" \t").endswith(":"):
        return None  # A key without a colon has no value to fill in.
    if start == end and not scalar.style:
        blank = _BLANK.match(source.text, start)
        start = end = blank.end() if blank else start
    touching = start == end and not scalar.style and source.text[start - 1 : start] == ":"
    span = Span(source.byte_offset(start), source.byte_offset(end))
    quote = '"' if not scalar.style and _JSON.search(source.path) else ""
    return Slot(span, (" " if touching else "") + quote, quote)
