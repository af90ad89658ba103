"""Development containers."""

from tests.tools import rules, sealed, texts, tree, uses

NAME = ".devcontainer/devcontainer.json"
GO = "ghcr.io/devcontainers/features/go:1"


def test_comments_and_strings_that_look_like_them_are_told_apart() -> None:
    text = (
        '{\n\t// "image": "no:1"\n\t/* "image": "no:2" */\n\t"a": "// \\" /*", "image": "a/b:1",\n}'
    )
    assert sealed(NAME, text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_paths_and_caches_are_no_images() -> None:
    text = '{"build": {"dockerfile": "Dockerfile", "cacheFrom": "a/b:1", "args": {"V": "a/b:1"}}}'
    assert texts(NAME, text) == []


def test_a_build_argument_is_an_image_where_a_from_names_it_alone() -> None:
    text = '{"build": {"dockerfile": "Dockerfile", "args": {"B": "a/b:1", "V": "3"}}}'
    around = tree({".devcontainer/Dockerfile": "ARG B=x\nARG V\nFROM $B\nFROM debian:$V\n"})
    assert texts(NAME, text, around) == ["a/b:1"]
    assert "a/b:1@<docker.io/a/b:1>" in sealed(NAME, text, around)


def test_features_in_folders_archives_and_of_old_are_none_of_ours() -> None:
    keys = ("./local", "https://example.com/f.tgz", "docker-in-docker", "${templateOption:x}/y")
    listed = ", ".join(f'"{key}": {{}}' for key in keys)
    assert texts(NAME, f'{{"features": {{{listed}}}}}') == []


def test_a_feature_is_noted_until_a_lock_file_pins_it() -> None:
    text = f'{{"features": {{"{GO}": {{}}}}}}'
    pin = f'{{"resolved": "ghcr.io/devcontainers/features/go@sha256:{"0" * 64}"}}'
    lock = f'{{"features": {{"{GO}": {pin}}}}}'
    around = tree({".devcontainer/devcontainer-lock.json": lock})
    assert rules(NAME, text) == ["unlocked-artifact"]
    assert rules(NAME, text, around) == []
    assert texts(NAME, text, around) == [GO]
    assert sealed(NAME, text) == text


def test_the_lock_file_of_a_hidden_configuration_is_hidden() -> None:
    lock = f'{{"features": {{"{GO}": {{"resolved": "x@sha256:{"0" * 64}"}}}}}}'
    text = f'{{"features": {{"{GO}": {{}}}}}}'
    assert rules(".devcontainer.json", text, tree({".devcontainer-lock.json": lock})) == []
    assert rules(".devcontainer.json", text, tree({"devcontainer-lock.json": lock})) != []


def test_a_broken_lock_file_pins_nothing() -> None:
    text = f'{{"features": {{"{GO}": {{}}}}}}'
    for lock in ("{", b"\xff", "[]", '{"features": []}', f'{{"features": {{"{GO}": 1}}}}'):
        around = tree({".devcontainer/devcontainer-lock.json": lock})
        assert rules(NAME, text, around) == ["unlocked-artifact"]


def test_variables_are_reported_and_left() -> None:
    option = '{"image": "a/b:${templateOption:tag}"}'
    assert rules(NAME, option) == ["unresolvable-reference"]
    [use] = uses(NAME, '{"image": "a/b:${localEnv:TAG:1.2}"}')
    assert use.image is not None
    assert use.image.canonical == "docker.io/a/b:1.2"
    assert sealed(NAME, option) == option
