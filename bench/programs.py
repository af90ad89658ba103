"""boltseal, and what it is measured against: bare Python, reading alone, ripgrep."""

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import reader
from bench.contest import BOLTSEAL, Contender
from bench.process import Command, Ran, run

_HEADLINE = re.compile(rb"^\S.*:\d+:\d+: (?:error|warning|note)\[", re.MULTILINE)
BARE, READ, RG = "python -c pass", "read", "rg -c"


def boltseal(folder: Path, *arguments: str) -> Contender:
    """The program as users start it, with a subcommand and its arguments."""
    script = Path(sys.executable).with_name(BOLTSEAL)
    start = (str(script),) if script.exists() else (sys.executable, "-m", BOLTSEAL)
    version = run(Command((*start, "--version"), folder)).output.decode().split()[-1]
    command = Command((*start, *arguments), folder)
    about = f"finds and judges images in every place it knows ({arguments[0]})"
    return Contender(BOLTSEAL, command, about, version, _findings)


def check(folder: Path, *paths: str) -> Contender:
    """``boltseal check`` as a hook calls it, with nothing but paths."""
    return boltseal(folder, "check", *(paths or (".",)))


def bare(folder: Path) -> Contender:
    """An interpreter that starts and ends."""
    return Contender(BARE, Command((sys.executable, "-c", "pass"), folder), "starts and ends")


def read(folder: Path, *paths: str) -> Contender:
    """Reading the files of a folder, or those that are named, and looking for a few words."""
    command = Command((sys.executable, str(reader.__file__), *paths), folder)
    listed = "" if paths else "git ls-files, "
    about = f"{listed}reads YAML, Python and Dockerfiles into one buffer, finds four words"
    return Contender(READ, command, about)


def floors(folder: Path) -> list[Contender]:
    """What a scan of a folder is measured against: bare Python, reading, ripgrep if it is here."""
    return [bare(folder), read(folder), *_rg(folder)]


def _rg(folder: Path) -> Sequence[Contender]:
    program = shutil.which("rg")
    if program is None:
        return []
    globs = [f"--glob=*{end}" for end in reader.NAMES] + ["--glob=*Dockerfile*"]
    command = Command((program, "--count", "--hidden", *globs, "image", "."), folder)
    version = run(Command((program, "--version"), folder)).output.split()[1].decode()
    about = "lines with 'image' in the same files as read, with as many threads as it likes"
    return [Contender(RG, command, about, version)]


def _findings(ran: Ran) -> int | None:
    return len(_HEADLINE.findall(ran.output))
