"""Reading and replacing one file: regular files only, bounded, and all or nothing."""

import os
import stat
from contextlib import suppress

_READ = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO would wait for its writer
    | getattr(os, "O_NOCTTY", 0)
)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


class Unreadable(Exception):
    """A file that cannot be read, with the reason in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WriteRefused(Exception):
    """A file that was left as it is, with the reason in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reason_of(error: OSError) -> str:
    """What the system says about ``error``, in one line and without the path."""
    return error.strerror or type(error).__name__


def read(path: str, limit: int, *, follow: bool = False) -> bytes:
    """Every byte of the regular file at ``path``, of which there may be ``limit`` at most.

    A symbolic link is opened only with ``follow``: whoever walks a tree has looked at what is
    there, and what has become a link since then is not what was looked at. Never waits: a FIFO
    or a device is refused, not read. Raises Unreadable, whose reason does not repeat the path.
    """
    return _read(path, limit, follow=follow)[0]


def write(path: str, data: bytes, *, expected: bytes) -> None:
    """Replace the file at ``path``, which must hold ``expected``, by ``data``: wholly or not at all.

    The new bytes go to a new file in the same folder, which then takes the name of the old one
    (rename(2) is atomic), with its mode and, where the system permits it, its owner. So

    * of a symbolic link, the file it leads to is replaced, and the link stays;
    * of several hard links, this name gets the new bytes and the others keep the old ones:
      writing in place would change files that nobody named, and could be interrupted halfway;
    * no failure leaves the new file behind.

    Raises WriteRefused where the file is not what was read (somebody else changed it), is write
    protected, or cannot be replaced, such as in a folder that is read-only.
    """
    target = os.path.realpath(path)
    before = _check(target, expected)
    try:
        temporary, descriptor = _create_beside(target)
    except OSError as error:
        raise WriteRefused(f"its folder cannot be written to: {reason_of(error)}") from None
    try:
        _fill(descriptor, data, before)
        _check_same(target, before)
        os.replace(temporary, target)
    except OSError as error:
        raise WriteRefused(f"cannot be replaced: {reason_of(error)}") from None
    finally:  # also when interrupted; after the replacement nothing has this name
        with suppress(OSError):
            os.unlink(temporary)
    _sync_folder(os.path.dirname(target))


def put(path: str, data: bytes) -> None:
    """Make ``data`` the contents of ``path``, of which nothing needs to be there. Raises WriteRefused.

    A regular file is replaced wholly or not at all, and a link is replaced, not followed: the tree
    that is scanned may hold one that leads out of it, or to a device that takes a report and keeps
    nothing. A pipe or a device is written to, and so is what the system's own links lead to, such
    as ``/dev/stdout``.
    """
    try:
        _put(path, data)
    except OSError as error:
        raise WriteRefused(reason_of(error)) from None
    except ValueError:  # a NUL byte
        raise WriteRefused("no path has such a name") from None


def _put(path: str, data: bytes) -> None:
    if _is_stream(path):
        with open(path, "ab") as stream:  # it may be a file that standard output goes to
            stream.write(data)
        return
    mode = os.stat(path).st_mode if os.path.isfile(path) else None
    temporary, descriptor = _create_beside(path, 0o666)  # less what the user's umask takes
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, stat.S_IMODE(mode))
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def _is_stream(path: str) -> bool:
    """Whether what is at a path is written to as it is: a pipe, a device, a link of the system's."""
    if not os.path.exists(path):
        return False
    if not os.path.islink(path):
        return not os.path.isfile(path)
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    return folder.split(os.sep)[1:2] in (["dev"], ["proc"])


def create(path: str, data: bytes) -> None:
    """Write a new file at ``path``: wholly or not at all, and never over one that is there.

    Raises WriteRefused where something is there already, if a broken link, or where nothing can be.
    """
    target = os.path.abspath(path)
    if os.path.lexists(target):
        raise WriteRefused("exists already")
    try:
        temporary, descriptor = _create_beside(target, 0o666)  # less what the user's umask takes
    except OSError as error:
        raise WriteRefused(f"its folder cannot be written to: {reason_of(error)}") from None
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        _name_new(temporary, target)
    except OSError as error:
        raise WriteRefused(f"cannot be written: {reason_of(error)}") from None
    finally:
        with suppress(OSError):
            os.unlink(temporary)
    _sync_folder(os.path.dirname(target))


def _name_new(temporary: str, target: str) -> None:
    """Give a file its name, which nothing may have got since it was looked for."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise WriteRefused("exists already") from None
    except (OSError, NotImplementedError):  # a file system without hard links
        os.rename(temporary, target)


def _read(path: str, limit: int, *, follow: bool) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, and what was opened. Raises Unreadable."""
    try:
        descriptor = os.open(path, _READ | (0 if follow else _NOFOLLOW))
    except OSError as error:
        link = not follow and os.path.islink(path)
        raise Unreadable("a symbolic link" if link else reason_of(error)) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("not a regular file")
        if found.st_size > limit:
            raise Unreadable(f"larger than {limit} bytes")
        return _read_all(descriptor, found.st_size, limit), found
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, size: int, limit: int) -> bytes:
    """Read to the end of a file of about ``size`` bytes, which may be growing."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:  # the one byte more was not there: the usual case
        return data
    while more := os.read(descriptor, 1 << 16):
        data += more
        if len(data) > limit:
            raise Unreadable(f"larger than {limit} bytes")
    return data


def _check(target: str, expected: bytes) -> os.stat_result:
    """What ``target`` is now, which must hold ``expected`` and be open to writing."""
    try:
        found, before = _read(target, len(expected), follow=False)
    except Unreadable as error:
        if error.reason.startswith("larger"):
            raise WriteRefused("changed since it was read") from None
        raise WriteRefused(error.reason) from None
    if found != expected:
        raise WriteRefused("changed since it was read")
    if not before.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise WriteRefused("write protected")
    return before


def _create_beside(target: str, mode: int = 0o600) -> tuple[str, int]:
    """A new, empty file in the folder of ``target``, opened; usually only its owner can read it."""
    name = f".boltseal-{os.urandom(12).hex()}.tmp"
    temporary = os.path.join(os.path.dirname(target), name)
    return temporary, os.open(temporary, _CREATE | _NOFOLLOW, mode)


def _fill(descriptor: int, data: bytes, like: os.stat_result) -> None:
    """Write ``data``, give the file owner and mode of ``like``, wait for the disk, and close."""
    with open(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        _copy_owner_and_mode(descriptor, like)
        os.fsync(descriptor)


def _copy_owner_and_mode(descriptor: int, like: os.stat_result) -> None:
    """Owner first: changing it clears the set-user-ID bits, which go to no other owner."""
    if not hasattr(os, "fchown"):
        return
    new, mode = os.fstat(descriptor), stat.S_IMODE(like.st_mode)
    if (new.st_uid, new.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        except OSError:
            mode &= 0o777
    os.fchmod(descriptor, mode)


def _check_same(target: str, before: os.stat_result) -> None:
    """Narrow the window in which somebody else's change would be lost to almost nothing."""
    now = os.lstat(target)
    if _identity(now) != _identity(before):
        raise WriteRefused("changed since it was read")


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _sync_folder(folder: str) -> None:
    """Make the new name last through a power cut, where folders can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
