"""Images that a kustomization replaces: entries of name, new name, new tag and digest.

The same list stands in kustomizations and in objects of Flux, which runs Kustomize. What an entry
says is what is deployed: a fix sets its digest and keeps its tag. Kustomize writes both behind the
name since version 5; older ones write the digest alone (``api/filters/imagetag/updater.go``).
"""

from collections.abc import Iterator
from typing import NamedTuple

from boltseal.reference import ImageReference, InvalidReference, parse
from boltseal.source import Source
from boltseal.use import ImageUse, Opaque, Spelling, Split
from boltseal_rules.digest_key import digest_beside
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, Sequence, join, verbatim
from boltseal_rules.image_keys import sealed_span
from boltseal_rules.literal import shown
from boltseal_rules.text_use import unknown_part

_RENAMED = Opaque(
    "it only gives the image another name: the tag is that of the manifest",
    "set newTag and digest here",
)
_TAG_IN_NAME = Opaque("its tag stands in newName", "move the tag to newTag")
_VARIABLE = Opaque("a variable fills it in", "write the reference out, or pin the variable")


class Entry(NamedTuple):
    """One entry; what is missing or empty is None."""

    route: str
    mapping: Mapping
    name: Scalar
    new_name: Scalar | None
    new_tag: Scalar | None
    digest: Scalar | None

    @property
    def decides(self) -> bool:
        """Whether the entry says which image is deployed, whatever tag a manifest has."""
        return self.new_tag is not None or self.digest is not None


def image_entries(holder: Mapping, route: str = "") -> Iterator[Entry]:
    """The entries of ``holder``, which ``route`` leads to, each once however often it is aliased."""
    seen: set[int] = set()
    for key in ("images", "imageTags"):
        listed = holder.get(key)
        for index, item in enumerate(listed.items if isinstance(listed, Sequence) else ()):
            if not isinstance(item, Mapping) or id(item) in seen:
                continue
            seen.add(id(item))
            name = _filled(item, "name")
            if name is not None:
                parts = (_filled(item, part) for part in ("newName", "newTag", "digest"))
                yield Entry(join(route, f"{key}[{index}]"), item, name, *parts)


def entry_uses(source: Source, place: str, holder: Mapping, route: str = "") -> Iterator[ImageUse]:
    """The images that the entries of ``holder`` put in the place of others."""
    for entry in image_entries(holder, route):
        if entry.decides or entry.new_name is not None:
            yield _use(source, place, entry)


def _filled(item: Mapping, key: str) -> Scalar | None:
    value = item.get(key)
    if not isinstance(value, Scalar) or not value.value.strip():
        return None
    return value if value.style or value.value not in ("~", "null") else None


def _use(source: Source, place: str, entry: Entry) -> ImageUse:
    name = (entry.new_name or entry.name).value.strip()
    tag = entry.new_tag.value.strip() if entry.new_tag else ""
    digest = entry.digest.value.strip() if entry.digest else ""
    text = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    told = entry.new_tag or entry.digest or entry.new_name or entry.name
    span = verbatim(source, told) or shown(source, told)
    unknown = unknown_part(text) or (_VARIABLE if "$" in text else None)
    reference = parse(text)
    if unknown is None and not entry.decides and not _names_one(reference):
        unknown = _RENAMED
    if unknown:
        return ImageUse(source, place, entry.route, text, None, span, unknown)
    if isinstance(reference, InvalidReference):
        opaque = Opaque(reference.reason, reference.hint)
        return ImageUse(source, place, entry.route, text, reference, span, opaque)
    spelling = _spelling(source, entry)
    return ImageUse(source, place, entry.route, text, reference, span, spelling)


def _names_one(reference: ImageReference | InvalidReference) -> bool:
    """Whether a new name has a tag or a digest in it, which it should not."""
    return isinstance(reference, ImageReference) and bool(reference.tag or reference.digest)


def _spelling(source: Source, entry: Entry) -> Spelling:
    if entry.new_tag is None:
        sealed = sealed_span(source, entry.digest)
        return _TAG_IN_NAME if entry.digest is None else Split(sealed=sealed)
    if entry.digest is not None:
        sealed = sealed_span(source, entry.digest)
        return Split(tag_text=entry.new_tag.value.strip(), sealed=sealed)
    return digest_beside(source, entry.mapping, entry.new_tag, "newTag")
