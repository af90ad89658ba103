"""Places that a repository's configuration adds, and what it says about kinds of objects."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import partial

from boltseal.configuration.settings import Config, CustomPlace, PythonNames
from boltseal.errors import UsageError
from boltseal.gitglob import matcher
from boltseal.pattern import pattern
from boltseal.place import Found, Place
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, documents
from boltseal_rules.kubernetes.kind import NEEDS, ObjectType, object_type
from boltseal_rules.kubernetes.path_uses import Paths, refined
from boltseal_rules.kubernetes.paths import PathError, compiled
from boltseal_rules.places import kubernetes, python

_GLOB = pattern(r"[*?\[]")
_MOST_DEEP = 20
"""Each '**' costs a walk through every document, and the configuration may be anybody's."""


def custom_places(config: Config, relative: Callable[[str], str]) -> tuple[Place, ...]:
    """The places for the files that the configuration names. Raises UsageError for a bad path.

    In: ``relative`` makes of a path as shown that from the folder of the configuration.
    """
    deep = sum(path.count("**") for row in config.place for path in (*row.images, *row.not_images))
    if deep > _MOST_DEEP:
        raise UsageError(f"more than {_MOST_DEEP} '**' in the paths of places: name the keys there")
    return tuple(_file_place(row, _paths(row), relative) for row in config.place if row.files)


def kubernetes_place(place: Place, config: Config) -> Place:
    """The place for Kubernetes, with what the configuration says about kinds of objects.

    Raises UsageError for a bad path.
    """
    rows = tuple((row, _paths(row)) for row in config.place if row.kinds and not row.files)
    if not rows:
        return place
    kinds = tuple(text.rpartition("/")[2] for row, _ in rows for text in row.kinds)
    # Any key of an object of the kind may hold an image, so a file with its name is read.
    has_glob = any(_GLOB.search(kind) for kind in kinds)
    words = (b"apiVersion",) if has_glob else tuple(kind.encode() for kind in kinds)
    needs = None if has_glob else (*NEEDS, *kinds)
    read = partial(kubernetes.find, refine=partial(_refine, rows), needs=needs)

    def find(source: Source) -> Found | None:
        may_be = source.hides_letters or any(map(source.holds, words))
        return read(source) if may_be else place.find(source)

    return place._replace(needles=(*place.needles, *words), find=find)


def python_place(place: Place, added: PythonNames) -> Place:
    """The place for Python, with the calls and keywords that the configuration names.

    Raises UsageError for an entry that is none.
    """
    return python.configured(place, added) if any(added) else place


def _paths(row: CustomPlace) -> Paths:
    try:
        return Paths(tuple(map(compiled, row.images)), tuple(map(compiled, row.not_images)))
    except PathError as error:
        raise UsageError(f"place {row.name!r}: {error}") from None


def _file_place(row: CustomPlace, paths: Paths, relative: Callable[[str], str]) -> Place:
    matches = matcher(row.files)

    def find(source: Source) -> Found | None:
        uses: list[ImageUse] = []
        problems = []
        read = 0
        for document in documents(source, None):
            if document.problem:
                problems.append(document.problem)
            root = document.root
            if root is None or (row.kinds and not _is_of(row, root)):
                continue
            read += 1
            uses += refined(source, row.name, root, (), paths)
        if row.kinds and not read:
            return None
        return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))

    return Place(row.name, lambda path: matches(relative(path)), (b"",), find)


def _is_of(row: CustomPlace, root: object) -> bool:
    return isinstance(root, Mapping) and _names(row, object_type(root))


def _names(row: CustomPlace, found: ObjectType) -> bool:
    """Whether a row is for objects of a type: ``Kind``, or ``group/Kind`` with globs."""
    for text in row.kinds:
        group, slash, kind = text.rpartition("/")
        if fnmatchcase(found.kind, kind) and (not slash or fnmatchcase(found.group, group)):
            return True
    return False


def _refine(
    rows: tuple[tuple[CustomPlace, Paths], ...],
    source: Source,
    root: Mapping,
    uses: Iterable[ImageUse],
) -> Iterable[ImageUse]:
    found = object_type(root)
    for row, paths in rows:
        if _names(row, found):
            uses = refined(source, row.name, root, uses, paths)
    return uses
