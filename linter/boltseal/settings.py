"""The values of a configuration, free of where they were written."""

from typing import NamedTuple


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


class Config(NamedTuple):
    """Everything that a configuration file says."""

    place: tuple[CustomPlace, ...] = ()
    python: PythonNames = PythonNames()
    enable_places: tuple[str, ...] = ()
    disable_places: tuple[str, ...] = ()
