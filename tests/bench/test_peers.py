import json

import pytest
from bench.peers import PEERS
from bench.process import Cost, Ran

from bench import peers

BY_NAME = {peer.name: peer for peer in PEERS}
CHECKOV = {"check_type": "kubernetes", "summary": {"failed": 3}}


def ran(document: object) -> Ran:
    return Ran(Cost(0, 0, 0), 0, json.dumps(document).encode(), b"")


@pytest.mark.parametrize(
    ("name", "document", "findings"),
    [
        ("checkov", CHECKOV, 3),
        ("checkov", [CHECKOV, CHECKOV], 6),
        ("checkov", {"passed": 0, "failed": 0}, 0),
        ("semgrep", {"results": [{}, {}], "errors": []}, 2),
        ("hadolint", [{}, {}], 2),
        ("zizmor", [{}], 1),
    ],
)
def test_findings_are_counted(name, document, findings):
    assert BY_NAME[name].tally(ran(document)) == findings


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_what_cannot_be_read_has_no_count(peer):
    assert peer.tally(Ran(Cost(0, 0, 0), 2, b"error: no", b"")) is None


@pytest.mark.parametrize(
    ("name", "reads", "passes"),
    [
        ("checkov", ["a/pod.yaml", "Dockerfile", "a/x.Dockerfile"], ["a.py", "Dockerfiles.md"]),
        ("semgrep", ["a/pod.yml", "a.py", "Dockerfile.test"], ["a.go"]),
        ("hadolint", ["Dockerfile", "a/Dockerfile"], ["a.yaml"]),
        ("zizmor", [".github/workflows/a.yml", "a/.github/workflows/b.yaml"], ["workflows/a.yml"]),
    ],
)
def test_each_is_given_the_files_that_it_reads(name, reads, passes):
    assert list(filter(BY_NAME[name].reads, [*reads, *passes])) == reads


def test_a_folder_of_environments_comes_before_the_path(tmp_path, monkeypatch):
    program = tmp_path / "zizmor" / "bin" / "zizmor"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho zizmor 7.8.9\n")
    program.chmod(0o755)
    monkeypatch.setenv(peers.PEERS_VARIABLE, str(tmp_path))
    assert peers.find("zizmor") == str(program)
    assert peers.version(str(program)) == "7.8.9"


def test_what_is_nowhere_is_not_found(tmp_path, monkeypatch):
    monkeypatch.setenv(peers.PEERS_VARIABLE, str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert peers.find("zizmor") is None
