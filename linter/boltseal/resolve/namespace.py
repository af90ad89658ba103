"""Parts of the world of images as users name them: a host, hosts below a domain, a path on a host."""

from boltseal.reference import DOCKER_HUB, ImageReference, InvalidReference, parse

# Docker Hub by its other names: what is said of it must hold under each of them.
_HUB_HOSTS = frozenset({"index.docker.io", "registry-1.docker.io"})
_ANY_BELOW = "*."
_PORT = ":443"


def folded(name: str) -> str:
    """A name that starts with a host, with the host as it is compared: lower case, one Docker Hub."""
    host, slash, path = name.partition("/")
    host = host.lower()
    return (DOCKER_HUB if host in _HUB_HOSTS else host) + slash + path


def problem(name: str) -> str:
    """What is wrong with ``name`` as the name of a part; '' when nothing is.

    Right are ``host[:port]``, the same with a path, and ``*.`` before a domain.
    """
    if "://" in name:
        return "write it without a scheme"
    if is_wildcard(name):
        domain = name.removeprefix(_ANY_BELOW)
        odd = any(mark in domain for mark in "/:@") or not _is_host(f"x.{domain}")
        return "'*.' stands before a domain and nothing else, as in *.example.com" if odd else ""
    host, slash, _ = name.partition("/")
    if not _is_host(host):
        return "it must start with the registry's host, as in registry.example.com/team"
    found = parse(name) if slash else None
    return found.reason if isinstance(found, InvalidReference) else ""


def is_wildcard(name: str) -> bool:
    """Whether a part is every host below a domain."""
    return name.startswith(_ANY_BELOW)


def rest(part: str, name: str) -> str | None:
    """What follows a part in a name that is in it; None when it is not.

    In: a part, and the canonical name of an image with its tag or digest, both ``folded``.
    Out: '' or text that starts with ':', '/' or '@', as containers-registries.conf(5) has it. A
    host that is named without a port stands for all its ports there.
    """
    if is_wildcard(part):
        host, slash, path = name.partition("/")
        bare, colon, port = host.partition(":")
        return f"{colon}{port}{slash}{path}" if bare.endswith(part[1:]) else None
    if not name.startswith(part):
        return None
    after = name[len(part) :]
    return after if after[:1] in ("", ":", "/", "@") else None


def is_allowed(parts: frozenset[str], reference: ImageReference) -> bool:
    """Whether a reference is in one of the ``parts``. A host stands for the usual port only."""
    host, _, path = folded(reference.name).partition("/")
    return any(_holds(folded(part), host.removesuffix(_PORT), path) for part in parts)


def _holds(part: str, host: str, path: str) -> bool:
    if is_wildcard(part):
        return host.endswith(part[1:])
    part_host, slash, part_path = part.partition("/")
    if part_host.removesuffix(_PORT) != host:
        return False
    return not slash or f"{path}/".startswith(f"{part_path}/")


def _is_host(text: str) -> bool:
    found = parse(f"{text}/x")
    return isinstance(found, ImageReference) and folded(found.registry) == folded(text)
