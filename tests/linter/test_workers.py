"""Work spread over processes: the same results, in the same order."""

import errno
import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from boltseal import start, workers
from boltseal.workers import spread

ITEMS = range(500)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes from the second item on."""
    monkeypatch.setattr(workers, "_PATIENCE", 0)
    monkeypatch.setattr(workers, "processors", lambda: 3)


def test_few_items_and_short_work_stay_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(spread(lambda _: os.getpid(), ITEMS)) == {os.getpid()}
    monkeypatch.setattr(workers, "_PATIENCE", 0)
    assert set(spread(lambda _: os.getpid(), range(60))) == {os.getpid()}


def test_one_processor_has_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 0)
    monkeypatch.setattr(workers, "processors", lambda: 1)
    assert set(spread(lambda _: os.getpid(), ITEMS)) == {os.getpid()}


@pytest.mark.usefixtures("impatient")
def test_results_come_in_the_order_of_the_items() -> None:
    def work(item: int) -> tuple[int, int]:
        time.sleep(0.02 if item % 97 == 3 else 0)
        return item, os.getpid()

    found = list(spread(work, ITEMS))
    assert [item for item, _ in found] == list(ITEMS)
    assert len({process for _, process in found}) > 1


@pytest.mark.usefixtures("impatient")
def test_what_a_process_that_was_ended_leaves_is_done_all_the_same() -> None:
    own = os.getpid()

    def work(item: int) -> int:
        if item == 100 and os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    assert list(spread(work, ITEMS)) == list(ITEMS)


@pytest.mark.usefixtures("impatient")
def test_an_exception_in_another_process_is_raised() -> None:
    def work(item: int) -> int:
        return 1 // (item - 300)

    with pytest.raises(ZeroDivisionError):
        list(spread(work, ITEMS))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("forked", [0, 1])
def test_where_no_process_can_be_started_one_does_it_all(
    monkeypatch: pytest.MonkeyPatch, forked: int
) -> None:
    fork, children = os.fork, list[int]()

    def refuse() -> int:
        if len(children) == forked:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        child = fork()
        children.append(child)
        return child

    monkeypatch.setattr(os, "fork", refuse)
    assert set(spread(lambda _: os.getpid(), ITEMS)) == {os.getpid()}
    assert len(children) == forked
    for child in children:
        assert_ends(child)


def assert_ends(process: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        active_children()  # collects those of this process that have ended
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    pytest.fail(f"{process} is still there")


def tree(folder: Path) -> None:
    for index in range(120):
        (folder / f"{index}.Dockerfile").write_text(f"FROM nginx:1.{index}\n")
    (folder / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nimage: [\n")


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_a_check_says_the_same_with_any_number_of_processes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    form: str,
) -> None:
    tree(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert start.run(["check", "--format", form]) == 1
    alone = capsys.readouterr()
    monkeypatch.setattr(workers, "_PATIENCE", 0)
    monkeypatch.setattr(workers, "processors", lambda: 4)
    assert start.run(["check", "--format", form]) == 1
    assert capsys.readouterr() == alone
    assert alone.out.count("mutable-tag") == 120


@pytest.mark.parametrize("arguments", [["."], ["--format", "text", "."]])
def test_a_reader_that_has_gone_before_the_work_is_shared_is_no_bug(
    tmp_path: Path, arguments: list[str]
) -> None:
    tree(tmp_path)
    program = (
        "from boltseal import start, workers\n"
        "workers._PATIENCE, workers.processors = 0, lambda: 2\n"
        "start.main()\n"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", program, "check", *arguments],
        check=False,
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


SLOW = (
    "import os, sys, time\n"
    "from boltseal import workers\n"
    "workers._PATIENCE, workers.processors = 0, lambda: 2\n"
    "for it in workers.spread(lambda it: (time.sleep(0.01), os.getpid())[1], range(5000)):\n"
    "    print(it, flush=True)\n"
)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_first(sent: int) -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        seen = {int(run.stdout.readline()) for _ in range(200)}
        assert len(seen) > 1
        run.send_signal(sent)
        run.wait(30)
    for process in seen:
        assert_ends(process)


def test_an_interrupt_ends_every_process(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        start_new_session=True,
        text=True,
    )
    assert run.stdout
    seen = {int(run.stdout.readline()) for _ in range(200)}
    assert len(seen) > 1
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=30)
    assert run.returncode == -signal.SIGINT
    assert errors.count("KeyboardInterrupt") == 1
    for process in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
