"""Errors that are nobody's bug: what the user asked for cannot be done."""


class UsageError(Exception):
    """boltseal was called wrongly. The message is one line for the user; the exit code is 2."""
