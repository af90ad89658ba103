"""Programs of others that look at images among other things, where they are installed.

None does what boltseal does: each is labelled with what it does, and the ratio is of the time until
a user sees an answer.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.contents import builds
from bench.contest import Contender
from bench.process import Command, Ran, run
from bench.tree import DENSE, Mix

PEERS_VARIABLE = "BENCH_PEERS"
"""Names a folder of virtual environments, each called as the program in it."""
_RULES = Path(__file__).with_name("semgrep-rules.yaml")
_DOCKERFILE = re.compile(r"(?:.+\.)?Dockerfile|Dockerfile[.-].+")
_TIMEOUT = 900.0
_MANY, _FEW = 2000, 300


class Peer(NamedTuple):
    """A program, its arguments, and what it reads.

    ``named`` if it is given names of files; it is given the folder otherwise. ``most`` is how many
    files it is given at most. ``mix`` is of a generated tree that has enough of them.
    """

    name: str
    arguments: tuple[str, ...]
    about: str
    reads: Callable[[str], bool]
    tally: Callable[[Ran], int | None]
    named: bool = False
    most: int = _MANY
    mix: Mix = DENSE


def _is_yaml(path: str) -> bool:
    return path.endswith((".yaml", ".yml"))


def _is_dockerfile(path: str) -> bool:
    return _DOCKERFILE.fullmatch(path.rpartition("/")[2]) is not None


def _is_workflow(path: str) -> bool:
    return _is_yaml(path) and f"/{path}".rpartition("/")[0].endswith("/.github/workflows")


def _rows(ran: Ran) -> int | None:
    return _counted(ran, len)


def _results(ran: Ran) -> int | None:
    return _counted(ran, lambda document: len(document["results"]))


def _failed(ran: Ran) -> int | None:
    return _counted(ran, _failures)


def _failures(document: Any) -> int:
    """The failed checks of checkov: of one report, or of one for each framework."""
    reports = document if isinstance(document, list) else [document]
    return sum(report.get("summary", report)["failed"] for report in reports)


def _counted(ran: Ran, count: Callable[..., int]) -> int | None:
    try:
        return count(json.loads(ran.output))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


PEERS = (
    Peer(
        "checkov",
        (
            *("--framework", "kubernetes", "dockerfile"),
            *("--check", "CKV_K8S_43,CKV_K8S_14,CKV_DOCKER_7"),
            *("--compact", "--quiet", "--skip-download", "--output", "json", "--directory", "."),
        ),
        "3 image checks of Kubernetes and Dockerfiles; builds graphs; no Helm, Compose or CI files",
        lambda path: _is_yaml(path) or _is_dockerfile(path),
        _failed,
    ),
    Peer(
        "semgrep",
        (
            *("scan", "--metrics=off", "--disable-version-check", "--quiet", "--json"),
            *("--no-git-ignore", "--max-target-bytes=0", f"--config={_RULES}", "."),
        ),
        "3 rules for images without a digest, by syntax alone; a general engine, in parallel",
        lambda path: _is_yaml(path) or _is_dockerfile(path) or path.endswith(".py"),
        _results,
    ),
    Peer(
        "hadolint",
        ("--format", "json", "--no-color"),
        "all its rules and ShellCheck on every RUN; tags, not digests; FROM lines only",
        _is_dockerfile,
        _rows,
        named=True,
        most=_FEW,
        mix={builds.dockerfile: 1},
    ),
    Peer(
        "zizmor",
        ("--offline", "--no-progress", "--quiet", "--no-config", "--format", "json"),
        "all its audits of workflows, of which images are one; other files are not read",
        _is_workflow,
        _rows,
        named=True,
        most=_FEW,
        mix={builds.workflow: 1},
    ),
)


def find(name: str) -> str | None:
    """Where a program is: in the folder that `PEERS_VARIABLE` names, or on PATH; None if nowhere."""
    folder = os.environ.get(PEERS_VARIABLE)
    inside = folder and shutil.which(name, path=str(Path(folder) / name / "bin"))
    return inside or shutil.which(name)


def contender(peer: Peer, program: str, folder: Path, paths: list[str], home: Path) -> Contender:
    """A peer, ready to look at the files of a folder.

    In: where the program is; the folder, and the paths in it; an empty folder to be at home in, so
    that nobody's configuration counts.
    """
    named = paths if peer.named else []
    environment = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    command = Command((program, *peer.arguments, *named), folder, environment, timeout=_TIMEOUT)
    return Contender(peer.name, command, peer.about, version(program), peer.tally)


def version(program: str) -> str:
    """What a program says that its version is, '?' if it does not."""
    ran = run(Command((program, "--version"), Path(program).parent))
    found = re.search(rb"\d+(\.\d+)+", ran.output + ran.errors)
    return found[0].decode() if found else "?"
