"""What is worth telling at the end of a run, although it stopped nothing."""

from boltseal.resolve.observer import Event, Exchange, Finished
from boltseal.resolve.outcome import Resolved
from boltseal.resolve.quirks import advice, known_as
from boltseal.resolve.quota import Quota
from boltseal.resolve.retry import TOO_MANY

_MAX_ANNOUNCED = 10


class Notices:
    """Keeps, as an observer, rate limits, what registries announce, and what is to be known of them."""

    def __init__(self) -> None:
        self._quotas: dict[str, Quota] = {}
        self._throttled: set[str] = set()
        self._announced: dict[str, None] = {}
        self._advice: dict[str, None] = {}
        self._has_more = False

    @property
    def notes(self) -> tuple[str, ...]:
        """All of it, each once, safe to print; of rate limits what is low, and what was met."""
        limits = [
            f"{known_as(host)}: {quota}"
            for host, quota in self._quotas.items()
            if quota.is_low or host in self._throttled
        ]
        more = ["registries announce more, which is not shown"] if self._has_more else []
        return (*self._advice, *self._announced, *more, *limits)

    def __call__(self, event: Event) -> None:
        """Look at one event."""
        if isinstance(event, Exchange):
            self._look_at(event)
        elif isinstance(event, Finished) and isinstance(event.outcome, Resolved):
            self._advice.update(dict.fromkeys(advice(event.reference.registry)))

    def _look_at(self, exchange: Exchange) -> None:
        if exchange.quota is not None:
            self._quotas[exchange.host] = exchange.quota
        if exchange.status == TOO_MANY:
            self._throttled.add(exchange.host)
        for text in exchange.announced:
            line = f"{known_as(exchange.host)} announces: {text}"
            if len(self._announced) < _MAX_ANNOUNCED:
                self._announced[line] = None
            self._has_more = self._has_more or line not in self._announced
