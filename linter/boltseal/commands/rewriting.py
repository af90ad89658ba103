"""A file of the tree is rewritten, or it is said why not."""

from boltseal import console, files
from boltseal.source import Source


def is_rewritten(source: Source, data: bytes) -> bool:
    """Make ``data`` the contents of the file that was read as ``source``; else say why it is not."""
    try:
        files.write(source.path, data, expected=source.data)
    except files.WriteRefused as error:
        console.say(f"{source.path}: not written: {error.reason}")
        return False
    return True
