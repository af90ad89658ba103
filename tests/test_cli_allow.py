"""Which registries may be asked, as users say it."""

from pathlib import Path

import pytest

from boltseal import start


def test_a_registry_that_is_not_allowed_is_not_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM registry.invalid/app:1\n")
    monkeypatch.chdir(tmp_path)
    assert start.run(["fix", "--allow-registry", "*.example.com"]) == 3
    assert "registry.invalid is not among the allowed registries" in capfd.readouterr().out


def test_what_names_no_registry_is_wrong_usage(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert start.run(["fix", "--allow-registry", "https://registry.example.com"]) == 2
    assert "write it without a scheme" in capfd.readouterr().err
