"""The values of a configuration, free of where they were written."""

from typing import NamedTuple

from boltseal.finding import Severity
from boltseal.use import Requirement

NEEDLE = b"boltseal:"
"""What stands in every file with a comment that says something to boltseal."""


class CustomPlace(NamedTuple):
    """A ``[[tool.boltseal.place]]``: paths to images in YAML or JSON that boltseal does not know.

    ``files`` are globs, written as in .gitignore; without them the place is for Kubernetes objects
    of ``kinds`` (``Kind`` or ``group/Kind``), whatever the file. ``images`` and ``not_images`` are
    paths such as ``spec.workers[*].image``.
    """

    name: str
    files: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    not_images: tuple[str, ...] = ()


class PythonNames(NamedTuple):
    """``[tool.boltseal.python]``: more calls and keywords that name images in Python source.

    ``calls`` are written ``package.function:0`` or ``Class:image``: what is called, and the
    position or the keyword of the argument that is an image.
    """

    calls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Policy(NamedTuple):
    """A ``[[policy]]``: what is required of the images that fit all its conditions.

    ``registries`` are written as for ``untrusted-registries``, ``images`` are globs over
    ``registry/repository``, ``places`` names, ``paths`` globs as in .gitignore, relative to the
    folder of the configuration. A condition that is empty fits everything.
    """

    require: Requirement
    images: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


class Accepted(NamedTuple):
    """An ``[[accept]]``: findings that are known and accepted, with the reason.

    The conditions are those of a policy, and ``rules``; one that is empty fits everything.
    """

    reason: str = ""
    rules: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


class Config(NamedTuple):
    """Everything that a configuration file says.

    ``select`` is empty where all rules are asked. ``pragmas`` names the programs whose ignore
    comments are honoured. A registry is allowed if ``trusted_registries`` is empty or has it, and
    ``untrusted_registries`` has it not.
    """

    place: tuple[CustomPlace, ...] = ()
    python: PythonNames = PythonNames()
    enable_places: tuple[str, ...] = ()
    disable_places: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    policy: tuple[Policy, ...] = ()
    accept: tuple[Accepted, ...] = ()
    require_reasons: bool = False
    pragmas: tuple[str, ...] = ()
    trusted_registries: tuple[str, ...] = ()
    untrusted_registries: tuple[str, ...] = ()


DEFAULTS = Config()
"""What holds where nothing is configured."""
