"""pindock, which pins the images of Dockerfiles and Compose files too."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.contest import BOLTSEAL, Contender, Entry, hold
from bench.parts.peers import missing
from bench.peers import find, version
from bench.process import Command, Ran, run
from bench.programs import bare, boltseal, check
from bench.registry_server import Served, Setting, serving
from bench.results import Measure, Section
from bench.spread import ratios
from bench.testbed import Testbed

PINDOCK = "pindock"
_ABOUT = "pins images of Dockerfiles and Compose files that it finds by line; reads no other files"
_DIGEST = f"sha256:{'5' * 64}"
_PINNED = 1000
_REFERENCES, _UNIQUE = 3000, 300
_STAGES = 3
_FIX_ROUNDS = 3


def pindock(bed: Testbed) -> Iterator[Section]:
    """A check of Dockerfiles that need nothing, and a fix with a registry on this machine."""
    program = find(PINDOCK)
    if program is None:
        yield Section(PINDOCK, (), (), (missing(PINDOCK),))
        return
    yield _check(bed, program)
    yield _fix(bed, program)


def _check(bed: Testbed, program: str) -> Section:
    folder = bed.empty("pinned")
    for number in range(_PINNED):
        _write(folder, number, f"FROM registry.example.com/app{number}:1@{_DIGEST}\nRUN make\n")
    theirs = Contender(PINDOCK, Command((program, "check"), folder), _ABOUT, version(program))
    entries = hold([check(folder), theirs, bare(folder)], bed.rounds)
    measures = tuple(_ratio("check", entries, label, of) for label, of in _FIGURES)
    title = f"pindock, check of {_PINNED} sealed Dockerfiles"
    return Section(title, tuple(entries.values()), measures)


_FIGURES = (("CPU", "cpu"), ("wall", "wall"))


def _ratio(task: str, entries: Mapping[str, Entry], label: str, of: str) -> Measure:
    values = ratios(entries[BOLTSEAL].values(of), entries[PINDOCK].values(of))
    return Measure(f"pindock, {task}: boltseal {label} ÷ pindock", values, compared=False)


def _fix(bed: Testbed, program: str) -> Section:
    folder = bed.empty("unpinned")
    asked: dict[str, list[Counter[str]]] = {BOLTSEAL: [], PINDOCK: []}
    sealed: dict[str, int] = {}
    with serving(Setting()) as served:
        # No logins of whoever runs this; the registry's authority in place of the system's.
        environment = {"SSL_CERT_FILE": str(served.authority), "DOCKER_CONFIG": str(bed.scratch)}

        def perform(contender: Contender) -> Ran:
            _write_unpinned(folder, served)
            served.counts()
            ran = run(contender.command)
            asked[contender.name].append(served.counts())
            sealed[contender.name] = _sealed(folder)
            return ran

        fix = boltseal(folder, "fix", "--quiet")
        ours = fix._replace(command=fix.command._replace(environment=environment))
        command = Command((program, "run"), folder, environment)
        theirs = Contender(PINDOCK, command, _ABOUT, version(program))
        entries = hold([ours, theirs], min(_FIX_ROUNDS, bed.rounds), perform)
    requests = ratios(*(_requests(asked[name]) for name in (BOLTSEAL, PINDOCK)))
    measures = (
        *(_ratio("fix", entries, label, of) for label, of in _FIGURES),
        Measure("pindock, fix: boltseal requests ÷ pindock", requests, compared=False),
    )
    notes = (
        *(
            f"{name}: sealed {sealed[name]} of {_REFERENCES}, asked {dict(asked[name][-1])}"
            for name in asked
        ),
        "the registry is on loopback, where boltseal first tries whether it does without TLS",
    )
    title = f"pindock, fix of {_REFERENCES} references, {_UNIQUE} unique"
    return Section(title, tuple(entries.values()), measures, notes)


def _requests(asked: list[Counter[str]]) -> tuple[float, ...]:
    """The requests of each round but the first, which is not measured; connections are none."""
    return tuple(counts.total() - counts["connection"] for counts in asked[1:])


def _write_unpinned(folder: Path, served: Served) -> None:
    for number in range(_REFERENCES // _STAGES):
        images = [(number * _STAGES + stage) % _UNIQUE for stage in range(_STAGES)]
        host = f"127.0.0.1:{served.ports[0]}"
        stages = [f"FROM {host}/team/app{image}:1.0 AS s{image}\nRUN make\n" for image in images]
        _write(folder, number, "".join(stages))


def _sealed(folder: Path) -> int:
    return sum(path.read_bytes().count(b"@sha256:") for path in folder.rglob("Dockerfile"))


def _write(folder: Path, number: int, text: str) -> None:
    path = folder / str(number) / "Dockerfile"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
