"""Inputs of well-known actions that name an image which the action pulls."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

SCHEME = "docker://"
Extract = Callable[[str], Iterable[tuple[int, int]]]
"""From a text to the parts of it that are references: where each starts and ends."""

_REFERENCE = r"((?:\$\{\{[^}]*\}\}|[^\s,\"'\]$]|\$(?!\{\{))+)"
_DRIVER_IMAGE = re.compile(r"(?:^|(?<=[\s,\"'\[]))image=" + _REFERENCE)
_CONTEXT = re.compile(r"docker-image://" + _REFERENCE)
_GENERATOR = re.compile(r"(?:^|(?<=[\s,\"']))generator=" + _REFERENCE)
_PLATFORM = re.compile(r"\s*(?:--platform=\S+\s+)?")
_NO_IMAGE = ("off", "none")


def reference(text: str) -> Iterator[tuple[int, int]]:
    """The whole text is one reference, with or without ``docker://``."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text.startswith(SCHEME, start):
        start += len(SCHEME)
    yield start, end


def docker_url(text: str) -> Iterator[tuple[int, int]]:
    """The whole text is a reference if ``docker://`` stands before it, else a path."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text.startswith(SCHEME, start):
        yield start + len(SCHEME), end


def qualified(text: str) -> Iterator[tuple[int, int]]:
    """The whole text is a reference if it names a path or a tag; a bare word is an alias."""
    if "/" in text or ":" in text:
        yield from reference(text)


def _unless_off(text: str) -> Iterator[tuple[int, int]]:
    if text.strip().lower() not in _NO_IMAGE:
        yield from reference(text)


def _behind_platform(text: str) -> Iterator[tuple[int, int]]:
    """The words of a ``FROM``: a platform may stand before the reference."""
    if text.strip().lower() in _NO_IMAGE:
        return
    match = _PLATFORM.match(text)
    yield match.end() if match else 0, len(text.rstrip())


def _matches(*patterns: re.Pattern[str]) -> Extract:
    def extract(text: str) -> Iterator[tuple[int, int]]:
        return (match.span(1) for pattern in patterns for match in pattern.finditer(text))

    return extract


class Input(NamedTuple):
    """One input of an action: its name in lower case, and how references stand in it."""

    name: str
    extract: Extract


_IMAGE = (Input("image", reference),)
_BUILD = (
    Input("build-contexts", _matches(_CONTEXT)),
    Input("set", _matches(_CONTEXT)),
    Input("sbom", _matches(_GENERATOR)),
)
_ACTIONS: dict[str, tuple[Input, ...]] = {
    "docker/setup-buildx-action": (
        Input("driver-opts", _matches(_DRIVER_IMAGE)),
        Input("append", _matches(_DRIVER_IMAGE)),
    ),
    "docker/setup-qemu-action": _IMAGE,
    "docker/build-push-action": _BUILD,
    "docker/bake-action": _BUILD,
    "depot/build-push-action": _BUILD,
    "addnab/docker-run-action": _IMAGE,
    "kohlerdominik/docker-run-action": _IMAGE,
    "maus007/docker-run-action-fork": _IMAGE,
    "tj-actions/docker-run": _IMAGE,
    "engineerd/setup-kind": _IMAGE,
    "helm/kind-action": (Input("node_image", reference), Input("registry_image", reference)),
    "container-tools/kind-action": (Input("node_image", reference),),
    "pyo3/maturin-action": (Input("container", _unless_off),),
    "uraimo/run-on-arch-action": (Input("base_image", _behind_platform),),
}


def inputs(uses: str) -> tuple[Input, ...]:
    """The inputs that name images, of the action that a step names; empty for one unknown here."""
    return _ACTIONS.get(uses.strip().partition("@")[0].lower(), ())
