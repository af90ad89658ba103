"""The configuration: what it takes, what it refuses, and what places of one's own find."""

import json
import os
import re
import tomllib
from functools import partial
from pathlib import Path

import jsonschema
import pytest

from boltseal import start, toml_table
from boltseal.configuration.configs import Configs, isolated, read
from boltseal.configuration.keys import parse
from boltseal.configuration.policy import required
from boltseal.configuration.settings import Config
from boltseal.engine import inspect, judge
from boltseal.errors import UsageError
from boltseal.source import Source
from boltseal_rules.knowledge import checks, places, refuse_unknown_names
from tests.test_cli import boltseal
from tests.tools import KNOWLEDGE

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
SCHEMA = json.loads((PAGE.parent / "schema" / "boltseal.schema.json").read_text("utf-8"))
SNIPPETS = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def texts(toml: str, path: str, text: str) -> list[str]:
    known = KNOWLEDGE._replace(places=places(parse(tomllib.loads(toml), "boltseal.toml")))
    return [use.text for use in inspect(known, Source(path, text.encode())).uses]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_the_page_shows_is_read(snippet: str) -> None:
    table = tomllib.loads(snippet)
    table = table.get("tool", {}).get("boltseal", table)
    config = parse(table, "boltseal.toml")
    refuse_unknown_names(config, "boltseal.toml")
    assert config != Config()
    assert places(config)
    jsonschema.validate(table, SCHEMA)


def judged(config: Config, path: str, reference: str) -> list[str]:
    """The rules that have something to say of a reference in a file, with what policies require."""
    known = KNOWLEDGE._replace(checks=checks(asked=False, config=config))
    found = inspect(known, Source(path, f"FROM {reference}\n".encode()))
    uses = (use._replace(required=required(config.policy, use, path)) for use in found.uses)
    return [finding.rule for finding in judge(known, found._replace(uses=tuple(uses)))]


def shown(word: str) -> Config:
    """The first configuration on the page that has ``word`` in it."""
    snippet = next(text for text in SNIPPETS if word in text and "tool.boltseal" not in text)
    return parse(tomllib.loads(snippet), "boltseal.toml")


@pytest.mark.parametrize(
    ("word", "path", "reference", "rules"),
    [
        ("team/*", "Dockerfile", "ghcr.io/example/a/b", []),
        ("team/*", "Dockerfile", "registry.example.com/team/app:1", []),
        ("team/*", "Dockerfile", "nginx:1", ["mutable-tag"]),
        ("localhost:5000", "Dockerfile", "nginx:1", ["mutable-tag"]),
        ("localhost:5000", "Dockerfile", "registry.example.com/a:1", []),
        ("localhost:5000", "Dockerfile", "registry.example.com/a", ["implicit-latest"]),
        ("localhost:5000", "Dockerfile", "localhost:5000/a", []),
        ("localhost:5000", "Dockerfile", "ghcr.io/a/b:1", ["mutable-tag"]),
        ("postgres", "tests/Dockerfile", "nginx:1", []),
        ("postgres", "tests/Dockerfile", "postgres:18", ["mutable-tag"]),
        ("postgres", "tests/Dockerfile", "ghcr.io/example/own-db:1", ["mutable-tag"]),
        ("postgres", "Dockerfile", "nginx:1", ["mutable-tag"]),
        ("docker.io/library", "Dockerfile", f"nginx@sha256:{'0' * 64}", []),
        ("docker.io/library", "Dockerfile", f"a/b@sha256:{'0' * 64}", ["untrusted-registry"]),
        (
            "docker.io/library",
            "Dockerfile",
            f"registry.example.com/scratch/a@sha256:{'0' * 64}",
            ["untrusted-registry"],
        ),
    ],
)
def test_what_the_page_says_of_policies_and_registries_holds(
    word: str, path: str, reference: str, rules: list[str]
) -> None:
    assert judged(shown(word), path, reference) == rules


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
        (
            "[[place]]\nname = 'a'\nfiles = ['[a']\nimages = ['a']",
            "place 1: files: '[a': it matches",
        ),
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


@pytest.mark.parametrize("kind", ["Runner", "x.io/Runner", "R*", "x.io/[R]unner"])
@pytest.mark.parametrize("written", ["Runner", '"R\\x75nner"'])
def test_an_object_of_a_kind_is_found_with_no_word_of_images_in_the_file(
    kind: str, written: str
) -> None:
    toml = f"[[place]]\nname = 'own'\nkinds = ['{kind}']\nimages = ['spec.runs']\n"
    text = f"apiVersion: v1\nkind: Other\n---\napiVersion: x.io/v1\nkind: {written}\nspec: {{runs: 'a:1'}}\n"
    assert texts(toml, "a.yaml", text) == ["a:1"]
    assert texts(toml, "a.yaml", text.replace("x.io/v1", "v1")) == ([] if "/" in kind else ["a:1"])


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


