"""Read the files of a tree that may name images, and look for four words in each: the floor.

It is run as a program in the folder to read, or with the names of files, and imports no more than
it needs: what any scanner in Python has to spend.
"""

import os
import sys

NAMES = (".yaml", ".yml", ".py")
"""The ends of names; any name with 'Dockerfile' in it counts too."""
WORDS = (b"image", b"FROM", b"container", b"uses")


def read() -> int:
    """The number of files in which one of `WORDS` is; each file is searched for all of them."""
    found = 0
    buffer = bytearray(1 << 20)
    for path in paths():
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        size = os.fstat(descriptor).st_size
        if size > len(buffer):
            buffer = bytearray(size)
        length = os.readv(descriptor, [buffer])
        os.close(descriptor)
        # The buffer is used again: what an earlier file left behind is not looked at.
        where = [buffer.find(word, 0, length) for word in WORDS]
        found += max(where) >= 0
    return found


def paths() -> list[str]:
    """The files that are named; without any, those that git knows, or else all that are there."""
    if len(sys.argv) > 1:
        return sys.argv[1:]
    every = _known_to_git()
    if every is None:
        every = [os.path.join(folder, name) for folder, _, names in os.walk(".") for name in names]  # noqa: PTH118
    return [path for path in every if path.endswith(NAMES) or "Dockerfile" in path]


def _known_to_git() -> list[str] | None:
    """The files in git's index; None where there is none. Without subprocess, which is no floor."""
    output, end = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, end, 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawnp("git", ["git", "ls-files", "-z"], os.environ, file_actions=actions)
    os.close(end)
    with os.fdopen(output, "rb") as stream:
        listed = stream.read()
    _, status = os.waitpid(process, 0)
    return None if status else os.fsdecode(listed).split("\0")


if __name__ == "__main__":
    print(read())
