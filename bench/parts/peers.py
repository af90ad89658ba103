"""Other programs, each on the files that it reads, and boltseal on the very same."""

from collections.abc import Iterator

from bench import peers as programs
from bench.choice import copied
from bench.contest import BOLTSEAL, hold
from bench.peers import PEERS, PEERS_VARIABLE, Peer
from bench.process import NotRunError
from bench.programs import bare, check
from bench.results import Measure, Section
from bench.spread import ratios
from bench.testbed import Testbed
from bench.tree import DENSE

_ROUNDS = 3
"""Some of them take minutes."""


def peers(bed: Testbed) -> Iterator[Section]:
    """Each that is installed; what is not is said."""
    for peer in PEERS:
        program = programs.find(peer.name)
        if program is None:
            yield Section(f"peer {peer.name}", (), (), (missing(peer.name),))
            continue
        try:
            yield _against(bed, peer, program)
        except NotRunError as error:
            yield Section(f"peer {peer.name}", (), (), (str(error),))


def missing(name: str) -> str:
    """What is said of a program that is not installed."""
    return f"{name} is neither on PATH nor in the folder that {PEERS_VARIABLE} names: not measured"


def _against(bed: Testbed, peer: Peer, program: str) -> Section:
    tree = bed.dense()
    if bed.given is None and peer.mix is not DENSE:
        tree = bed.generated(peer.name, peer.most, peer.mix)
    folder = bed.empty(f"files of {peer.name}")
    paths = copied(tree, peer.reads, peer.most, folder)
    title = f"peer {peer.name}, {len(paths)} files"
    if not paths:
        return Section(title, (), (), ("the tree has none of the files that it reads",))
    home = bed.empty(f"home of {peer.name}")
    theirs = programs.contender(peer, program, folder, paths, home)
    ours = check(folder, *(paths if peer.named else ()))
    entries = hold([ours, theirs, bare(folder)], min(_ROUNDS, bed.rounds))
    measures = tuple(
        Measure(
            f"peers: {peer.name} {label} ÷ boltseal",
            ratios(entries[peer.name].values(of), entries[BOLTSEAL].values(of)),
            compared=False,
        )
        for label, of in (("CPU", "cpu"), ("wall", "wall"))
    )
    return Section(title, tuple(entries.values()), measures)
