"""Regular expressions that are compiled when they are first asked.

A run over one file loads modules with a hundred of them, and asks a dozen; compiling the rest would
take longer than the run.
"""

import re
from typing import TYPE_CHECKING, Any, AnyStr

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")


class _Pattern:
    """Stands for a pattern: what it is asked for the first time becomes an attribute of its own."""

    def __init__(self, text: Any, flags: int) -> None:
        self._source = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._source)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, compiled when it is first asked. Raises re.error then."""
    if TYPE_CHECKING:
        return re.compile(text, flags)
    return _Pattern(text, flags)
