"""What the documents claim, held against the project."""

import re
from pathlib import Path

import pytest

from boltseal import cli, start
from boltseal.tally import EXIT_CODES

ROOT = Path(__file__).parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^(`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)
MODULES = [
    path.stem
    for folder in ("linter/boltseal", "rules/boltseal_rules")
    for path in sorted((ROOT / folder).glob("*.py"))
    if not path.stem.startswith("__")
]
PACKAGES = [
    path.parent.name
    for folder in ("linter/boltseal", "rules/boltseal_rules")
    for path in sorted((ROOT / folder).glob("*/__init__.py"))
]


@pytest.mark.parametrize("module", MODULES)
def test_the_map_names_every_room(module: str) -> None:
    assert re.search(rf"`{module}(?:\.py)?`", ARCHITECTURE)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_names_every_package(package: str) -> None:
    assert f"`{package}/`" in ARCHITECTURE


def test_the_first_screen_is_what_check_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27 AS web\n")
    monkeypatch.chdir(tmp_path)
    assert start.run(["check"]) == 1
    shown = capfd.readouterr().out.partition("\n\n")[0]
    assert f"$ boltseal check\n{shown}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"`boltseal {name} " in readme


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_the_readme_leads_to_every_page(page: Path) -> None:
    index = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Documentation\n")[2]
    assert f"](docs/{page.name})" in index


def test_the_readme_explains_every_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| (\d) \| (.*?)(?:;.*)? \|$", readme, re.MULTILINE)
    assert f"Exit codes: {'; '.join(' '.join(row) for row in said)}." == EXIT_CODES


def test_every_link_of_a_document_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")):
        text = FENCED.sub("", page.read_text(encoding="utf-8"))
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), f"{page}: {link}"
            assert not anchor or anchor in anchors(target), f"{page}: {link}"


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in its address."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", it.lower()).replace(" ", "-") for it in headings}
