"""Resolve the references on standard input; print the seconds that it took as JSON.

``python -m bench.ask AUTHORITY``: the file of the authority to trust. Names below example.com mean
127.0.0.1 in this process. It is a program of its own, so that its processor time can be told.
"""

import json
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any

from bench.certificate import DOMAIN
from boltseal.reference import ImageReference, parse
from boltseal.resolve.outcome import Resolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver


def main() -> None:
    """Resolve once, cold. Exits with a message when a reference has no digest."""
    _name_this_machine()
    wanted = list(_references(sys.stdin.read().split()))
    resolver = RegistryResolver(RegistryOptions(ca_file=sys.argv[1]))
    start = time.perf_counter()
    outcomes = resolver.resolve(wanted)
    seconds = time.perf_counter() - start
    for name, outcome in outcomes.items():
        if not isinstance(outcome, Resolved):
            sys.exit(f"{name}: {outcome}")
    print(json.dumps({"seconds": seconds, "references": len(outcomes)}))


def _references(texts: Iterable[str]) -> Iterable[ImageReference]:
    for text in texts:
        reference = parse(text)
        if not isinstance(reference, ImageReference):
            sys.exit(f"{text}: {reference}")
        yield reference


def _name_this_machine() -> None:
    looked_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        ours = isinstance(name, str) and name.endswith(f".{DOMAIN}")
        return looked_up("127.0.0.1" if ours else host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo


if __name__ == "__main__":
    main()
