"""A whole run as plain data: what the forms that are one document are made of."""

from typing import NamedTuple

from boltseal.report.record import Record
from boltseal.tally import Tally


class Sealed(NamedTuple):
    """One use that was sealed, or would be: what was written there, and what is written now.

    ``line`` counts from 1. ``before`` and ``after`` are references, ``after`` with its digest.
    """

    path: str
    line: int
    place: str
    before: str
    after: str
    digest: str


class Summary(NamedTuple):
    """What a run found and did.

    ``command`` is that of boltseal (``check``). ``records`` has the findings that are accepted
    too. ``dry`` tells that nothing was written, and ``bugs`` what went wrong where nothing should.
    """

    command: str
    tally: Tally
    records: tuple[Record, ...]
    sealed: tuple[Sealed, ...] = ()
    dry: bool = False
    bugs: tuple[str, ...] = ()
