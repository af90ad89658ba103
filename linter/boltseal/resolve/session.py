"""One run of questions: the hosts it meets, and the questions that go on at a time."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from boltseal.reference import ImageReference
from boltseal.resolve.attempt import Attempt, Patience, UnresolvedError, bounded
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.endpoint import Origin, origin_of, registry_origin
from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.host import Host
from boltseal.resolve.http import HttpClient
from boltseal.resolve.insecure import spoken
from boltseal.resolve.login import Place
from boltseal.resolve.logins import Logins
from boltseal.resolve.loopback import LoopbackClient
from boltseal.resolve.manifest import Document
from boltseal.resolve.mirrors import ask_along
from boltseal.resolve.namespace import is_allowed
from boltseal.resolve.observer import Finished, Observer, ignore
from boltseal.resolve.options import RegistryOptions
from boltseal.resolve.outcome import Outcome, Unresolved
from boltseal.resolve.question import Question
from boltseal.resolve.refusal import not_allowed, unreachable
from boltseal.resolve.routing import Endpoint, route
from boltseal.resolve.target import Target, find
from boltseal.resolve.watched import WatchedClient


class Peer(NamedTuple):
    """A host as it is asked: ``verified`` where it must show over TLS that it is who it is."""

    origin: Origin
    verified: bool = True


class Session:
    """Asks registries about many references at once."""

    def __init__(
        self,
        options: RegistryOptions,
        client: HttpClient,
        credentials: Credentials,
        down: Mapping[Peer, Unresolved],
        target: Target,
        observer: Observer = ignore,
    ) -> None:
        """Prepare; nothing is asked yet.

        In: the options, what sends, where logins are, the hosts known to be down, which digest is
        wanted, and who watches.
        """
        self._options = options
        self._target = target
        self._patience = Patience(options.deadline, options.retries, options.backoff)
        self._observer = observer
        self._client = LoopbackClient(WatchedClient(client, observer))
        self._logins = Logins(credentials, self._patience, self._send, observer)
        self._notes: dict[str, None] = {}
        self._schemes: dict[Origin, asyncio.Task[Origin]] = {}
        self._hosts: dict[Peer, Host] = {}
        for peer, outcome in down.items():
            self._host(peer).down = outcome

    @property
    def warnings(self) -> list[str]:
        """What went wrong without stopping anything, each once."""
        return [*self._logins.warnings, *self._notes]

    @property
    def down(self) -> dict[Peer, Unresolved]:
        """The hosts that could not be reached."""
        return {peer: host.down for peer, host in self._hosts.items() if host.down}

    async def resolve(self, references: Mapping[str, ImageReference]) -> dict[str, Outcome]:
        """Ask about every reference; the outcomes come under the same keys."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {
                    key: group.create_task(self._finished(reference))
                    for key, reference in references.items()
                }
        finally:
            await self._logins.close()
        return {key: task.result() for key, task in tasks.items()}

    async def _finished(self, reference: ImageReference) -> Outcome:
        outcome = await self._outcome(reference)
        self._observer(Finished(reference, outcome))
        return outcome

    async def _outcome(self, reference: ImageReference) -> Outcome:
        allowed = self._options.allowed
        if allowed is not None and not is_allowed(allowed, reference):
            return not_allowed(reference.registry)
        by_digest = reference.digest is not None and not (self._target.update and reference.tag)
        routed = route(reference, self._options.namespaces, by_digest=by_digest)
        if isinstance(routed, Unresolved):
            return routed
        answered = await ask_along(routed, self._options.mirrors, self._at, by_digest=by_digest)
        if answered.mirror is not None and not by_digest:
            host = answered.mirror.reference.registry
            note = f"tags of {reference.registry} are answered by its mirror {host}"
            self._notes[f"{note}, which may be behind its origin"] = None
        return answered.outcome

    async def _at(self, endpoint: Endpoint) -> Outcome:
        """Ask at one place, with the login for that place."""
        reference = endpoint.reference
        origin = registry_origin(reference.registry, self._options.plain_http)
        if endpoint.insecure:
            origin = await self._insecure(origin)
        # Only where the user says so: other repositories of the same host are asked as ever.
        verified = origin.scheme == "http" or not endpoint.insecure
        host = self._host(Peer(origin, verified))
        token_hosts = dict(self._options.token_hosts).get(reference.registry, frozenset())
        place = Place(reference.registry, origin, reference.repository, token_hosts, verified)
        # The time spent in the queue is not the registry's: the deadline starts after it.
        async with host.admitted, self._logins.opening(place).turn():
            await self._logins.foresee(place)
            async with host.served:
                if host.down is not None:
                    return host.down
                work = partial(self._ask, endpoint, place)
                return await bounded(self._patience, reference.registry, work)

    async def _ask(self, endpoint: Endpoint, place: Place, attempt: Attempt) -> Outcome:
        reference = endpoint.reference

        def question(asked: ImageReference) -> Question:
            return Question(asked, place, self._send, self._logins, attempt, endpoint.mirrored)

        return await find(reference, self._target, _Images(reference, question, self._target))

    async def _send(self, request: Request, attempt: Attempt) -> Answer:
        origin = origin_of(request.url)
        if origin is None:
            raise UnresolvedError(unreachable(request.url.partition("?")[0], "forbidden"))
        return await self._host(Peer(origin, request.verified)).send(request, attempt)

    async def _insecure(self, origin: Origin) -> Origin:
        """Where a registry answers that the user lets do without TLS, or with any certificate."""
        if origin not in self._schemes:
            self._schemes[origin] = asyncio.create_task(
                spoken(origin, self._client.send, self._options.deadline)
            )
        found = await asyncio.shield(self._schemes[origin])
        how = "without TLS" if found.scheme == "http" else "whatever its certificate"
        self._notes[f"{origin.name} is asked {how}: registries.conf calls it insecure"] = None
        return found

    def _host(self, peer: Peer) -> Host:
        if peer not in self._hosts:
            name = peer.origin.name
            room = (self._options.concurrency, self._options.streams)
            self._hosts[peer] = Host(name, self._client.send, room, self._observer)
        return self._hosts[peer]


class _Images:
    """The images of one repository of a registry."""

    def __init__(
        self,
        reference: ImageReference,
        question: Callable[[ImageReference], Question],
        target: Target,
    ) -> None:
        self._reference = reference._replace(tag=None)
        self._question = question
        self._verify = target.verify

    async def look_up(self, reference: ImageReference) -> Outcome:
        return await self._question(reference).outcome(verify=self._verify)

    async def manifest(self, digest: str) -> Document | Unresolved:
        return await self._question(self._reference._replace(digest=digest)).manifest()

    async def blob(self, digest: str) -> bytes | Unresolved:
        return await self._question(self._reference).blob(digest)
