"""SARIF, read by Microsoft's validator: the standard's rules and those of GitHub's code scanning."""

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import pytest

from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.report import sarif
from boltseal.source import BOM, Source, Span
from boltseal_rules.knowledge import pages
from tests.reports import findings, report
from tests.tools import tree

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden" / "before"
MULTITOOL = ROOT / ".programs/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"


def need_multitool() -> None:
    """Skip the test without the program; fail it where it must be there."""
    if MULTITOOL.exists():
        return
    here = (platform.system(), platform.machine())
    if os.environ.get("BOLTSEAL_REQUIRE_REGISTRY") == "1" and here == ("Linux", "x86_64"):
        pytest.fail("not installed: Sarif.Multitool")
    pytest.skip("not installed: Sarif.Multitool")


def told(report: Path) -> list[str]:
    """The errors and warnings about a report: the rule that is broken, and where."""
    need_multitool()
    out = report.with_suffix(".out")
    options = ["--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite", "--level", "Error;Warning"]
    done = subprocess.run(
        [MULTITOOL, "validate", report, "-o", out, *options],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert out.exists(), done
    (run,) = json.loads(out.read_bytes())["runs"]  # its exit code is 0 whatever it finds
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"], invocation
    return [f"{it['ruleId']} {it['message'].get('arguments')}" for it in run["results"]]


def document() -> Any:
    """A report with everything in it that there can be, from files of every format."""
    names = sorted(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*") if path.is_file())
    around = tree({name: (GOLDEN / name).read_bytes() for name in names})
    files = [findings(name, (GOLDEN / name).read_bytes(), around) for name in names]
    accepted = [
        it._replace(suppression=Suppression(origin, "[ours](1) {0}", "boltseal.toml:3"))
        for origin in Origin
        for it in files[0]
    ]
    odd = [
        Finding("unparsable-file", Severity.ERROR, "m {0}", "h", Source(path, data), Span(0, 0))
        for path in ("a b/é%#.yaml", "../x", "/x/\udcff", "c:d")
        for data in (b"", BOM, b"\xff\n")
    ]
    summary = report(*files, accepted, odd, bugs=("x.yaml: KeyError",))
    assert sum(bool(record.steps) for record in summary.records) > 5
    assert sum(bool(record.replacements) for record in summary.records) > 50
    assert len(accepted) >= len(Origin)
    return json.loads("\n".join(sarif.document(summary, pages())))


def written(folder: Path, log: Any) -> Path:
    path = folder / "report.sarif"
    path.write_text(json.dumps(log))
    return path


def test_a_report_is_clean(tmp_path: Path) -> None:
    assert told(written(tmp_path, document())) == []


def test_an_empty_report_is_clean(tmp_path: Path) -> None:
    log = json.loads("\n".join(sarif.document(report(), pages())))
    assert told(written(tmp_path, log)) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    log = document()
    log["runs"][0]["results"][0]["ruleIndex"] = 10_000
    assert told(written(tmp_path, log)) != []
