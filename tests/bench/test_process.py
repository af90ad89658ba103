import subprocess
import sys

import pytest
from bench.process import Command, NotRunError, Ran, run

MIB = 1 << 20
CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', {0!r}], check=True)"
BUSY = "sum(range(3_000_000))"


def python(tmp_path, code: str, **options) -> Ran:
    return run(Command((sys.executable, "-c", code), tmp_path, **options))


def test_output_errors_and_exit_code_come_back(tmp_path):
    ran = python(tmp_path, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (ran.output, ran.errors, ran.status) == (b"out\n", b"err\n", 3)


def test_folder_environment_and_input_are_those_of_the_command(tmp_path):
    code = "import os; print(os.getcwd(), os.environ['BENCH_TEST'], input())"
    ran = python(tmp_path, code, environment={"BENCH_TEST": "set"}, input=b"given")
    assert ran.output.decode() == f"{tmp_path} set given\n"


def test_memory_is_that_of_the_process_and_not_of_this_one(tmp_path):
    here = bytearray(200 * MIB)
    small = python(tmp_path, "pass").cost.memory
    large = python(tmp_path, f"bytearray({80 * MIB})").cost.memory
    assert small < 60 * MIB < 80 * MIB < large < 200 * MIB
    del here


def test_one_run_has_nothing_of_the_one_before(tmp_path):
    python(tmp_path, f"bytearray({80 * MIB})")
    assert python(tmp_path, "pass").cost.memory < 60 * MIB


def test_children_that_were_waited_for_count(tmp_path):
    alone = python(tmp_path, BUSY).cost
    parent = python(tmp_path, CHILD.format(f"bytearray({80 * MIB}); {BUSY}")).cost
    assert parent.cpu > alone.cpu / 2
    assert parent.memory > 80 * MIB


def test_a_process_that_is_killed_has_its_signal_as_exit_code(tmp_path):
    assert python(tmp_path, "import os; os.kill(os.getpid(), 9)").status == -9


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(NotRunError, match="no-such-program"):
        run(Command(("no-such-program",), tmp_path))


def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path):
    sleep = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(NotRunError):
        python(tmp_path, CHILD.format(sleep), timeout=1.0)
    pid = (tmp_path / "pid").read_text()
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True)
    assert state.stdout.strip() in ("", "Z")
