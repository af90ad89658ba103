"""The bytes of an archive file: as they are, or decompressed up to a bound."""

import gzip
import zlib
from collections.abc import Callable
from io import BufferedIOBase
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from boltseal.resolve.tarball import TarError, TarStream

_CHUNK = 256 * 1024
_CUT = "is cut short"
_LONGEST_MAGIC = 6
_UNREAD = {b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_GZIP = b"\x1f\x8b"


class Compression(NamedTuple):
    """How an archive is decompressed, and what a damaged one raises."""

    open: Callable[[IO[bytes]], BufferedIOBase]
    errors: tuple[type[Exception], ...]


class ArchiveStream(TarStream, Protocol):
    """A tar stream that can be read to its end."""

    def finish(self) -> None:
        """Read what is left, for the checksum of the whole comes last. Raises: TarError."""
        ...


class PlainStream:
    """An archive that is not compressed: what is passed over is not read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        """In: the open file, and how long it is."""
        self._file = file
        self._size = size

    @property
    def position(self) -> int:
        """How many bytes lie before the next that is read."""
        return self._file.tell()

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes. Raises: TarError."""
        self._check(self.position + size)
        data = self._file.read(size)
        if len(data) < size:
            raise TarError(_CUT)
        return data

    def move_to(self, position: int) -> None:
        """Go on from ``position``. Raises: TarError."""
        self._check(position)
        self._file.seek(position)

    def finish(self) -> None:
        """A plain archive has no checksum of the whole."""

    def _check(self, position: int) -> None:
        if position > self._size:
            raise TarError(_CUT)


class Budget:
    """How many bytes may be decompressed in all, however often an archive is begun anew."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._spent = 0

    def spend(self, size: int) -> None:
        """Count bytes. Raises: TarError when they are too many."""
        self._spent += size
        if self._spent > self._limit:
            raise TarError(f"grows to more than {self._limit} bytes when it is decompressed")


class UnpackedStream:
    """A compressed archive: what is passed over has to be decompressed too."""

    def __init__(
        self, file: BufferedIOBase, errors: tuple[type[Exception], ...], budget: Budget
    ) -> None:
        """In: the decompressing file, what it raises where it is damaged, and what may be read."""
        self._file = file
        self._errors = errors
        self._budget = budget
        self.position = 0

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes. Raises: TarError."""
        parts = []
        while size > 0:
            part = self._some(min(size, _CHUNK))
            if not part:
                raise TarError(_CUT)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def move_to(self, position: int) -> None:
        """Go on from ``position``, which lies ahead. Raises: TarError."""
        while self.position < position:
            if not self._some(min(position - self.position, _CHUNK)):
                raise TarError(_CUT)

    def finish(self) -> None:
        """Read what is left. Raises: TarError."""
        while self._some(_CHUNK):
            pass

    def _some(self, size: int) -> bytes:
        try:
            data = self._file.read(size)
        except EOFError:
            raise TarError(_CUT) from None
        except self._errors:
            raise TarError("is damaged: it cannot be decompressed") from None
        self._budget.spend(len(data))
        self.position += len(data)
        return data


def compression(path: Path) -> Compression | None:
    """How a file is compressed, by its first bytes; None where it is not.

    Raises: TarError where it is one that is not read; OSError.
    """
    with path.open("rb") as file:
        magic = file.read(_LONGEST_MAGIC)
    if magic.startswith(_GZIP):
        return Compression(lambda file: gzip.GzipFile(fileobj=file), (gzip.BadGzipFile, zlib.error))
    for start, name in _UNREAD.items():
        if magic.startswith(start):
            raise TarError(f"is compressed with {name}: decompress it first")
    return None
