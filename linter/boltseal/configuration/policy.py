"""What a configuration requires of an image, and which findings it accepts."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from boltseal import gitglob
from boltseal.configuration import image_glob
from boltseal.configuration.settings import Accepted, Policy
from boltseal.finding import Finding
from boltseal.resolve.namespace import folded, is_allowed
from boltseal.use import ImageUse, Requirement

_KEPT = 4096


def required(policies: Sequence[Policy], use: ImageUse, path: str) -> Requirement:
    """What is required of the image of a use: what the first policy says that fits.

    In: ``path`` is the file, relative to the folder of the configuration. Without a policy that
    fits, a digest is required.
    """
    for policy in policies:
        if _fits(policy, use, path):
            return policy.require
    return Requirement.DIGEST


def accepted(accepts: Sequence[Accepted], finding: Finding, path: str) -> Accepted | None:
    """The first entry that accepts a finding. ``path`` is as for ``required``."""
    for entry in accepts:
        if (not entry.rules or finding.rule in entry.rules) and _fits(entry, finding.use, path):
            return entry
    return None


def _fits(row: Policy | Accepted, use: ImageUse | None, path: str) -> bool:
    """Whether all conditions hold. What is said of images does not hold for one that is not known."""
    if row.places and (use is None or use.place not in row.places):
        return False
    if row.registries or row.images:
        image = use.image if use else None
        if image is None:
            return False
        if row.registries and not is_allowed(frozenset(row.registries), image):
            return False
        if row.images and not _is_named(row.images, folded(image.name)):
            return False
    return not row.paths or _is_at(row.paths, path)


@lru_cache(_KEPT)
def _is_named(globs: tuple[str, ...], name: str) -> bool:
    return any(image_glob.compiled(glob).matches(name) for glob in globs)


@lru_cache(_KEPT)
def _is_at(globs: tuple[str, ...], path: str) -> bool:
    return _matcher(globs)(path)


@cache
def _matcher(globs: tuple[str, ...]) -> Callable[[str], bool]:
    return gitglob.matcher(globs)
