"""What resolving references costs, in round trips: seconds over those of one round trip."""

from collections.abc import Iterator

from bench.registry_server import HTTP1, HTTP2, Setting, serving
from bench.resolve import COLD, references, resolve
from bench.results import Measure, Section
from bench.testbed import Testbed

_SETTINGS = (Setting(), Setting(registries=4), Setting(protocols=(HTTP1,)))


def resolution(bed: Testbed) -> Iterator[Section]:
    """References of one registry, of several, and of one that knows only HTTP/1.1."""
    for setting in _SETTINGS:
        yield _asked(bed, setting)


def _asked(bed: Testbed, setting: Setting) -> Section:
    several = f", {setting.registries} registries" if setting.registries > 1 else ""
    where = several or ("" if HTTP2 in setting.protocols else ", HTTP/1.1 only")
    measures = []
    notes = [f"{COLD} round trips is the least for a client that knows nothing yet"]
    with serving(setting) as served:
        for number in bed.references:
            wanted = references(served, number)
            runs = [resolve(served, wanted) for _ in range(bed.rounds)]
            name = f"resolve: {number} references{where}"
            trips = tuple(ran.seconds / setting.delay for ran in runs)
            cpu = tuple(ran.cost.cpu for ran in runs)
            measures += [
                Measure(name, trips, "round trips"),
                Measure(f"{name}, CPU", cpu, "s", compared=False),
            ]
            counts = ", ".join(f"{count} {kind}" for kind, count in sorted(runs[-1].counts.items()))
            notes.append(f"{number} references: {counts}")
    delay = f"{setting.delay * 1000:.0f} ms a request, twice that a connection"
    title = f"resolve{where or ', 1 registry'}: {delay}"
    return Section(title, (), tuple(measures), tuple(notes))
