"""Rate limits as registries tell them: how many requests are left, of how many."""

import re
from typing import NamedTuple

from boltseal.resolve.exchange import Answer

_LOW = 0.2
_COUNT = re.compile(r"\s*(\d{1,12})\s*(?:;\s*w\s*=\s*(\d{1,9})\s*)?(?:[;,].*)?", re.ASCII)
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class Quota(NamedTuple):
    """``left`` of ``limit`` requests in a window of ``seconds``; 0 seconds when it is not said."""

    left: int
    limit: int
    seconds: int

    @property
    def is_low(self) -> bool:
        """Whether at most a fifth is left."""
        return self.left <= self.limit * _LOW

    def __str__(self) -> str:
        """For people: '12 of 100 left in 6 hours'."""
        window = f" in {_duration(self.seconds)}" if self.seconds else ""
        return f"{self.left} of {self.limit} left{window}"


def quota(answer: Answer) -> Quota | None:
    """What an answer says of its rate limit; None when it says nothing that has a meaning.

    Docker Hub writes ``ratelimit-limit: 100;w=21600`` and ``ratelimit-remaining: 12;w=21600``; the
    IETF draft on RateLimit headers (draft-ietf-httpapi-ratelimit-headers-06) leaves the window out,
    or lists more limits behind the one that counts.
    """
    limit = _COUNT.fullmatch(answer.header("ratelimit-limit"))
    left = _COUNT.fullmatch(answer.header("ratelimit-remaining"))
    if limit is None or left is None:
        return None
    return Quota(int(left[1]), int(limit[1]), int(left[2] or limit[2] or 0))


def _duration(seconds: int) -> str:
    """Whole seconds in the largest unit that needs no fraction."""
    size, unit = next(pair for pair in _UNITS if seconds % pair[0] == 0)
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
