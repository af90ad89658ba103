"""Names that a kustomization in the tree replaces, whatever a manifest says behind them.

Kustomize compares the name of an image with the names in ``images``, letter by letter and without
any default, and replaces what it finds in the containers of all that the kustomization leads to
(``api/image/image.go`` and ``api/filters/imagetag``). Such a name is looked up and never pulled.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from posixpath import dirname, join, normpath
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.reference import parse
from boltseal.source import ALONE, Source, Span, Tree, Unparsable
from boltseal.use import ImageUse, Opaque, Related
from boltseal_rules.folders import upwards
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from boltseal_rules.kustomize.images import image_entries
from boltseal_rules.literal import shown
from boltseal_rules.text_use import unknown_part

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LISTS = ("resources", "bases", "components", "patches", "patchesStrategicMerge")
_MAX_STEPS = 2000
"""Kustomizations that lead to one file beyond which no more are asked."""
_MAX_INDEXED = 64
"""Kustomizations of which is kept what they do to each name, and folders with those above them."""
_MAX_TEXT = 1000
_PARTS = pattern(r"(?as)(.*?)((?::[\w.{}-]*)?(?:@sha256:[\w.{}-]*)?)")
# Where Kustomize looks for images if no configuration says otherwise, and the same in patches.
_CONTAINER = pattern(
    r"(?:^|\.)(?:(?:c|initC)ontainers\[\d+\]\.image|volumes\[\d+\]\.image\.reference)$"
    r"|^patches\w*\[\d+\](?:\.patch)?\[\d+\]\.value$"
)
# Texts in objects: whoever runs these puts them together after Kustomize.
_TEXT = pattern(r"\.(?:patches\w*\[|helm\.values\b)")


class _Entry(NamedTuple):
    """What an entry of ``images`` does to a name."""

    name: str
    new_name: str
    decides: bool
    path: str
    span: Span


class _Kustomization(NamedTuple):
    """A kustomization file: its entries and the paths that it names.

    ``configured`` tells that it may say where else images stand.
    """

    entries: tuple[_Entry, ...] = ()
    paths: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    configured: bool = False


class _Index:
    """The kustomizations of one tree. All are read only once one that is near leads to a file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._top = normpath(tree.root)
        self._read: dict[str, _Kustomization] = {}
        self._leading: dict[str, list[str]] | None = None
        self.ends = lru_cache(maxsize=_MAX_INDEXED)(self._ends)
        self._around = lru_cache(maxsize=_MAX_INDEXED)(self._of_folder)

    def near(self, path: str) -> tuple[str, ...]:
        """The kustomizations that name a file, which must stand in their folder or below it.

        A kustomization leads to itself, too: to the patches in its text.
        """
        path = normpath(path)
        return tuple(
            it for it in self._around(dirname(path)) if it == path or self._names(it, path)
        )

    def _names(self, kustomization: str, path: str) -> bool:
        return path in self.kustomization(kustomization).paths

    def _of_folder(self, folder: str) -> tuple[str, ...]:
        """The kustomizations in a folder and in those above it."""
        return tuple(it for above in upwards(folder, self._top) for it in self.inside(above))

    def inside(self, folder: str) -> list[str]:
        """The kustomization file of a folder: one at most, or it is an error for Kustomize."""
        paths = (normpath(join(folder, name)) for name in FILE_NAMES)
        return [path for path in paths if self._tree.exists(path)]

    def kustomization(self, path: str) -> _Kustomization:
        """What a file says; nothing where it cannot be read."""
        if path not in self._read:
            source = self._tree.read(path)
            self._read[path] = _kustomization(source) if source else _Kustomization()
        return self._read[path]

    def leading_to(self, path: str) -> Iterator[str]:
        """The kustomizations that name another one, or its folder, anywhere in the tree."""
        if self._leading is None:
            self._leading = {}
            for file in self._tree.files(self._top, is_kustomization):
                for named in self.kustomization(file).paths:
                    self._leading.setdefault(named, []).append(file)
        yield from self._leading.get(path, ())
        yield from self._leading.get(dirname(path) or ".", ())

    def _ends(self, path: str) -> dict[str, _Entry]:
        """The last entry that a kustomization applies to an image, by the name that it comes with.

        Told from the last entry to the first, so that each rename is followed by one step.
        """
        ends: dict[str, _Entry] = {}
        for entry in reversed(list(self.entries(path))):
            ends[entry.name] = entry if entry.decides else ends.get(entry.new_name, entry)
        return ends

    def entries(self, path: str) -> Iterator[_Entry]:
        """The entries that a kustomization applies: those of its components, then its own."""
        seen = {path}
        stack = [path]
        found: list[tuple[_Entry, ...]] = []
        while stack:
            current = self.kustomization(stack.pop())
            found.append(current.entries)
            inner = {it for folder in current.components for it in self.inside(folder)} - seen
            seen |= inner
            stack += sorted(inner)
        for entries in reversed(found):
            yield from entries


