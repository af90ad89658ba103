"""A GitLab pipeline: a configuration with the local files that it includes, read as one.

Includes are followed as docs.gitlab.com says under "include": paths count from the root of the
project, '*' and '**' stand for names and folders, and there may be 150 of them. What a child
pipeline is made of is followed too, since the variables of its parent are handed on to it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from posixpath import dirname, normpath
from posixpath import join as joined
from typing import NamedTuple

from boltseal.source import Source, Tree, Unparsable
from boltseal_rules.folders import upwards
from boltseal_rules.gitlab.configuration import EVERY_JOB, Config, Definition, Include, Site, read
from boltseal_rules.gitlab.variables import INPUT, whole

ENTRY = ".gitlab-ci.yml"
_MAX_FILES = 150
_MAX_CHAIN = 12
_MAX_ROUNDS = 8
_YAML = re.compile(r"\.ya?ml$", re.IGNORECASE)


class Given(NamedTuple):
    """A definition, and the file in which it stands."""

    source: Source
    definition: Definition


class Pipeline:
    """The files of a pipeline, the configuration itself first, seen from one: ``config``."""

    def __init__(
        self, config: Config, files: dict[str, Config], inputs: dict[str, list[Given]]
    ) -> None:
        self.config = config
        self.files = files
        self._given: dict[tuple[str, str], list[Given]] = {}
        self._owners: dict[str, list[str]] = {}
        self._parents: dict[str, list[str]] = {}
        self._made: set[str] = set()
        self._joined: set[str] = set()
        self._matched: set[str] = set()
        self._sites: dict[str, list[tuple[Source, Site]]] = {}
        for name, given in inputs.items():
            self._give(name, given)
        for config in files.values():
            self._made |= config.made
            self._matched |= config.matched
            self._joined.update(scoped(config.source, name) for name in config.joined)
            for job, parents in config.extends.items():
                self._parents.setdefault(job, []).extend(parents)
            for definition in config.definitions:
                name = scoped(config.source, definition.name)
                self._give(name, [Given(config.source, definition)])
            for site in config.sites:
                if variable := whole(site.scalar.value):
                    at = self._sites.setdefault(scoped(config.source, variable), [])
                    at.append((config.source, site))
        self._joined |= self._passed_on(self._joined)
        self._chains = {job: self._chain(job) for job in self._parents}
        self._children: dict[str, list[str]] = {}
        for job, chain in self._chains.items():
            for above in chain:
                self._children.setdefault(above, []).append(job)
        self._images = self._image_variables()

    def _give(self, name: str, given: list[Given]) -> None:
        for it in given:
            owner = it.definition.owner
            self._given.setdefault((owner, name), []).append(it)
            self._owners.setdefault(name, []).append(owner)

    def _passed_on(self, names: set[str]) -> set[str]:
        """The variables that are the whole value of those named, or of one that is."""
        found: set[str] = set()
        stack = list(names)
        while stack:
            name = stack.pop()
            for owner in self._owners.get(name, ()):
                for source, definition in self._given[owner, name]:
                    inner = whole(definition.scalar.value)
                    if inner and (inner := scoped(source, inner)) not in found:
                        found.add(inner)
                        stack.append(inner)
        return found

    def value(self, owner: str, name: str) -> str | None:
        """What a variable is for a job: by itself, by what it extends, by what holds for all.

        Where none of these sets it, those that extend the job do, and any job where all may.
        """
        name = scoped(self.config.source, name)
        below = self._children.get(owner, ()) if owner else self._owners.get(name, ())
        for job in (*self._chains.get(owner, (owner,)), EVERY_JOB, *below):
            if given := self._given.get((job, name)):
                return given[0].definition.scalar.value.strip()
        return None

    def is_set(self, name: str) -> bool:
        """Whether any file of the pipeline sets a variable."""
        return scoped(self.config.source, name) in self._owners

    def images(self) -> Iterator[tuple[str, Definition]]:
        """The definitions in the file that are the whole of what a job takes for its image.

        With them come the names of what they define, for ``places``.
        """
        for owner, name in self._images:
            for source, definition in self._given.get((owner, name), ()):
                if source is self.config.source and name not in self._made:
                    yield name, definition

    def is_joined(self, name: str) -> bool:
        """Whether what ``images`` names is elsewhere put together with other text."""
        return name in self._joined

    def is_matched(self, name: str) -> bool:
        """Whether the very value of what ``images`` names is asked for elsewhere."""
        return name in self._matched

    def places(self, name: str) -> list[tuple[Source, Site]]:
        """Where what ``images`` names is taken for an image."""
        return self._sites.get(name, [])

    def _chain(self, job: str) -> tuple[str, ...]:
        """A job and what it extends, the nearest first."""
        chain = [job]
        for above in chain:
            new = [it for it in self._parents.get(above, ()) if it not in chain]
            chain += reversed(new[: _MAX_CHAIN - len(chain)])
            if len(chain) >= _MAX_CHAIN:
                break
        return tuple(chain)

    def _image_variables(self) -> frozenset[tuple[str, str]]:
        """The variables that are an image, each with the owners whose definitions reach it."""
        asked: dict[str, set[str]] = {}
        for name, places in self._sites.items():
            for _, site in places:
                asked.setdefault(site.owner, set()).add(name)
        for config in self.files.values():
            for name, owner in config.asked:
                asked.setdefault(owner, set()).add(name)
        having = {site.owner for config in self.files.values() for site in config.sites}
        every = set().union(*asked.values())
        found = set(self._reached(asked.get(EVERY_JOB, set()), (EVERY_JOB,)))
        for chain in self._chains.values():
            names = set().union(*(asked.get(job, ()) for job in chain))
            if chain[0].startswith(".") and len(self._children[chain[0]]) == 1:
                names |= every  # whoever extends it is not in sight
            elif having.isdisjoint(chain):
                names |= asked.get(EVERY_JOB, set())
            if names:
                found.update(self._reached(names, (*chain, EVERY_JOB)))
        reached = {name for _, name in found}
        for name in every - reached:  # handed on in ways not followed here
            found.update((owner, name) for owner in self._owners.get(name, ()))
        return frozenset(found)

    def _reached(self, names: set[str], owners: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The definitions of ``names`` by ``owners``, and of the variables that are all of these."""
        seen: set[str] = set()
        for _ in range(_MAX_ROUNDS):
            names = names - seen
            seen |= names
            more: set[str] = set()
            for owner, name in product(owners, names):
                for source, definition in self._given.get((owner, name), ()):
                    yield owner, name
                    if inner := whole(definition.scalar.value):
                        more.add(scoped(source, inner))
            names = more


