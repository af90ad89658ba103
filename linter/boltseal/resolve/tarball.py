"""The members of a tar archive, in the order in which they are written.

The formats are those of POSIX (ustar and pax: IEEE 1003.1, pax, "ustar Interchange Format") and of
GNU tar. Not the standard library's reader: that takes a damaged header for the end of the archive,
reads an extended header of any size into memory, and keeps every member that it met.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

_BLOCK = 512
_MAX_EXTENDED = 64 * 1024
_MAX_HEADERS = 250_000
_RECORD = re.compile(rb"([1-9][0-9]{0,5}) ")
_OCTAL = re.compile(rb"[ \0]*([0-7]+)[ \0]*")
_DECIMAL = re.compile(r"[0-9]{1,19}", re.ASCII)
_FILES = frozenset({b"0", b"\0", b"7"})
_LINKS = frozenset({b"1", b"2"})
# Links, devices, directories and pipes have no data, whatever their size says.
_WITHOUT_DATA = frozenset({b"1", b"2", b"3", b"4", b"5", b"6"})
_GNU_SPARSE = b"S"
_PAX, _PAX_FOR_ALL, _GNU_NAME, _GNU_LINK = b"x", b"g", b"L", b"K"
_EXTENDED = frozenset({_PAX, _PAX_FOR_ALL, _GNU_NAME, _GNU_LINK})
_SPARSE_KEY = "GNU.sparse."


class TarError(Exception):
    """The archive cannot be read on. The message follows its name."""


class TarStream(Protocol):
    """The bytes of an archive."""

    @property
    def position(self) -> int:
        """How many bytes lie before the next that is read."""
        ...

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes. Raises: TarError, also where there are not as many."""
        ...

    def move_to(self, position: int) -> None:
        """Go on from ``position``. Raises: TarError, also where the archive ends before it."""
        ...


class Member(NamedTuple):
    """One member: its name as written, and where its data is.

    ``problem`` is '' for a regular file; for any other it follows the name, and nothing is read.
    """

    name: str
    offset: int
    size: int
    problem: str


class _Extended(NamedTuple):
    """What the headers before a member say about it."""

    name: str | None = None
    size: int | None = None
    is_sparse: bool = False


def members(stream: TarStream) -> Iterator[Member]:
    """Read the headers.

    In: an archive at its first byte. Out: every member; when one comes out, the stream stands at
    its data, and may be left anywhere.
    Raises: TarError.
    """
    extended = _Extended()
    for _ in range(_MAX_HEADERS):
        block = stream.read(_BLOCK)
        if not any(block):
            return
        _check(block)
        kind, size = block[156:157], _number(block[124:136])
        if kind in _EXTENDED:
            start = stream.position
            extended = _extend(extended, kind, size, stream)
            stream.move_to(_after(start, size))
            continue
        if kind == _GNU_SPARSE:
            _pass_map(block, stream)
        member = _member(block, kind, size, extended, stream.position)
        extended = _Extended()
        yield member
        stream.move_to(_after(member.offset, member.size))
    raise TarError(f"has more than {_MAX_HEADERS} headers")


def _check(block: bytes) -> None:
    """Hold a header against its checksum, for which the field itself counts as spaces."""
    written = _OCTAL.fullmatch(block[148:156])
    actual = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    if written is None or int(written[1], 8) != actual:
        raise TarError("is damaged, or is no tar archive: a header does not have its checksum")


def _number(field: bytes) -> int:
    """A number in octal, or in GNU's base 256 where octal has too few digits."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    written = _OCTAL.fullmatch(field)
    if written is not None:
        return int(written[1], 8)
    if field.strip(b" \0"):
        raise TarError("is damaged: a member's size is not a number")
    return 0


def _member(block: bytes, kind: bytes, size: int, extended: _Extended, offset: int) -> Member:
    name = _own_name(block) if extended.name is None else extended.name
    if kind in _WITHOUT_DATA:
        size = 0
    elif extended.size is not None:
        size = extended.size
    return Member(name, offset, size, _problem(kind, name, extended))


def _problem(kind: bytes, name: str, extended: _Extended) -> str:
    if kind == _GNU_SPARSE or extended.is_sparse:
        return "is a sparse file, which is not read"
    if kind in _LINKS:
        return "is a link, which is not followed in an archive"
    # The oldest archives mark a directory by its name alone.
    return "" if kind in _FILES and not name.endswith("/") else "is not a file"


def _own_name(block: bytes) -> str:
    name = _text(block[:100])
    # GNU tar writes another magic, and other things in the place of the prefix.
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode(errors="surrogateescape")


def _after(offset: int, size: int) -> int:
    """Where the header after ``size`` bytes of data begins: data fills whole blocks."""
    return offset + size + -size % _BLOCK


def _pass_map(block: bytes, stream: TarStream) -> None:
    """Pass over the blocks in which an old sparse file of GNU tar goes on with its map."""
    goes_on = block[482]
    while goes_on:
        goes_on = stream.read(_BLOCK)[504]


def _extend(before: _Extended, kind: bytes, size: int, stream: TarStream) -> _Extended:
    if kind == _GNU_LINK:
        return before
    if size > _MAX_EXTENDED:
        raise TarError(f"has an extended header of more than {_MAX_EXTENDED} bytes")
    data = stream.read(size)
    if kind == _GNU_NAME:
        return before._replace(name=_text(data))
    said = _records(data)
    if kind == _PAX_FOR_ALL:
        if "path" in said or "size" in said:
            raise TarError("gives one name or one size to all its members")
        return before
    number = said.get("size")
    if number is not None and not _DECIMAL.fullmatch(number):
        raise TarError("is damaged: a member's size is not a number")
    return _Extended(
        said.get("path", before.name),
        before.size if number is None else int(number),
        before.is_sparse or any(key.startswith(_SPARSE_KEY) for key in said),
    )


def _records(data: bytes) -> dict[str, str]:
    """The records of a pax header: ``length key=value`` and a line end, all counted in length."""
    said: dict[str, str] = {}
    position = 0
    while position < len(data):
        length = _RECORD.match(data, position)
        if length is None:
            raise TarError("is damaged: an extended header does not add up")
        end = position + int(length[1])
        key, equals, value = data[length.end() : end].partition(b"=")
        if end > len(data) or not equals or not value.endswith(b"\n"):
            raise TarError("is damaged: an extended header does not add up")
        said[_decoded(key)] = _decoded(value[:-1])
        position = end
    return said


def _decoded(data: bytes) -> str:
    return data.decode(errors="surrogateescape")
