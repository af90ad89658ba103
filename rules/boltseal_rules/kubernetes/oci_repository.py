"""Flux's OCIRepository: an artifact named by a URL and, apart from it, a tag or a digest.

A digest takes precedence over a range of versions, and that over a tag
(https://fluxcd.io/flux/components/source/ocirepositories/#reference).
"""

from collections.abc import Iterator

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source
from boltseal.use import ImageUse, Opaque, Spelling, Split
from boltseal_rules.digest_key import digest_beside
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, verbatim
from boltseal_rules.helm.oci_charts import SCHEME
from boltseal_rules.image_keys import sealed_span
from boltseal_rules.literal import shown
from boltseal_rules.text_use import unknown_part

_ROUTE = "spec.url"
_RANGE = Opaque(
    "it is the newest version in a range", "set spec.ref.tag and spec.ref.digest to decide it"
)
_VARIABLE = Opaque("a variable fills it in", "write the reference out, or pin the variable")
_NO_REF = Opaque("it has no spec.ref", "add spec.ref with a tag, then run boltseal again")


def repository_use(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    """The artifact that one OCIRepository names; nothing where it has no URL."""
    spec = root.get("spec")
    url = spec.get("url") if isinstance(spec, Mapping) else None
    if not isinstance(spec, Mapping) or not isinstance(url, Scalar):
        return
    ref = spec.get("ref")
    named = ref if isinstance(ref, Mapping) else Mapping((), 0)
    tag, digest, semver = (_filled(named, key) for key in ("tag", "digest", "semver"))
    text = url.value.strip().removeprefix(SCHEME).rstrip("/")
    text += f":{tag.value.strip()}" if tag else ""
    text += f"@{digest.value.strip()}" if digest else ""
    told = tag or digest or semver or url
    use = ImageUse(
        source,
        place,
        _ROUTE,
        text,
        None,
        verbatim(source, told) or shown(source, told),
        _RANGE,
        artifact=True,
    )
    unknown = unknown_part(text) or (_VARIABLE if "$" in text else None)
    if unknown or (semver and not digest):
        yield use._replace(spelling=unknown or _RANGE)
        return
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        yield use._replace(reference=reference, spelling=Opaque(reference.reason, reference.hint))
        return
    spelling: Spelling = _NO_REF
    if digest is not None:
        spelling = Split(sealed=sealed_span(source, digest))
    elif tag is not None:
        spelling = digest_beside(source, named, tag, "tag")
    yield use._replace(reference=reference, spelling=spelling)


def _filled(ref: Mapping, key: str) -> Scalar | None:
    value = ref.get(key)
    return value if isinstance(value, Scalar) and value.value.strip() else None
