"""Earthfiles."""

from tests.tools import rules, sealed, texts, uses


def test_targets_outputs_and_scratch_are_no_images() -> None:
    text = (
        "VERSION 0.8\nIMPORT ./lib AS lib\nFROM +base\nFROM ./dir+x\nFROM github.com/a/b:main+x\n"
        "a:\n  FROM lib+x --A=1\n  FROM scratch\n  FROM DOCKERFILE -f Dockerfile .\n"
        "  COPY (+b/x --y=z) /x\n  SAVE IMAGE app:1\n  BUILD +b\n"
        "  WITH DOCKER --load app:1=+b --load=x:1=+c\n    RUN docker run app:1\n  END\n"
    )
    assert texts("Earthfile", text) == []


def test_images_pulled_are_found() -> None:
    text = (
        "FROM a:1 # a comment\nx:\n  FROM --platform=linux/arm64 b:1\n"
        "  WITH DOCKER --pull c:1 \\\n      # between\n      --pull=d:1\n    RUN x\n  END\n"
        "  DOCKER PULL e:1\n"
    )
    assert texts("Earthfile", text) == ["a:1", "b:1", "c:1", "d:1", "e:1"]
    assert texts("build.earth", text) == ["a:1", "b:1", "c:1", "d:1", "e:1"]


def test_an_argument_that_is_the_whole_is_sealed_once() -> None:
    text = "ARG --global B=a/b:1\nFROM $B\nx:\n  FROM ${B}\n"
    assert [use.route for use in uses("Earthfile", text)] == ["ARG B"]
    assert sealed("Earthfile", text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_an_argument_of_a_target_is_its_own() -> None:
    text = "x:\n  ARG B=a:1\n  FROM $B\ny:\n  FROM $B\nz:\n  ARG B=c:1\n  FROM $B\n"
    assert texts("Earthfile", text) == ["a:1", "$B", "c:1"]


def test_what_a_command_prints_is_not_known() -> None:
    text = "x:\n  ARG T=$(cat version)\n  FROM a:$T\n  LET U=1\n  SET U=2\n  FROM b:$U\n"
    assert rules("Earthfile", text) == ["unresolvable-reference"] * 2


def test_a_target_as_argument_is_no_image() -> None:
    assert texts("Earthfile", "ARG B=+base\nFROM $B\nARG C=./x+base\nFROM $C\n") == []


def test_a_joined_reference_is_known_and_left() -> None:
    text = "ARG V=3.18\nFROM alpine:$V\n"
    assert rules("Earthfile", text) == ["mutable-tag"]
    assert sealed("Earthfile", text) == text


def test_heredocs_of_shells_do_not_hide_what_follows() -> None:
    assert texts("Earthfile", "x:\n  RUN cat <<EOF\n  FROM a:1\n") == ["a:1"]


def test_a_flag_is_no_value_of_the_flag_before_it() -> None:
    text = "x:\n  WITH DOCKER --pull --pull=a:1\n    RUN x\n  END\n"
    assert texts("Earthfile", text) == ["a:1"]
    assert "--pull=a:1@<docker.io/library/a:1>\n" in sealed("Earthfile", text)
