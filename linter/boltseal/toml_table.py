"""Tables of TOML that people write: what is wrong in one is named, with the key and what was meant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from boltseal import files
from boltseal.errors import UsageError, unknown
from boltseal.pattern import pattern

_MAX_SIZE = 1024 * 1024
_PARTS = 100
# tomllib takes the square of the number of parts, and a file of a tree may be one long key. What
# looks like a key in a text is refused too.
_LONG_KEY = pattern(
    rb"(?<![\w\\-])(?:(?:[\w-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}" % _PARTS
)

Table = Mapping[str, Any]


def parse(data: bytes, shown: str) -> Table:
    """The document in ``data``. Raises UsageError; ``shown`` names the file in it."""
    import tomllib

    if _LONG_KEY.search(data):
        raise UsageError(f"{shown}: a key has more than {_PARTS} parts")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown}: not TOML: {' '.join(str(error).split())}") from None


def read_bytes(path: str, shown: str, *, follow: bool = True) -> bytes:
    """The bytes of a file of at most 1 MiB. Raises UsageError; ``shown`` names the file in it."""
    try:
        return files.read(path, _MAX_SIZE, follow=follow)
    except files.Unreadable as error:
        raise UsageError(f"{shown}: {error.reason}") from None


def refuse_unknown(found: Table, known: Iterable[str], where: str) -> None:
    """Raise UsageError for the first key of ``found`` that is not ``known``."""
    names = frozenset(known)
    for key in found:
        if key not in names:
            raise UsageError(f"{where}: {unknown('key', key, names)}")


def table(value: object, where: str) -> Table:
    """A table, else UsageError."""
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a table")
    return value


def rows(value: object, where: str) -> Sequence[Table]:
    """An array of tables, else UsageError."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise UsageError(f"{where} must be an array of tables, [[…]]")
    return value


def texts(value: object, where: str) -> tuple[str, ...]:
    """An array of strings, else UsageError."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise UsageError(f"{where} must be an array of strings")
    return tuple(value)


def text(value: object, where: str) -> str:
    """A string with something in it, else UsageError."""
    if not isinstance(value, str) or not value:
        raise UsageError(f"{where} must be a string, not empty")
    return value


def flag(value: object, where: str) -> bool:
    """True or false, else UsageError."""
    if not isinstance(value, bool):
        raise UsageError(f"{where} must be true or false")
    return value


def number(value: object, where: str, low: float, high: float) -> float:
    """A number within bounds, both of which are allowed, else UsageError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(f"{where} must be a number from {low:g} to {high:g}")
    return value


def whole_number(value: object, where: str, low: int, high: int) -> int:
    """A whole number within bounds, both of which are allowed, else UsageError."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UsageError(f"{where} must be a whole number from {low} to {high}")
    return value
