"""Words for the generated tree, drawn from a seeded source of chance."""

from random import Random

NAMES = (
    *("api", "auth", "billing", "cache", "catalog", "chat", "cron", "events", "export", "feed"),
    *("gateway", "graph", "import", "index", "ingest", "jobs", "ledger", "mail", "media", "notify"),
    *("orders", "portal", "queue", "quota", "relay", "report", "search", "stock", "sync", "worker"),
)
"""What services are called."""
_TEXT = (
    *("the", "a", "of", "to", "and", "in", "for", "with", "on", "from", "when", "that", "is"),
    *("request", "service", "value", "cluster", "node", "field", "default", "list", "name", "key"),
    *("status", "container", "volume", "secret", "policy", "limit", "object", "version", "image"),
    *("returns", "holds", "describes", "selects", "must", "may", "set", "used", "unless", "before"),
)
# Drawn once: a tree has millions of words.
_STREAM = Random(5).choices(_TEXT, k=10_000)
_REPOSITORIES = ("nginx", "redis", "postgres", "python", "golang", "node", "busybox", "alpine")
_REGISTRIES = ("", "", "registry.example.com/", "mirror.example.org:5000/", "ghcr.example.net/")


def name(chance: Random) -> str:
    """What one service is called."""
    return chance.choice(NAMES)


def sentence(chance: Random, words: int) -> str:
    """That many words; one in about forty is 'image'."""
    start = chance.randrange(len(_STREAM) - words)
    return " ".join(_STREAM[start : start + words]).capitalize() + "."


def repository(chance: Random) -> str:
    """An image without its tag, in a registry with a reserved name or in none."""
    registry = chance.choice(_REGISTRIES)
    place = f"{registry}{name(chance)}/" if registry else ""
    return place + chance.choice(_REPOSITORIES)


def tag(chance: Random) -> str:
    """A tag that looks like a version."""
    return f"{chance.randint(1, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 20)}"


def image(chance: Random) -> str:
    """A reference; one in six is sealed to a digest."""
    reference = f"{repository(chance)}:{tag(chance)}"
    if chance.random() < 1 / 6:
        return f"{reference}@sha256:{chance.getrandbits(256):064x}"
    return reference
