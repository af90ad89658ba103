"""Quadlet units."""

import pytest

from tests.tools import rules, sealed, texts

HEAD = "[Container]\n"


@pytest.mark.parametrize(
    "image",
    [
        "web.image",
        "web.build",
        "oci:/srv/x:1",
        "docker-archive:/x.tar",
        "dir:/x",
        "localhost/web:1",
        '"localhost/web"',
        "containers-storage:web",
    ],
)
def test_other_units_archives_and_local_images_are_not_pulled(image: str) -> None:
    assert texts("a.container", f"{HEAD}Image={image}\n") == []


def test_the_last_assignment_counts_and_an_empty_one_takes_it_back() -> None:
    assert texts("a.container", f"{HEAD}Image=a:1\nImage=b:1\n") == ["b:1"]
    assert texts("a.container", f"{HEAD}Image=a:1\nImage=\n") == []


def test_comments_and_other_sections_name_nothing() -> None:
    text = "# Image=a:1\n; Image=b:1\n[Unit]\nImage=c:1\n[Container]\nImageTag=d:1\n"
    assert texts("a.container", text) == []
    assert texts("a.build", "[Build]\nImageTag=localhost/x\n") == []


def test_a_file_without_the_sections_is_another_format() -> None:
    assert texts("photo.image", "Image=a:1\n") == []


def test_a_scheme_quotes_and_blanks_stay() -> None:
    text = f"{HEAD}Image = docker://a/b:1 \r\nExec=x\\\n  # Image=no:1\n y\n"
    assert sealed("a.container", text, unsafe=True) == text.replace(
        "a/b:1", "a/b:1@<docker.io/a/b:1>"
    )
    text = f"{HEAD}Image='a/b:1'\n"
    assert sealed("a.container", text, unsafe=True) == text.replace(
        "a/b:1", "a/b:1@<docker.io/a/b:1>"
    )


def test_specifiers_and_variables_are_noted() -> None:
    assert rules("a@.container", f"{HEAD}Image=a/b:%i\n") == ["unresolvable-reference"]
    assert rules("a.container", f"{HEAD}Image=${{IMAGE}}\n") == ["unresolvable-reference"]


def test_volumes_images_and_mounts_are_found() -> None:
    assert texts("a.volume", "[Volume]\nDriver=image\nImage=v:1\n") == ["v:1"]
    assert texts("a.image", "[Image]\nImage=i:1\n") == ["i:1"]
    mounts = "Mount=type=image,source=m:1,dst=/x\nMount=type=bind,source=/y,dst=/y\n"
    assert texts("a.container", HEAD + mounts) == ["m:1"]
    assert texts("x/a.container.d/10-image.conf", f"{HEAD}Image=d:1\n") == ["d:1"]


def test_an_image_over_two_lines_is_reported_and_left() -> None:
    text = f"{HEAD}Image=\\\n  a/b:1\n"
    assert texts("a.container", text) == ["a/b:1"]
    assert sealed("a.container", text) == text
