"""What is said on standard error beside the results: bugs, and notes of registries."""

from collections.abc import Iterable

from boltseal import console


def is_bug(bug: str) -> bool:
    """Whether there was a bug, which is told at once."""
    if bug:
        console.say(f"a bug in boltseal: {bug}; the file is left as it was")
    return bool(bug)


def tell_notes(notes: Iterable[str], *, quiet: bool) -> None:
    """Say what is only worth knowing, unless it is to be ``quiet``."""
    for note in () if quiet else notes:
        console.say(note)
