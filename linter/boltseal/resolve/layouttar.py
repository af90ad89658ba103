"""The files of an image layout that is a tar archive, plain or compressed. Nothing is unpacked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from boltseal.printable import brief
from boltseal.resolve.layoutfiles import (
    IS_MISSING,
    LayoutError,
    cannot_be_read,
    shown,
    too_large,
)
from boltseal.resolve.tarball import Member, TarError, members
from boltseal.resolve.tarstream import (
    ArchiveStream,
    Budget,
    PlainStream,
    UnpackedStream,
    compression,
)

# What is looked for in an archive, and all that is remembered of it.
_WANTED = re.compile(
    r"oci-layout|index\.json|manifest\.json|repositories|version|blobs/[a-z0-9]+/[0-9a-f]{1,128}",
    re.ASCII,
)
_HERE = re.compile(r"(\./+)*")
_MARKER = "oci-layout"
_DEEPER = f"/{_MARKER}"
# Layers are compressed already, so that an archive of them hardly shrinks, and text shrinks to a
# tenth. What shrinks to less than a twentieth was made to be large.
_GROWTH = 20
_SLACK = 64 * 1024 * 1024
_MAX_KEPT = 64 * 1024 * 1024
_MAX_KEPT_FILE = 16 * 1024 * 1024
_HEAD = 64


class TarFiles:
    """The files of a layout in an archive: the last of a name counts, as when it is unpacked.

    A plain archive is read where a file stands. A compressed one is read from its beginning, so
    its small JSON files are kept from the one pass that lists it, up to a bound.
    """

    def __init__(self, archive: Path) -> None:
        """List the archive.

        In: the path of a regular file.
        Raises: LayoutError when it is no archive that can be read to its end.
        """
        self._path = archive
        self._members: dict[str, Member] = {}
        self._kept: dict[str, bytes] = {}
        self._room = _MAX_KEPT
        self._deeper = ""
        try:
            self._size = archive.stat().st_size
            self._compression = compression(archive)
            self._budget = Budget(_SLACK + _GROWTH * self._size)
            self._list()
        except (OSError, TarError) as error:
            raise LayoutError(f"{self.shown} {_problem(error)}") from None
        if self._deeper and not self.has(_MARKER):
            raise LayoutError(
                f"{self.shown} has its layout in the directory '{brief(self._deeper)}':"
                " pack what is in that directory, with 'tar -C DIRECTORY -cf FILE .'"
            )

    @property
    def shown(self) -> str:
        """The path as messages name it."""
        return shown(self._path)

    def has(self, name: str) -> bool:
        """Whether there is a member of this name, of whatever kind."""
        return name in self._members

    def read(self, name: str, limit: int) -> bytes | str:
        """Read one file: its bytes, or what is wrong with it."""
        member = self._members.get(name)
        if member is None:
            return IS_MISSING
        if member.problem:
            return member.problem
        if member.size > limit:
            return too_large(limit)
        if name in self._kept:
            return self._kept[name]
        try:
            with self._opened() as stream:
                stream.move_to(member.offset)
                return stream.read(member.size)
        except (OSError, TarError) as error:
            return _problem(error)

    @contextmanager
    def _opened(self) -> Iterator[ArchiveStream]:
        with self._path.open("rb") as file:
            if self._compression is None:
                yield PlainStream(file, self._size)
                return
            with self._compression.open(file) as unpacked:
                yield UnpackedStream(unpacked, self._compression.errors, self._budget)

    def _list(self) -> None:
        with self._opened() as stream:
            for member in members(stream):
                # Names that lead elsewhere ('..', '/') are not among the wanted.
                name = _HERE.sub("", member.name, count=1).rstrip("/")
                if _WANTED.fullmatch(name):
                    self._put(name, member, stream)
                elif name.endswith(_DEEPER) and not self._deeper:
                    self._deeper = name.removesuffix(_DEEPER)
            stream.finish()

    def _put(self, name: str, member: Member, stream: ArchiveStream) -> None:
        self._members[name] = member
        self._room += len(self._kept.pop(name, b""))
        if self._compression is None or member.problem:
            return
        if member.size > min(_MAX_KEPT_FILE, self._room):
            return
        head = stream.read(min(_HEAD, member.size))
        if head.lstrip().startswith(b"{"):
            self._kept[name] = head + stream.read(member.size - len(head))
            self._room -= member.size


def _problem(error: OSError | TarError) -> str:
    return str(error) if isinstance(error, TarError) else cannot_be_read(error)
