"""Archives for tests: packed from a layout, or put together header by header."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

BLOCK = 512


def packed(directory: Path, archive: Path, prefix: str = "", mode: str = "w") -> Path:
    """Pack what a directory holds, every name after ``prefix``; the archive comes back."""
    with tarfile.open(archive, mode) as tar:
        for path in sorted(directory.rglob("*")):
            tar.add(path, f"{prefix}{path.relative_to(directory)}", recursive=False)
    return archive


def header(
    name: bytes, size: int | bytes, kind: bytes = b"0", magic: bytes = b"ustar\x0000"
) -> bytes:
    """One header, with its checksum."""
    length = size if isinstance(size, bytes) else b"%011o\0" % size
    block = bytearray(BLOCK)
    block[:100] = name.ljust(100, b"\0")
    block[124:136] = length
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[257:265] = magic
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def member(name: bytes, data: bytes, kind: bytes = b"0") -> bytes:
    """One header with its data in whole blocks."""
    return header(name, len(data), kind) + data + bytes(-len(data) % BLOCK)


def pax(**records: str) -> bytes:
    """A pax header for the member that follows; '_' in a key stands for '.'."""
    data = b"".join(_record(f"{key.replace('_', '.')}={value}\n") for key, value in records.items())
    return member(b"pax", data, b"x")


def _record(text: str) -> bytes:
    data = text.encode()
    length = len(data) + 2
    while length != len(b"%d " % length) + len(data):
        length += 1
    return b"%d " % length + data


END = bytes(2 * BLOCK)


def changed(archive: Path, change: Callable[[tarfile.TarInfo], tarfile.TarInfo]) -> None:
    """Write an archive again with every member's header changed."""
    data = io.BytesIO(archive.read_bytes())
    with tarfile.open(fileobj=data) as old, tarfile.open(archive, "w") as new:
        for info in old:
            content = old.extractfile(info) if info.isreg() else None
            new.addfile(change(info), content)
