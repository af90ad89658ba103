"""Development containers: the image, and the features, which are artifacts in a registry.

The format is that of https://containers.dev/implementors/json_reference/.
"""

import posixpath
import re
from collections.abc import Iterator

from boltseal.place import Found
from boltseal.reference import ImageReference, InvalidReference, is_digest, parse
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse, Opaque
from boltseal_rules.base_arguments import base_arguments
from boltseal_rules.formats import jsonc
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, masked_documents, verbatim
from boltseal_rules.literal import scalar_use, shown

NAME = "devcontainer"
_LOCAL = ("./", "../", "http://", "https://")
_VARIABLE = re.compile(
    r"\$\{(?P<kind>\w++)(?::(?P<name>[^:{}]*+))?(?::(?P<default>[^:{}]*+))?[^{}]*+\}"
)
_UNLOCKED = Opaque(
    "a feature is pinned by the lock file beside it",
    "run 'devcontainer upgrade', which writes it, and commit devcontainer-lock.json",
    lockable=True,
)


def find(source: Source) -> Found | None:
    """The image and the features of a development container.

    None for a file of another name, whose content would not show that it is one, and for no object.
    """
    if not source.text.lstrip().startswith(("{", "/")):
        return None
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in masked_documents(source, jsonc.mask(source.text), None):
        if document.problem:
            problems.append(document.problem)
        if isinstance(document.root, Mapping):
            uses += _image_uses(source, document.root)
            uses += _feature_uses(source, document.root)
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _image_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    image = root.get("image")
    if isinstance(image, Scalar):
        yield from _scalar_uses(source, "image", image)
    build = root.get("build")
    if not isinstance(build, Mapping):
        return
    keys = build.get("dockerfile"), build.get("dockerFile"), root.get("dockerFile")
    path = next((_text(key) for key in keys if _text(key)), "")
    arguments = build.get("args")
    names = base_arguments(source, path) if path and isinstance(arguments, Mapping) else ()
    for name, value in arguments.scalars() if isinstance(arguments, Mapping) else ():
        if name in names and isinstance(value, Scalar):
            yield from _scalar_uses(source, f"build.args.{name}", value)


def _scalar_uses(source: Source, route: str, scalar: Scalar) -> Iterator[ImageUse]:
    text = scalar.value.strip()
    if "${" not in text:
        use = scalar_use(source, NAME, route, scalar)
        if use:
            yield use
        return
    span = verbatim(source, scalar) or shown(source, scalar)
    names = ", ".join(match[0] for match in _VARIABLE.finditer(text)) or text
    why = Opaque(
        f"{names} is filled in where the container is made",
        "write the whole reference out, with its digest",
    )
    yield ImageUse(source, NAME, route, text, _with_defaults(text), span, why)


def _with_defaults(text: str) -> ImageReference | None:
    """The reference where every variable in it is of the environment and has a default.

    A default ends at the next colon, as the reference implementation reads it.
    """
    matches = list(_VARIABLE.finditer(text))
    if not all(m["kind"] in ("localEnv", "env") and m["default"] for m in matches):
        return None
    reference = parse(_VARIABLE.sub(lambda match: match["default"], text))
    return None if isinstance(reference, InvalidReference) else reference


def _feature_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    """Features that come from a registry; what a lock file pins counts as pinned."""
    features = root.get("features")
    if not isinstance(features, Mapping):
        return
    locked = _locked(source)
    for key, _ in features.entries:
        if not isinstance(key, Scalar) or not _is_artifact(key.value):
            continue
        reference = parse(key.value)
        if isinstance(reference, InvalidReference):
            continue
        digest = locked.get(key.value)
        if digest and reference.digest is None:
            reference = reference._replace(digest=digest)
        span = verbatim(source, key) or shown(source, key)
        route = f"features.{key.value.partition('@')[0]}"
        yield ImageUse(source, NAME, route, key.value, reference, span, _UNLOCKED, artifact=True)


def _is_artifact(key: str) -> bool:
    """Whether a feature is stored in a registry: no folder, no archive, none of the old short names."""
    return not key.startswith(_LOCAL) and "/" in key and "${" not in key


def _locked(source: Source) -> dict[str, str]:
    """The digests that the lock file beside the configuration holds, by feature."""
    folder, name = posixpath.split(source.path)
    lock = ".devcontainer-lock.json" if name.startswith(".") else "devcontainer-lock.json"
    file = source.tree.read(posixpath.join(folder, lock))
    return dict(_pins(file)) if file else {}


def _pins(lock: Source) -> Iterator[tuple[str, str]]:
    try:
        roots = [d.root for d in masked_documents(lock, jsonc.mask(lock.text), None)]
    except Unparsable:
        return
    for root in roots:
        features = root.get("features") if isinstance(root, Mapping) else None
        for key, pin in features.scalars() if isinstance(features, Mapping) else ():
            if not isinstance(pin, Mapping):
                continue
            digest = _text(pin.get("resolved")).rpartition("@")[2]
            if is_digest(digest):
                yield key, digest


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, Scalar) else ""