COMPOSE = 'disable-places = ["compose"]\n'
PYTHON = 'disable-places = ["python"]\n'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository in a folder that has a configuration of its own, which is the current one."""
    put(tmp_path / "boltseal.toml", PYTHON)
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def test_without_a_file_the_defaults_hold(tree: Path) -> None:
    (tree / "a" / "b").mkdir(parents=True)
    configs = Configs()
    found = configs.of("a/b")
    assert (found.config, found.path, found.folder) == (Config(), "", str(tree.resolve()))
    assert configs.of("") is found
    assert configs.of("a") is found


def test_the_nearest_file_is_read_and_is_the_same_for_all_below_it(tree: Path) -> None:
    put(tree / "pyproject.toml", f"[tool.boltseal]\n{COMPOSE}")
    put(tree / "a" / "b" / "c" / "x", "")
    put(tree / "a" / "b" / "boltseal.toml", PYTHON)
    configs = Configs()
    outer, inner = configs.of("a"), configs.of("a/b/c")
    assert (outer.config.disable_places, outer.path) == (("compose",), "pyproject.toml")
    assert (inner.config.disable_places, inner.path) == (("python",), "a/b/boltseal.toml")
    assert inner.folder == str((tree / "a" / "b").resolve())
    assert outer.keys == {"disable-places"}
    assert configs.of(".") is configs.of("") is configs.of(str(tree)) is outer
    assert configs.of("a/b") is configs.of("a/b/c/..") is inner


def test_a_file_of_its_own_goes_before_pyproject(tree: Path) -> None:
    put(tree / "pyproject.toml", f"[tool.boltseal]\n{COMPOSE}")
    put(tree / "boltseal.toml", "")
    assert Configs().of(".").config == Config()


@pytest.mark.parametrize(
    "text", ["[tool.other]\n", "[[tool]]\na = 1\n", "= [", "# boltseal\n", "tool = 'boltseal'"]
)
def test_a_pyproject_without_a_table_is_passed_over(tree: Path, text: str) -> None:
    put(tree / "boltseal.toml", COMPOSE)
    put(tree / "a" / "pyproject.toml", text)
    assert Configs().of("a").path == "boltseal.toml"


def test_a_pyproject_that_nobody_can_read_is_passed_over(tree: Path) -> None:
    (tree / "pyproject.toml").mkdir()
    (tree / "a").mkdir()
    (tree / "a" / "pyproject.toml").symlink_to("gone")
    assert Configs().of("a").path == ""


def test_each_folder_is_looked_at_once(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree / "boltseal.toml", "")
    folders = [f"a/{n}" for n in range(20)]
    for folder in folders:
        (tree / folder).mkdir(parents=True)
    asked: list[str] = []
    lexists = os.path.lexists

    def noted(path: str) -> bool:
        asked.append(path)
        return lexists(path)

    monkeypatch.setattr(os.path, "lexists", noted)
    configs = Configs()
    for folder in (*folders, *folders):
        for _ in range(3):
            configs.of(folder)
    assert len(asked) == len(set(asked)) == 2 * (20 + 1) + 1  # a, its folders; the root has a file


def test_a_link_to_a_folder_is_that_folder(tree: Path) -> None:
    put(tree / "real" / "boltseal.toml", COMPOSE)
    (tree / "link").symlink_to("real")
    configs = Configs()
    assert configs.of("link") is configs.of("real")
    assert configs.relative(configs.of("link"), "link/a.yaml") == "a.yaml"


def test_a_path_is_relative_to_the_folder_of_its_configuration(tree: Path) -> None:
    put(tree / "a" / "boltseal.toml", "")
    configs = Configs()
    located = configs.of("a/b")
    assert configs.relative(located, "a/b/c.yaml") == "b/c.yaml"
    assert configs.relative(located, str(tree / "a" / "c.yaml")) == "c.yaml"
    assert configs.relative(located, "a/b/../c.yaml") == "c.yaml"
    assert configs.relative(configs.of("."), "a/b/c.yaml") == "a/b/c.yaml"
    assert configs.relative(configs.of("."), "c.yaml") == "c.yaml"
    assert configs.relative(located, "d/c.yaml") == "../d/c.yaml"


def test_a_link_within_the_repository_is_followed(tree: Path) -> None:
    put(tree / "shared.toml", COMPOSE)
    (tree / "a").mkdir()
    (tree / "a" / "boltseal.toml").symlink_to("../shared.toml")
    found = Configs().of("a")
    assert found.config.disable_places == ("compose",)
    assert found.folder == str((tree / "a").resolve())


SECRET = "aws_secret_access_key = 'AKIA'\n"


def test_a_link_out_of_the_repository_is_refused_unread(tree: Path) -> None:
    put(tree.parent / "secrets", SECRET)
    put(tree / ".git" / "config", SECRET)
    for folder, target in (("a", "../../secrets"), ("b", "../.git/config")):
        (tree / folder).mkdir()
        (tree / folder / "boltseal.toml").symlink_to(target)
        with pytest.raises(UsageError) as caught:
            Configs().of(folder)
        assert "leads out of the repository" in str(caught.value)
        assert "aws" not in str(caught.value)


def test_a_pyproject_that_leads_out_of_the_repository_is_passed_over(tree: Path) -> None:
    put(tree.parent / "secrets", f"[tool.boltseal]\n{SECRET}")
    (tree / "pyproject.toml").symlink_to("../secrets")
    assert Configs().of(".").path == ""


def test_outside_a_repository_a_link_stays_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "other.toml", "")
    put(tmp_path / "a" / "b" / "own.toml", COMPOSE)
    monkeypatch.chdir(tmp_path / "a")
    Path("boltseal.toml").symlink_to("b/own.toml")
    assert Configs().of(".").config.disable_places == ("compose",)
    Path("boltseal.toml").unlink()
    Path("boltseal.toml").symlink_to("../other.toml")
    with pytest.raises(UsageError, match="leads out"):
        Configs().of(".")


@pytest.mark.parametrize("target", ["gone", "boltseal.toml", "."])
def test_a_file_of_its_own_that_cannot_be_read_ends_the_run(tree: Path, target: str) -> None:
    Path("boltseal.toml").symlink_to(target)
    with pytest.raises(UsageError, match=r"^boltseal\.toml: "):
        Configs().of(".")


def test_a_file_that_is_given_holds_everywhere(tree: Path) -> None:
    put(tree / "boltseal.toml", "unknown = 1")
    put(tree.parent / "policy.toml", COMPOSE)
    (tree / "link.toml").symlink_to("../policy.toml")
    for path in ("../policy.toml", "link.toml", str(tree.parent / "policy.toml")):
        given = read(path)
        configs = Configs(given)
        assert configs.of(".") is configs.of("a/b") is given
        assert given.config.disable_places == ("compose",)
        assert (given.path, given.folder) == (path, str(tree.resolve()))
        assert configs.relative(given, "a/b.yaml") == "a/b.yaml"
    assert Configs(isolated()).of(".").config == Config()


def test_a_pyproject_that_is_given_must_have_the_table(tree: Path) -> None:
    put(tree / "pyproject.toml", "[tool.other]\n")
    with pytest.raises(UsageError, match=r"no table \[tool\.boltseal\]"):
        read("pyproject.toml")
    put(tree / "pyproject.toml", f"[tool.boltseal]\n{COMPOSE}")
    assert read("pyproject.toml").config.disable_places == ("compose",)


@pytest.mark.parametrize("line", ["{} = 1", "[{}]", "[[ {} ]]", "x = {{ {} = 1 }}"])
@pytest.mark.parametrize("part", ["a", "'a b'", '"a\\"b"'])
def test_a_key_of_very_many_parts_is_refused_unread(
    monkeypatch: pytest.MonkeyPatch, line: str, part: str
) -> None:
    long = line.format(" . ".join([part] * 101))
    monkeypatch.delattr("tomllib.loads")
    with pytest.raises(UsageError, match="a key has more than 100 parts"):
        toml_table.parse(long.encode(), "f")


def test_what_only_looks_like_a_long_key_is_read() -> None:
    globs = ["*.b"] * 200
    text = f"a = {json.dumps(globs)}\n{'k' * 1000} = 1.5\n{'.'.join('b' * 100)} = 1\n"
    assert toml_table.parse(text.encode(), "f")["a"] == globs


def test_a_deep_tree_is_no_deep_recursion(tmp_path: Path) -> None:
    folder = str(tmp_path) + "/a" * 1500  # it need not be there
    assert Configs().of(folder) is not None


def test_files_are_named_from_the_folder_of_the_configuration(tree: Path) -> None:
    put(tree / "sub" / "boltseal.toml", "")
    configs = Configs()
    config = parse(
        {"place": [{"name": "own", "files": ["/p/*.yaml"], "images": ["run"]}]}, "boltseal.toml"
    )
    relative = partial(configs.relative, configs.of("sub"))
    known = KNOWLEDGE._replace(places=places(config, relative))
    source = Source("sub/p/a.yaml", b"run: a:1\n")
    assert [use.text for use in inspect(known, source).uses] == ["a:1"]
    assert inspect(known, Source("p/a.yaml", b"run: a:1\n")).uses == ()


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


def test_what_is_written_for_the_other_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "boltseal.toml").write_text('[tool.boltseal]\nignore = ["mutable-tag"]\n')
    with pytest.raises(UsageError, match=r"\[tool\.boltseal\] is for pyproject\.toml"):
        Configs().of("")


def test_more_walks_through_every_document_than_anybody_needs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, code in ((20, 0), (21, 2)):
        paths = ", ".join(f'"**.k{one}"' for one in range(number))
        row = f'[[place]]\nname = "own"\nfiles = ["*.x"]\nimages = [{paths}]\n'
        (tmp_path / "boltseal.toml").write_text(row)
        assert start.run(["check"]) == code
    assert "more than 20 '**'" in capfd.readouterr().err
