"""Digests from registries. Importing this module loads the HTTP library: do so only to resolve."""

import asyncio
from collections.abc import Iterable, Mapping

from boltseal.reference import ImageReference
from boltseal.resolve.certificates import Certificates
from boltseal.resolve.credentials import ConfiguredCredentials, Credentials
from boltseal.resolve.exchange import Lookup
from boltseal.resolve.http import HttpClient, Transport
from boltseal.resolve.notices import Notices
from boltseal.resolve.observer import Ended, Event, Observer, Started, ignore
from boltseal.resolve.options import RegistryOptions
from boltseal.resolve.outcome import Outcome, Resolution, Unresolved
from boltseal.resolve.quirks import look_alike
from boltseal.resolve.resolver import unique
from boltseal.resolve.session import Peer, Session
from boltseal.resolve.target import ALL_PLATFORMS, Target

__all__ = ["RegistryOptions", "RegistryResolver"]


class RegistryResolver:
    """Resolves references by asking the registries that they name."""

    def __init__(
        self,
        options: RegistryOptions | None = None,
        target: Target = ALL_PLATFORMS,
        *,
        transport: Transport | None = None,
        credentials: Credentials | None = None,
        lookup: Lookup | None = None,
        observer: Observer = ignore,
    ) -> None:
        """Prepare; nothing is asked yet.

        In: the options; which digest is wanted; a transport in place of the network (a mock); where
        logins are, by default as the user's container tools are configured; how host names are
        looked up; and who watches.
        """
        self._options = RegistryOptions() if options is None else options
        self._target = target
        self._transport = transport
        self._credentials = ConfiguredCredentials() if credentials is None else credentials
        self._lookup = lookup
        self._known: dict[str, Outcome] = {}
        self._down: dict[Peer, Unresolved] = {}
        self._observer = observer
        self._notices = Notices()
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What went wrong so far without stopping anything, safe to print, each once."""
        return tuple(self._warnings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What registries say of limits and of themselves, safe to print, each once."""
        return self._notices.notes

    def resolve(self, references: Iterable[ImageReference]) -> Resolution:
        """Ask for the digest of every reference that was not asked for before.

        Not to be called where an event loop runs: it runs one of its own.
        """
        wanted = unique(references)
        new = {name: wanted[name] for name in wanted if name not in self._known}
        if new:
            self._warn(new.values())
            try:
                self._known.update(asyncio.run(self._ask(new)))
            finally:
                self._watch(Ended())
        return {name: self._known[name] for name in wanted}

    async def _ask(self, references: Mapping[str, ImageReference]) -> dict[str, Outcome]:
        self._watch(Started(len(references)))
        options = self._options
        certificates = Certificates(options.ca_file, options.certificate_folders)
        async with HttpClient(
            options.connections, self._transport, self._lookup, certificates
        ) as client:
            session = Session(
                options, client, self._credentials, self._down, self._target, self._watch
            )
            outcomes = await session.resolve(references)
        self._down = session.down
        self._warnings.update(dict.fromkeys(session.warnings))
        return outcomes

    def _watch(self, event: Event) -> None:
        self._notices(event)
        self._observer(event)

    def _warn(self, references: Iterable[ImageReference]) -> None:
        for reference in references:
            self._warnings.update(dict.fromkeys(look_alike(reference.registry)))