_index = lru_cache(maxsize=4)(_Index)


def is_kustomization(path: str) -> bool:
    """Whether a path is that of a kustomization file."""
    return path.rpartition("/")[2] in FILE_NAMES


def judged_here(source: Source, uses: Iterable[ImageUse]) -> list[ImageUse]:
    """The uses of a manifest, or of a kustomization, without those that a kustomization decides.

    One that is only given another name stays, known by that name, and is not rewritten.
    """
    found = list(uses)
    if not found or source.tree is ALONE:
        return found
    index = _index(source.tree)
    near = index.near(source.path)
    if not near:
        return found
    find = lru_cache(maxsize=None)(partial(_replacement, index, near))
    judged = (_judged(source, use, find) for use in found)
    return [use for use in judged if use is not None]


def _judged(
    source: Source, use: ImageUse, find: Callable[[str, bool], _Entry | None]
) -> ImageUse | None:
    parts = _PARTS.fullmatch(use.text) if len(use.text) <= _MAX_TEXT else None
    if parts is None or _TEXT.search(use.route):
        return use
    entry = find(parts[1], _CONTAINER.search(use.route) is not None)
    if entry is None:
        return use
    return None if entry.decides else _renamed(source, use, entry, parts[2])


def _replacement(index: _Index, near: tuple[str, ...], name: str, usual: bool) -> _Entry | None:
    """The entry that decides about an image of this name, else the last that renames it."""
    renaming: _Entry | None = None
    steps = [(path, name) for path in near]
    seen = set(steps)
    for done, (path, current) in enumerate(steps):
        if usual or index.kustomization(path).configured:
            entry = index.ends(path).get(current)
            if entry and entry.decides:
                return entry
            if entry:
                current, renaming = entry.new_name, entry
        if done < _MAX_STEPS:
            ahead = {(above, current): None for above in index.leading_to(path)}
            steps += [step for step in ahead if step not in seen]
            seen.update(ahead)
    return renaming


def _renamed(source: Source, use: ImageUse, entry: _Entry, suffix: str) -> ImageUse:
    text = entry.new_name + suffix
    there = source.tree.read(entry.path)
    unknown = "$" in text or unknown_part(text) is not None
    opaque = Opaque(
        f"{entry.path} gives it the name {entry.new_name}", "set newTag and digest there"
    )
    related = (Related(entry.span, "renamed here", there),) if there else ()
    return use._replace(
        reference=None if unknown else parse(text),
        spelling=opaque,
        related=(*use.related, *related),
    )


def _kustomization(source: Source) -> _Kustomization:
    try:
        roots = [document.root for document in templated_documents(source, None)]
    except Unparsable:
        return _Kustomization()
    entries: list[_Entry] = []
    paths: list[str] = []
    components: list[str] = []
    configured = False
    for root in roots:
        if isinstance(root, Mapping):
            entries += _entries(source, root)
            paths += _paths(source.path, root, _LISTS)
            components += _paths(source.path, root, ("components",))
            configured = configured or root.get("configurations") is not None
    return _Kustomization(tuple(entries), tuple(paths), tuple(components), configured)


def _entries(source: Source, root: Mapping) -> Iterator[_Entry]:
    for entry in image_entries(root):
        if entry.decides or entry.new_name:
            new_name = entry.new_name.value.strip() if entry.new_name else ""
            name = entry.name.value.strip()
            where = shown(source, entry.new_name or entry.name)
            yield _Entry(name, new_name, entry.decides, normpath(source.path), where)


def _paths(path: str, root: Mapping, keys: tuple[str, ...]) -> Iterator[str]:
    """The local files and folders that lists of a kustomization name."""
    for key in keys:
        listed = root.get(key)
        for item in listed.items if isinstance(listed, Sequence) else ():
            named = _named(item)
            if named:
                yield normpath(join(dirname(path), named))


def _named(item: Node) -> str:
    if isinstance(item, Mapping):
        path = item.get("path")
        return _named(path) if isinstance(path, Scalar) else ""
    if not isinstance(item, Scalar) or "\n" in item.value or "://" in item.value:
        return ""
    return item.value.strip()
