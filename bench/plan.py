"""The parts of the bench by name, in the order in which they are run."""

from collections.abc import Callable, Iterator, Mapping

from bench.parts.growth import growth
from bench.parts.named import named
from bench.parts.one_file import one_file
from bench.parts.peers import peers
from bench.parts.pindock import pindock
from bench.parts.resolution import resolution
from bench.parts.trees import dense, sparse
from bench.results import Section
from bench.testbed import Testbed

Part = Callable[[Testbed], Iterator[Section]]

PARTS: Mapping[str, Part] = {
    "one-file": one_file,
    "named": named,
    "tree": dense,
    "sparse": sparse,
    "growth": growth,
    "peers": peers,
    "pindock": pindock,
    "resolve": resolution,
}
