import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.errors import UsageError
from boltseal.resolve import registriesconf
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.registriesconf import Files, Registries, load, named, usual
from boltseal.resolve.routing import Endpoint, Mirror, Namespace, Pull, Route, route
from boltseal.toml_table import parse as parse_toml
from tests.resolve.mockregistry import reference

WHOLE = """
unqualified-search-registries = ["registry.example.com"]
short-name-mode = "enforcing"
[aliases]
"nginx" = "registry.example.com/nginx"
[[registry]]
prefix = "Example.com/foo/"
location = "internal.example.net/bar"
insecure = true
[[registry.mirror]]
location = "mirror-0.example.net/foo"
[[registry.mirror]]
location = "mirror-1.example.net/foo"
insecure = true
pull-from-mirror = "tag-only"
[[registry]]
location = "registry.example.net"
mirror-by-digest-only = true
[[registry.mirror]]
location = "mirror.example.net"
[[registry]]
prefix = "*.example.org"
blocked = true
"""


def parse(text: str) -> Registries:
    return registriesconf.parse(parse_toml(text.encode(), "a.conf"), "a.conf")


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def blocked(files: Files, text: str = "registry.example.com/app:1") -> str:
    """The file that blocks a reference; '' when none does."""
    asked = reference(text)
    found = route(asked, load(files).namespaces, by_digest=asked.is_pinned)
    return found.reason.rpartition("/")[2] if isinstance(found, Unresolved) else ""


def block(host: str = "registry.example.com", *, flag: bool = True) -> str:
    return f"[[registry]]\nlocation = '{host}'\nblocked = {str(flag).lower()}\n"


def test_every_setting_is_read() -> None:
    assert parse(WHOLE) == Registries(
        (
            Namespace(
                "example.com/foo",
                "a.conf",
                "internal.example.net/bar",
                insecure=True,
                mirrors=(
                    Mirror("mirror-0.example.net/foo"),
                    Mirror("mirror-1.example.net/foo", insecure=True, pull=Pull.TAG_ONLY),
                ),
            ),
            Namespace(
                "registry.example.net",
                "a.conf",
                "registry.example.net",
                mirrors=(Mirror("mirror.example.net", pull=Pull.DIGEST_ONLY),),
            ),
            Namespace("*.example.org", "a.conf", blocked=True),
        )
    )


def test_names_without_a_host_stay_docker_hubs() -> None:
    found = route(reference("nginx:1"), parse(WHOLE).namespaces, by_digest=False)
    assert found == Route(Endpoint(reference("nginx:1")))


@pytest.mark.parametrize("text", ["", "[aliases]\n", "registry = []\n", "[registries.search]\n"])
def test_a_file_may_say_nothing_of_registries(text: str) -> None:
    assert parse(text) == Registries()


def test_the_lists_of_the_retired_format_are_read() -> None:
    text = """
        [registries.search]
        registries = ["registry.example.com"]
        [registries.insecure]
        registries = ["a.example.com", "b.example.com"]
        [registries.block]
        registries = ["b.example.com"]
    """
    assert parse(text).namespaces == (
        Namespace("b.example.com", "a.conf", blocked=True, insecure=True),
        Namespace("a.example.com", "a.conf", insecure=True),
    )


