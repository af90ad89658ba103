"""Globs over the names of images: ``registry/repository``, as in ``ghcr.io/example/**``.

``*`` stands for text without a slash, ``**`` for any text. What a reference may leave out a glob
may leave out: ``nginx`` is ``docker.io/library/nginx``, and ``example/*`` is on Docker Hub.
"""

import re
from functools import cache
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.reference import DOCKER_HUB
from boltseal.resolve.namespace import folded

_ALLOWED = pattern(r"[A-Za-z0-9._*/:\[\]-]+", re.ASCII)
_STARS = pattern(r"\*\*+|.", re.DOTALL)


class ImageGlob(NamedTuple):
    """A glob, its tokens in bits: the lowest is the first.

    ``letters`` are the tokens that take one character each, by the character, ``stars`` those that
    take any number of them, ``crossing`` the ones among these that take a slash too. No two stars
    follow one another.
    """

    length: int
    letters: dict[str, int]
    stars: int
    crossing: int

    def matches(self, name: str) -> bool:
        """Whether it is the whole of ``name``, an image's canonical name, folded.

        Takes as many steps as the name has characters, whatever the glob: all of the ways in which
        its stars can be read are followed at once. Bit ``n`` is set while the tokens below it can
        have taken what was read so far.
        """
        at = 1 | (self.stars & 1) << 1
        for character in name:
            staying = at & (self.crossing if character == "/" else self.stars)
            at = staying | (at & self.letters.get(character, 0)) << 1
            at |= (at & self.stars) << 1
            if not at:
                return False
        return bool(at >> self.length & 1)


def problem(text: str) -> str:
    """What is wrong with ``text`` as a glob for images; '' when nothing is."""
    if "://" in text:
        return "write it without a scheme"
    name = canonical(text)
    _, _, path = name.partition("/")
    if "@" in text or ":" in path:
        return "write it without a tag and a digest: a glob is for names"
    if not _ALLOWED.fullmatch(text) or "[" in path or "]" in path:
        return "of special characters it may have '*' and '**' alone"
    if not all(name.split("/")):
        return "it has a '/' with nothing before or behind it"
    if path != path.lower():
        return "names of repositories are lower case"
    return ""


def canonical(text: str) -> str:
    """A glob with what a reference may leave out filled in."""
    host, slash, path = text.partition("/")
    if host.startswith("**") or (slash and _is_host(host)):
        name = folded(text)
    else:
        name = f"{DOCKER_HUB}/{text}"
    host, slash, path = name.partition("/")
    if host != DOCKER_HUB or "/" in path or "**" in path:
        return name
    return f"{DOCKER_HUB}/library/{path}"


@cache
def compiled(text: str) -> ImageGlob:
    """The glob in ``text``, in which there is no ``problem``."""
    tokens = _STARS.findall(canonical(text))
    letters: dict[str, int] = {}
    stars = crossing = 0
    for at, token in enumerate(tokens):
        if not token.startswith("*"):
            letters[token] = letters.get(token, 0) | 1 << at
            continue
        stars |= 1 << at
        crossing |= (len(token) > 1) << at
    return ImageGlob(len(tokens), letters, stars, crossing)


def _is_host(first: str) -> bool:
    """Whether the first part of a name is a host: as in a reference, or a glob for one."""
    return first == "localhost" or "." in first or ":" in first or first.lower() != first
