"""Plain lines that tell how far a run is."""

from boltseal.report.progress import INTERVAL, PlainProgress
from boltseal.resolve.observer import Asked, Event, Finished, Started
from boltseal.resolve.outcome import Resolved, Unresolved
from tests.resolve.mockregistry import reference


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def told(events: list[tuple[float, Event]]) -> list[str]:
    """What is said when events happen, each at its second."""
    lines: list[str] = []
    clock = Clock()
    progress = PlainProgress(lines.append, clock)
    for when, event in events:
        clock.now = when
        progress(event)
    return lines


def finished(registry: str, *, failed: bool = False) -> Event:
    outcome = Unresolved("no", "hint") if failed else Resolved("sha256:0", "application/json")
    return Finished(reference(f"{registry}/app:1"), outcome)


def test_a_short_run_says_nothing() -> None:
    assert told([(0, Started(1)), (INTERVAL - 1, finished("a.example.com"))]) == []


def test_lines_come_no_closer_than_the_interval() -> None:
    events: list[tuple[float, Event]] = [(0, Started(90))]
    events += [(second, finished("a.example.com")) for second in range(1, 26)]
    assert told(events) == ["asked 10 of 90 references", "asked 20 of 90 references"]


def test_the_interval_starts_with_the_questions() -> None:
    assert told([(100, Started(1)), (101, Asked("a.example.com"))]) == []


def test_failures_are_told_with_their_registries() -> None:
    failed = [finished(f"{name}.example.com", failed=True) for name in "abcdeaa"]
    events = [(0.0, Started(9)), *((1.0, event) for event in failed)]
    assert told([*events, (INTERVAL, Asked("x"))]) == [
        "asked 7 of 9 references, 7 failed (a.example.com, b.example.com, c.example.com and 2 more)"
    ]


def test_a_second_run_is_counted_anew() -> None:
    first = [(0.0, Started(5)), (1.0, finished("a.example.com", failed=True))]
    second = [(2.0, Started(1)), (2.0 + INTERVAL, finished("b.example.com"))]
    assert told([*first, *second]) == ["asked 1 of 1 reference"]