MIRROR = "[[registry]]\nlocation = 'a.example.com'\n[[registry.mirror]]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("registry = 1", "array of tables"),
        ("[registry]", "array of tables"),
        ("[[registry]]", "needs a prefix or a location"),
        ("[[registry]]\nprefix = 1", "needs a prefix or a location"),
        ("[[registry]]\nprefix = 'https://a.example.com'", "without a scheme"),
        ("[[registry]]\nprefix = 'mirror'", "registry's host"),
        ("[[registry]]\nprefix = 'a.*.example.com'", "registry's host"),
        ("[[registry]]\nprefix = '*.example.com:5000'", "before a domain"),
        ("[[registry]]\nprefix = '*.example.com'\nlocation = '*.example.net'", "has no '*'"),
        ("[[registry]]\nprefix = 'a.example.com'\nlocation = 7", "location must be a string"),
        (
            "[[registry]]\nprefix = 'a.example.com'\nblocked = 'yes'",
            "blocked must be true or false",
        ),
        ("[[registry]]\nprefix = 'a.example.com'\npull-from-mirror = 'all'", "at a mirror"),
        (f"{MIRROR}insecure = true", "location must be a string"),
        (f"{MIRROR}location = 'b.example.com'\npull-from-mirror = 'tags'", "all, digest-only"),
        (f"{MIRROR}location = 'b.example.com'\ninsecure = 1", "insecure must be true or false"),
        (
            MIRROR.replace("\n[[registry.", "\nmirror-by-digest-only = true\n[[registry.")
            + "location = 'b.example.com'\npull-from-mirror = 'all'",
            "does not go with",
        ),
        (block("a.example.com") + block("a.example.com", flag=False), "there twice"),
        ("registries = 1", "must be a table"),
        ("[registries.block]\nregistries = 'a.example.com'", "array of strings"),
    ],
)
def test_what_cannot_be_understood_ends_the_run(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert str(caught.value).startswith("a.conf: ")
    assert said in str(caught.value)


def test_a_misspelt_key_is_noted() -> None:
    spaces, warnings = parse("[[registry]]\nprefix = 'a.example.com'\nblock = true\n")
    assert not spaces[0].blocked
    assert warnings == (
        "a.conf: registry 'a.example.com': no effect: unknown key 'block'; did you mean 'blocked'?",
    )


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.conf: No such file"):
        load(named(tmp_path / "none.conf"))


def test_a_file_that_is_named_comes_with_its_folder(tmp_path: Path) -> None:
    main = put(tmp_path / "a.conf", block())
    assert blocked(named(main)) == "a.conf"
    put(tmp_path / "a.conf.d" / "b.conf", block())
    assert blocked(named(main)) == "b.conf"


def test_the_usual_files_need_not_be_there(tmp_path: Path) -> None:
    assert load(usual({}, tmp_path / "home", tmp_path / "etc")) == Registries()


def test_the_users_own_file_takes_the_place_of_the_machines(tmp_path: Path) -> None:
    home, etc = tmp_path / "home", tmp_path / "etc"
    put(etc / "containers/registries.conf", block())
    put(etc / "containers/registries.conf.d/1.conf", block("b.example.com"))
    assert blocked(usual({}, home, etc)) == "registries.conf"
    assert blocked(usual({}, home, etc), "b.example.com/app:1") == "1.conf"
    put(home / ".config/containers/registries.conf", "")
    assert blocked(usual({}, home, etc)) == ""
    assert blocked(usual({}, home, etc), "b.example.com/app:1") == ""


def test_later_files_replace_what_is_said_of_a_prefix(tmp_path: Path) -> None:
    home, etc = tmp_path / "home", tmp_path / "etc"
    put(etc / "containers/registries.conf", block())
    put(etc / "containers/registries.conf.d/10.conf", block(flag=False))
    put(etc / "containers/registries.conf.d/9.conf", block())
    put(etc / "containers/registries.conf.d/ignored.txt", "not TOML")
    assert blocked(usual({}, home, etc)) == "9.conf"
    put(home / ".config/containers/registries.conf.d/1.conf", block(flag=False))
    assert blocked(usual({}, home, etc)) == ""


def test_the_environment_names_the_file_and_the_folder(tmp_path: Path) -> None:
    home, etc = tmp_path / "home", tmp_path / "etc"
    put(etc / "containers/registries.conf.d/1.conf", block())
    own = put(tmp_path / "own.conf", "")
    environment = {"CONTAINERS_REGISTRIES_CONF": str(own)}
    assert blocked(usual(environment, home, etc)) == "1.conf"
    environment["CONTAINERS_REGISTRIES_CONF_DIR"] = str(tmp_path / "none")
    assert blocked(usual(environment, home, etc)) == ""
    own.unlink()
    with pytest.raises(UsageError, match=r"own\.conf: No such file"):
        load(usual(environment, home, etc))


@pytest.mark.parametrize("text", ["[[registry]", "a = '\x00'", "x" * 1_100_000])
def test_a_broken_file_ends_the_run_wherever_it_is(tmp_path: Path, text: str) -> None:
    put(tmp_path / "etc/containers/registries.conf.d/1.conf", text)
    with pytest.raises(UsageError) as caught:
        load(usual({}, tmp_path, tmp_path / "etc"))
    assert "1.conf: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_read_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "containers" / "registries.conf.d").mkdir(parents=True)
    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(UsageError, match=r"registries\.conf\.d: Permission denied"):
        load(usual({}, tmp_path, tmp_path))


values = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["prefix", "location", "mirror", "blocked", "insecure", "block"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["registry", "registries"]), values))
def test_any_document_is_read_or_refused(document: dict[str, object]) -> None:
    with suppress(UsageError):
        found = registriesconf.parse(document, "a.conf")
        route(reference("registry.example.com/app:1"), found.namespaces, by_digest=False)
