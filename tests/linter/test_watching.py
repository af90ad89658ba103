"""The check runs again after a change; nothing here sleeps: waiting is what makes the changes."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from boltseal.commands import watching
from boltseal.configuration import configs
from boltseal.errors import UsageError

Step = Callable[[], object]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Session:
    """A watch in which each step happens while it waits, and then the user interrupts."""

    def __init__(self, *steps: Step, beside: tuple[str, ...] = ()) -> None:
        self.runs = 0
        self.waited: list[float] = []
        self._steps: Iterator[Step] = iter(steps)
        self.code = watching.watch(self.check, self.files, beside=beside, wait=self.wait)

    def check(self) -> None:
        self.runs += 1

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(Path.cwd())) for path in Path.cwd().rglob("*.x"))

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        step = next(self._steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()


def write(name: str, text: str = "") -> Step:
    return lambda: Path(name).write_text(text)


def nothing() -> None:
    pass


def test_it_runs_once_and_ends_with_the_code_of_an_interrupt() -> None:
    session = Session()
    assert (session.runs, session.code) == (1, 130)


def test_nothing_is_run_where_nothing_changes() -> None:
    write("a.x")()
    assert Session(nothing, nothing, nothing).runs == 1


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (write("a.x", "longer"), "a.x changed"),
        (write("b.x"), "b.x is new"),
        (lambda: Path("a.x").unlink(), "a.x is gone"),
        (write("boltseal.toml"), "boltseal.toml is new"),
        (write("../pyproject.toml"), "../pyproject.toml is new"),
        (write("known.json"), "known.json is new"),
        (lambda: os.utime("a.x", (1, 1)), "a.x changed"),
    ],
)
def test_a_change_runs_the_check_again_and_is_told(
    step: Step, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.x")()
    Path("../pyproject.toml").unlink(missing_ok=True)
    session = Session(step, *[nothing] * 5, beside=("known.json",))
    assert session.runs == 2
    assert re.search(rf"^\d\d:\d\d:\d\d {re.escape(told)}$", capsys.readouterr().err, re.MULTILINE)


def test_the_names_of_configurations_are_those_that_are_read() -> None:
    assert watching._CONFIGURATIONS == (configs._OWN, configs._PYPROJECT)


def test_a_file_that_is_not_looked_at_changes_nothing() -> None:
    assert Session(write("other"), nothing).runs == 1


def test_several_changes_in_a_row_are_one(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [write(f"{name}.x") for name in "abcde"]
    assert Session(*steps, nothing, nothing).runs == 2
    assert "a.x is new, b.x is new, c.x is new, and 2 more\n" in capsys.readouterr().err


def test_changes_that_never_end_do_not_keep_it_from_running() -> None:
    steps = [write("a.x", "x" * number) for number in range(60)]
    assert Session(*steps).runs == 3


def test_a_change_while_the_check_runs_is_not_lost() -> None:
    runs = []

    def check() -> None:
        runs.append(1)
        if len(runs) == 1:
            Path("a.x").write_text("changed meanwhile")

    steps = iter([nothing, nothing])

    def wait(_: float) -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    watching.watch(check, lambda: ["a.x"], wait=wait)
    assert len(runs) == 2


def test_wrong_usage_is_shown_and_watching_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    runs = []

    def files() -> list[str]:
        if Path("boltseal.toml").read_text() == "broken":
            raise UsageError("broken")
        return ["a.x"]

    def check() -> None:
        runs.append(files())

    write("boltseal.toml", "broken")()
    steps = iter([write("boltseal.toml", ""), nothing, write("a.x"), nothing])

    def wait(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    watching.watch(check, files, wait=wait)
    assert runs == [["a.x"], ["a.x"]]
    assert "boltseal: broken\n" in capsys.readouterr().err


def test_an_interrupt_during_the_check_is_an_end() -> None:
    def check() -> None:
        raise KeyboardInterrupt

    assert watching.watch(check, list, wait=lambda _: None) == 130


def test_a_look_takes_a_tenth_of_the_time_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(0, 1000, 2))
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    assert Session(nothing).waited == [18, 18]


@pytest.mark.parametrize(
    ("terminal", "kind", "clears"),
    [(True, "xterm", True), (True, "dumb", False), (False, "xterm", False)],
)
def test_only_a_terminal_is_cleared(
    terminal: bool,
    kind: str,
    clears: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("TERM", kind)
    Session(write("a.x"), nothing)
    assert ("\x1b[2J" in capsys.readouterr().out) is clears


def test_names_reach_a_terminal_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    Session(write("\x1b[31m\n.x"), nothing)
    assert "\\x1b[31m\\x0a.x is new\n" in capsys.readouterr().err
