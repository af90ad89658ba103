"""What is special about some registries, for people: names, and hints to what they answer."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from boltseal.printable import brief
from boltseal.resolve.exchange import Answer

_HUB = r"(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|auth\.docker\.io)"
_ECR = r"\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?"


class Quirk(NamedTuple):
    """A hint to some statuses of hosts that match a pattern, where the answer is such."""

    hosts: str
    statuses: frozenset[int]
    hint: str
    when: Callable[[Answer], bool] = lambda _: True


def _is_json(answer: Answer) -> bool:
    return "json" in answer.header("content-type").lower()


def _is_abuse_limit(answer: Answer) -> bool:
    """Whether Docker Hub says it of a whole address: its pull limit answers in JSON, as all else."""
    return bool(answer.header("retry-after")) and not _is_json(answer)


def _is_pull_limit(answer: Answer) -> bool:
    return not _is_abuse_limit(answer)


def _is_artifactory(answer: Answer) -> bool:
    names = ("x-jfrog-version", "x-artifactory-id", "x-artifactory-node-id")
    return any(map(answer.header, names))


def _is_nexus(answer: Answer) -> bool:
    return answer.header("server").lower().startswith("nexus/")


_ARTIFACTORY = "Artifactory answers so for a tag that does not exist, too"
_DENIED = frozenset({401, 403})
_LIMITED = frozenset({429})
_MISSING = frozenset({404})

QUIRKS = (
    Quirk(
        _HUB,
        _LIMITED,
        "this is Docker Hub's limit on requests from one address, not its pull limit: a login does "
        "not lift it, a minute without requests does",
        _is_abuse_limit,
    ),
    Quirk(
        _HUB,
        _LIMITED,
        "Docker Hub counts pulls in 6 hours, without a login for the whole address: log in for "
        "more",
        _is_pull_limit,
    ),
    Quirk(
        r"ghcr\.io",
        _LIMITED,
        "ghcr.io counts all anonymous requests together: log in with a token that may read "
        "packages",
    ),
    Quirk(
        r"ghcr\.io",
        _DENIED,
        "packages on ghcr.io are private until their owner makes them public; a login needs a "
        "token with read:packages",
    ),
    Quirk(
        r"(?:[a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev",
        _DENIED,
        "Google refuses a token for what is private and for what does not exist; "
        "'gcloud auth configure-docker' sets up a login",
    ),
    Quirk(
        _ECR,
        _DENIED,
        "a login to Amazon ECR ends after 12 hours; docker-credential-ecr-login renews it",
    ),
    Quirk(
        _ECR,
        _MISSING,
        "where it is a pull-through cache, it has an image only after its first pull by tag",
    ),
    Quirk(
        r"public\.ecr\.aws",
        _LIMITED,
        "Amazon ECR Public takes one anonymous request a second: log in for more",
    ),
    Quirk(
        r"[a-z0-9-]+\.azurecr\.(?:io|cn|us)",
        _DENIED,
        "a login by 'az acr login' ends within 3 hours: log in again",
    ),
    Quirk(
        r"(?:.+\.)?jfrog\.io",
        _DENIED,
        _ARTIFACTORY,
    ),
    Quirk(
        r".+",
        _DENIED,
        _ARTIFACTORY,
        _is_artifactory,
    ),
    Quirk(
        r".+",
        _MISSING,
        "Nexus serves a repository at a port, a host name or a path of its own: check the host",
        _is_nexus,
    ),
    Quirk(
        r"quay\.io",
        _DENIED,
        "Quay answers so for a private repository and for one that does not exist",
    ),
    Quirk(
        r"registry\.redhat\.io",
        _DENIED,
        "registry.redhat.io shows nothing without a login; registry.access.redhat.com has its "
        "public images",
    ),
    Quirk(
        r"mcr\.microsoft\.com",
        _DENIED | _MISSING,
        "mcr.microsoft.com needs no login and has no search of its own: check the whole path",
    ),
)


def hint(host: str, answer: Answer) -> str:
    """What is known of such an answer of such a host; '' when nothing is."""
    for quirk in QUIRKS:
        matches = answer.status in quirk.statuses and re.fullmatch(quirk.hosts, host.lower())
        if matches and quirk.when(answer):
            return quirk.hint
    return ""


def advice(registry: str) -> Iterator[str]:
    """What to know about a registry before what was sealed there is used."""
    if re.fullmatch(_ECR, registry):
        yield (
            f"{registry}: a pull-through cache there cannot make the first pull of an image by "
            "digest; if it is one, pull each image once by its tag"
        )


def look_alike(registry: str) -> Iterator[str]:
    """A warning of a name that is shown in other letters than these (RFC 5890 section 2.3.2.1)."""
    if any(label.startswith("xn--") for label in registry.lower().split(".")):
        yield (
            f"{brief(registry)} stands for a name in other letters, which can look like a name "
            "that you know: make sure that it is the one you mean"
        )


def known_as(host: str) -> str:
    """What people call a host, safe to print."""
    return "Docker Hub" if re.fullmatch(_HUB, host) else brief(host)
