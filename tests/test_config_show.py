"""``config show`` and ``config schema``: what holds, where it is from, and what may be said."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal import start
from boltseal.configuration import keys
from boltseal.configuration.configs import Located
from boltseal.configuration.keys import parse
from boltseal.configuration.settings import Config
from boltseal.report import toml
from boltseal.report.settings import shown, toml_lines
from boltseal.userconfig import VARIABLE, UserFile
from tests.linter.test_keys import EVERYTHING, SCHEMAS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = start.run(["config", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_defaults_are_shown_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "show")
    assert code == 0
    assert text.startswith("# For .: no file\n")
    assert "# select: default: all rules\n" in text
    assert "require-reasons = false  # default: false\n" in text
    assert "# policy: default: a digest\n" in text
    assert "# from" not in text.replace("# from a", "")
    assert parse(tomllib.loads(text), "") == Config()


def test_everything_that_a_file_says_is_shown_and_can_be_pasted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text(EVERYTHING)
    code, text = run(capsys, "show", "a/b.yaml")
    assert code == 0
    assert text.startswith("# For a/b.yaml: boltseal.toml\n")
    assert 'select = ["mutable-tag", "implicit-latest"]  # from boltseal.toml\n' in text
    assert "\n[[policy]]  # from boltseal.toml\n" in text
    assert "default" not in text.partition("# Your own file")[0]
    assert tomllib.loads(text) == tomllib.loads(EVERYTHING)


def test_the_file_is_that_of_the_path(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "pyproject.toml").write_text("[tool.boltseal]\npragmas = ['zizmor']\n")
    for path in ("a", "a/Dockerfile"):
        assert 'pragmas = ["zizmor"]  # from a/pyproject.toml\n' in run(capsys, "show", path)[1]
    assert "pragmas = []  # default: none\n" in run(capsys, "show", "Dockerfile")[1]


def test_what_is_typed_is_told_from_what_a_file_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text("disable-places = ['compose']\nignore = []\n")
    text = run(capsys, "show", "--no-place", "python", "--place", "shell")[1]
    both = "from boltseal.toml and the command line"
    assert f'disable-places = ["compose", "python"]  # {both}\n' in text
    assert 'enable-places = ["shell"]  # from the command line\n' in text
    assert "ignore = []  # from boltseal.toml\n" in text


def test_what_is_left_of_what_a_file_says_is_from_both(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text('disable-places = ["compose", "python"]\n')
    assert start.run(["config", "show", "--place=compose"]) == 0
    both = "from boltseal.toml and the command line"
    assert f'disable-places = ["python"]  # {both}\n' in capsys.readouterr().out


def test_what_replaces_what_a_file_says_is_from_the_command_line_alone() -> None:
    own = Located(Config(select=("mutable-tag",)), "boltseal.toml", "/", frozenset({"select"}))
    effective = own.config._replace(select=("implicit-latest",))
    found = shown(".", own, effective, UserFile(Path("/none"), there=False))
    assert 'select = ["implicit-latest"]  # from the command line' in list(toml_lines(found))


def test_the_users_own_file_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        f"# Your own file, {folder.parent}/.config/boltseal/config.toml, which is not there:\n"
        in (run(capsys, "show")[1])
    )
    own = folder.parent / "own.toml"
    own.write_text(
        "[registries]\nallowed = ['*.example.com']\ndeadline = 60\nmirrors = 'first'\n"
        "[registries.token-hosts]\n'a.example.com' = ['b.example.com']\n"
    )
    monkeypatch.setenv(VARIABLE, str(own))
    text = run(capsys, "show")[1].partition("# Your own file")[2]
    assert text.startswith(f", {own}:\n#\n# [registries]\n")
    for line in (
        '# allowed = ["*.example.com"]',
        '# mirrors = "first"',
        "# deadline = 60",
        '# token-hosts = { "a.example.com" = ["b.example.com"] }',
        "# # retries: default: 3",
    ):
        assert f"{line}\n" in text
    user = json.loads(run(capsys, "show", "--format", "json")[1])["user"]
    assert user["exists"]
    assert user["file"] == str(own)
    assert user["registries"]["allowed"] == ["*.example.com"]


def test_json_has_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "boltseal.toml").write_text(EVERYTHING)
    record = json.loads(run(capsys, "show", "--format", "json", "--place", "ansible-variables")[1])
    assert (record["path"], record["file"]) == (".", "boltseal.toml")
    settings = record["settings"]
    assert list(settings) == [key.name for key in keys.CONFIG.keys]
    assert settings["enable-places"]["from"] == ["boltseal.toml", "the command line"]
    values = {name: one["value"] for name, one in settings.items()}
    values["enable-places"] = ["shell"]
    assert values == tomllib.loads(EVERYTHING)
    assert not record["user"]["exists"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ignore = ['mutabletag']", "boltseal.toml: ignore: unknown rule 'mutabletag'"),
        ("[[place]]\nname = 'a'\nkinds = ['b']\nimages = ['c..d']", "boltseal.toml: place 'a': "),
        ("python.calls = ['a b']", "boltseal.toml: python.calls: "),
    ],
)
def test_what_is_wrong_ends_it(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (folder / "boltseal.toml").write_text(text)
    code, shown = run(capsys, "show")
    assert code == 2
    assert shown.startswith(f"boltseal: {said}")


def test_what_a_tree_says_does_not_reach_the_terminal_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = folder / "a\x1b[31m\u202e"
    evil.mkdir()
    (evil / "boltseal.toml").write_text('exclude = ["\\u001b2J\\u202e\\U000e0001\\u007f"]')
    text = run(capsys, "show", str(evil.relative_to(folder)))[1]
    assert all(line.isprintable() for line in text.splitlines())
    assert tomllib.loads(text)["exclude"] == ["\x1b2J\u202e\U000e0001\x7f"]


@pytest.mark.parametrize(("option", "name"), [((), "boltseal"), (("--user",), "user-config")])
def test_the_schemas_are_printed(
    capsys: pytest.CaptureFixture[str], option: tuple[str, ...], name: str
) -> None:
    code, text = run(capsys, "schema", *option)
    assert code == 0
    assert text == (SCHEMAS / f"{name}.schema.json").read_text("utf-8")


VALUES = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
)


@given(VALUES)
def test_any_value_is_read_back_from_its_toml(value: object) -> None:
    text = toml.value(value)
    assert text.isprintable()
    assert tomllib.loads(f"a = {text}") == {"a": value}