def scoped(source: Source, name: str) -> str:
    """A name that is one in all files: an input is that of its file."""
    return f"{normpath(source.path)}#{name}" if name.startswith(INPUT) else name


def pipeline(source: Source) -> Pipeline | None:
    """The pipeline of which a file is a part; None where no configuration in the tree includes it."""
    path = normpath(source.path)
    if path.rpartition("/")[2] == ENTRY:
        return standing_alone(source)
    for folder in upwards(dirname(path), source.tree.root):
        entry = normpath(joined(folder, ENTRY))
        for known in _names(path, source.tree, entry):
            return _seen_from(source, entry, known)
    return None


def standing_alone(source: Source) -> Pipeline:
    """The pipeline whose configuration is the file itself."""
    path = normpath(source.path)
    return _seen_from(source, path, path)


def _seen_from(source: Source, entry: str, path: str) -> Pipeline:
    config = read(source)
    return Pipeline(config, *_followed(source.tree, entry, {path: config}))


def _names(path: str, tree: Tree, entry: str) -> Iterator[str]:
    """The path by which an entry's pipeline knows a file, if it does."""
    members = _members(tree, entry)
    if path in members:
        yield path
    elif entry.startswith("../"):  # the tree begins above the current directory
        yield from (it for it in members if it.startswith("../") and it.endswith(f"/{path}"))


@lru_cache(maxsize=64)
def _members(tree: Tree, entry: str) -> frozenset[str]:
    return frozenset(_followed(tree, entry, {})[0])


@lru_cache(maxsize=256)
def _config(tree: Tree, path: str) -> Config | None:
    source = tree.read(path)
    try:
        return read(source) if source else None
    except Unparsable:
        return None


def _followed(
    tree: Tree, entry: str, own: dict[str, Config]
) -> tuple[dict[str, Config], dict[str, list[Given]]]:
    """The files of a pipeline, and what inputs are given; ``own`` are those known already."""
    files: dict[str, Config] = {}
    inputs: dict[str, list[Given]] = {}
    queue = [entry]
    for path in queue:
        config = own.get(path) or _config(tree, path)
        if path in files or config is None or len(files) >= _MAX_FILES:
            continue
        files[path] = config
        for include in config.includes:
            for found in _paths(tree, dirname(entry), include):
                queue.append(found)
                for given in include.inputs:
                    name = f"{found}#{given.name}"
                    inputs.setdefault(name, []).append(Given(config.source, given))
    return files, inputs


def _paths(tree: Tree, folder: str, include: Include) -> tuple[str, ...]:
    """The files that an include names, from the entry's folder or from the root of the tree."""
    for base in dict.fromkeys((folder, tree.root)):
        if found := _matching(tree, base or ".", include.path.lstrip("/")):
            return found
    return ()


@lru_cache(maxsize=1024)
def _matching(tree: Tree, base: str, path: str) -> tuple[str, ...]:
    if not _YAML.search(path):
        return ()
    if "*" not in path:
        found = normpath(joined(base, path))
        return (found,) if tree.exists(found) else ()
    start = normpath(joined(base, path[: path.index("*")].rpartition("/")[0]))
    whole_path = _wildcard(normpath(joined(base, "x"))[:-1] + path)
    wanted = tree.files(start, lambda it: whole_path.fullmatch(normpath(it)) is not None)
    return tuple(normpath(it) for it in wanted[:_MAX_FILES])


def _wildcard(pattern: str) -> re.Pattern[str]:
    """'**' stands for folders at any depth, '*' for a part of one name; runs of stars are one."""
    out = re.escape(re.sub(r"\*{3,}", "**", pattern))
    out = re.sub(r"(?:\\\*\\\*/)+", "(?:.*/)?", out)
    return re.compile(out.replace(r"\*\*", "[^/]*").replace(r"\*", "[^/]*"))
