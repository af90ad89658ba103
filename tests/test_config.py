"""The configuration: what it takes, what it refuses, and what places of one's own find."""

import re
import tomllib
from pathlib import Path

import pytest

from boltseal.config import Configs
from boltseal.engine import inspect
from boltseal.errors import UsageError
from boltseal.keys import parse
from boltseal.settings import Config
from boltseal.source import Source
from boltseal_rules.knowledge import places
from tests.test_cli import boltseal
from tests.tools import KNOWLEDGE

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
SNIPPETS = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def texts(toml: str, path: str, text: str) -> list[str]:
    known = KNOWLEDGE._replace(places=places(parse(tomllib.loads(toml), "boltseal.toml")))
    return [use.text for use in inspect(known, Source(path, text.encode())).uses]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_the_page_shows_is_read(snippet: str) -> None:
    config = parse(tomllib.loads(snippet)["tool"]["boltseal"], "pyproject.toml")
    assert config != Config()
    assert places(config)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("plaices = []", "place"),
        ("place = 1", "array of tables"),
        ("enable-places = 'a'", "array of strings"),
        ("[[place]]\nname = 'a'\nimages = ['a']", "'files' or 'kinds' is missing"),
        ("[[place]]\nname = 'a'\nfiles = ['a']", "'images' or 'not-images' is missing"),
        ("[[place]]\nfiles = ['a']", "'name' is missing"),
        ("[[place]]\nname = 'a'\nfiles = ['a']\nimages = ['a..b']", "cannot be read"),
        ("[[place]]\nname = 'a'\nkinds = ['a']\nimages = ['a[0]']", "cannot be read"),
        ("[[place]]\nname = 'a'\nfiles = ['*a*a*a*a*b']\nimages = ['a']", "'*a*a*a*a*b'"),
        ("[[place]]\nname = 'a'\nfiles = ['**/a/**/b/*c*d']\nimages = ['a']", "more than 3 '*'"),
        ("disable-places = ['helm-value']", "helm-values"),
    ],
)
def test_what_is_wrong_is_named(toml: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        places(parse(tomllib.loads(toml), "boltseal.toml"))


def test_files_are_read_by_the_paths_alone() -> None:
    toml = "[[place]]\nname = 'own'\nfiles = ['p/**']\nimages = ['w[*].run']\n"
    assert texts(toml, "p/a.yaml", "w: [{run: 'a:1', image: 'b:1'}]\n") == ["a:1"]
    assert texts(toml, "q/a.yaml", "w: [{run: 'a:1'}]\n") == []


def test_stars_that_have_no_choice_are_not_counted() -> None:
    toml = "[[place]]\nname = 'own'\nfiles = ['*/*/*/x-*/**/a-*-b.yaml']\nimages = ['run']\n"
    assert texts(toml, "1/2/3/x-4/5/a-6-b.yaml", "run: a:1\n") == ["a:1"]


def test_paths_of_a_kind_add_and_take_away() -> None:
    toml = "[[place]]\nname = 'own'\nkinds = ['x.io/W']\nimages = ['spec.runner']\nnot-images = ['spec.out']\n"
    text = (
        "apiVersion: x.io/v1\nkind: W\nspec: {runner: 'a:1', image: 'b:1', out: {image: 'c:1'}}\n"
    )
    assert texts(toml, "a.yaml", text) == ["a:1", "b:1"]


def test_the_nearest_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.boltseal]\ndisable-places = ['compose']\n")
    (tmp_path / "a").mkdir()
    assert Configs().of(str(tmp_path / "a")).config.disable_places == ("compose",)
    (tmp_path / "a" / "boltseal.toml").write_text("")
    assert Configs().of(str(tmp_path / "a")).config == Config()


def test_a_run_uses_the_configuration_and_refuses_a_bad_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.yaml").write_text("runner: a/b:1\n")
    own = tmp_path / "boltseal.toml"
    own.write_text("[[place]]\nname = 'own'\nfiles = ['a.yaml']\nimages = ['runner']\n")
    assert b"a/b:1 (own, runner)" in boltseal(tmp_path, "list").stdout
    own.write_text("[[place]]\nname = 'own'\nfile = ['a.yaml']\nimages = ['runner']\n")
    done = boltseal(tmp_path, "list")
    assert done.returncode == 2
    assert b"files" in done.stderr
