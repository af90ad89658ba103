"""Names that a kustomization in the tree replaces."""

import os
from pathlib import Path

import pytest

from boltseal.source import Source
from boltseal.tree import Trees
from boltseal.use import Opaque
from boltseal_rules.places.kubernetes import find
from tests.tools import MemoryTree, rules, texts, tree, uses


def pod(*images: str) -> str:
    rows = "".join(f"  - image: {image}\n" for image in images)
    return f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{rows}"


def judged(files: dict[str, str], path: str = "base/pod.yaml") -> list[str]:
    return texts(path, files[path], tree(files))


BASE = {"base/kustomization.yaml": "resources: [pod.yaml]\n", "base/pod.yaml": pod("hue", "b:1")}
ENTRY = "images:\n- {name: hue, newTag: v1}\n"


def test_a_manifest_that_no_kustomization_names_is_judged() -> None:
    files = {"kustomization.yaml": f"resources: [other.yaml]\n{ENTRY}", "base/pod.yaml": pod("hue")}
    assert judged(files) == ["hue"]


def test_a_name_that_the_kustomization_of_its_folder_replaces_is_looked_up() -> None:
    files = {**BASE, "base/kustomization.yaml": f"resources: [./pod.yaml]\n{ENTRY}"}
    assert judged(files) == ["b:1"]


def test_a_kustomization_further_up_may_name_the_file() -> None:
    files = {
        "kustomization.yml": f"resources: [base/pod.yaml]\n{ENTRY}",
        "base/pod.yaml": pod("hue:2"),
    }
    assert judged(files) == []


def test_an_overlay_reaches_a_base_through_others() -> None:
    files = {
        **BASE,
        "mid/Kustomization": "bases: [../base/]\n",
        "overlays/prod/kustomization.yaml": f"resources: [../../mid]\n{ENTRY}",
    }
    assert judged(files) == ["b:1"]


def test_a_component_replaces_what_its_user_has() -> None:
    files = {
        **BASE,
        "pins/kustomization.yaml": f"kind: Component\n{ENTRY}",
        "overlay/kustomization.yaml": "resources: [../base]\ncomponents: [../pins]\n",
    }
    assert judged(files) == ["b:1"]


@pytest.mark.parametrize("image", ["docker.io/hue", "hue2", "x/hue", "hue/x:1", "library/hue"])
def test_names_are_compared_letter_by_letter(image: str) -> None:
    files = {
        "base/kustomization.yaml": f"resources: [pod.yaml]\n{ENTRY}",
        "base/pod.yaml": pod(image),
    }
    assert judged(files) == [image]


def test_a_tag_and_a_digest_are_no_part_of_the_name() -> None:
    images = ("hue:1", f"hue@sha256:{'0' * 64}", f"hue:1@sha256:{'0' * 64}", "h:5000/hue:1")
    files = {
        "base/kustomization.yaml": f"resources: [pod.yaml]\n{ENTRY}- {{name: 'h:5000/hue', newTag: a}}\n",
        "base/pod.yaml": pod(*images),
    }
    assert judged(files) == []


def test_what_stands_in_no_container_is_not_replaced() -> None:
    files = {
        "base/kustomization.yaml": f"resources: [pod.yaml]\n{ENTRY}",
        "base/pod.yaml": "apiVersion: x.example.com/v1\nkind: X\nspec:\n  image: hue:1\n",
    }
    assert judged(files) == ["hue:1"]
    files["base/kustomization.yaml"] += "configurations: [images.yaml]\n"
    assert judged(files) == []


def test_an_image_that_is_only_renamed_is_known_by_its_new_name_and_left_alone() -> None:
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\nimages:\n- {name: hue, newName: x.example.com/h}\n",
        "base/pod.yaml": pod("hue:2"),
    }
    (use,) = uses("base/pod.yaml", files["base/pod.yaml"], tree(files))
    assert use.image is not None
    assert use.image.canonical == "x.example.com/h:2"
    assert isinstance(use.spelling, Opaque)
    assert "base/kustomization.yaml" in use.spelling.reason
    (related,) = use.related
    assert related.source is not None
    assert related.source.slice(related.span) == b"x.example.com/h"
    assert rules("base/pod.yaml", files["base/pod.yaml"], tree(files)) == ["mutable-tag"]


def test_a_new_name_is_what_an_overlay_looks_up() -> None:
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml]\nimages:\n- {name: hue, newName: new/hue}\n",
        "base/pod.yaml": pod("hue:2"),
        "over/kustomization.yaml": "resources: [../base]\nimages:\n- {name: new/hue, newTag: v3}\n",
    }
    assert judged(files) == []


def test_a_patch_in_the_text_of_a_kustomization_is_replaced_too() -> None:
    text = (
        f"{ENTRY}patches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    spec:\n"
        "      containers: [{image: hue}, {image: 'b:1'}]\n"
        "- patch: |\n    - {op: replace, path: /spec/containers/0/image, value: 'hue:3'}\n"
    )
    files = {"base/kustomization.yaml": text}
    assert judged(files, "base/kustomization.yaml") == ["hue:v1", "b:1"]


def test_circles_and_paths_that_lead_outside_end() -> None:
    files = {
        "a/kustomization.yaml": "resources: [../b, pod.yaml, ../../../etc, /etc, 'https://x/y']\n",
        "b/kustomization.yaml": "resources: [../a]\ncomponents: [../b, .]\n",
        "a/pod.yaml": pod("hue"),
    }
    assert judged(files, "a/pod.yaml") == ["hue"]


def test_a_kustomization_that_cannot_be_read_replaces_nothing() -> None:
    for text in ("images: [", "resources: {a: b}\nimages: hue\n", "- a\n"):
        assert judged({"base/kustomization.yaml": text, "base/pod.yaml": pod("hue")}) == ["hue"]


class _Counting(MemoryTree):
    walks = 0

    def files(self, folder: str, wants: object) -> list[str]:  # type: ignore[override]
        self.walks += 1
        return list(super().files(folder, wants))  # type: ignore[arg-type]


def test_the_tree_is_walked_once_and_only_for_what_a_kustomization_names() -> None:
    around = _Counting({**BASE, "alone/pod.yaml": pod("hue")})
    for path in ("alone/pod.yaml", "base/pod.yaml", "base/pod.yaml"):
        source = around.read(path)
        assert source is not None
        assert find(source) is not None
    assert around.walks == 1


def test_files_on_disk_are_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**BASE, "prod/kustomization.yaml": f"resources: [../base]\n{ENTRY}"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "prod")
    for path in ("../base/pod.yaml", str(tmp_path / "base" / "pod.yaml")):
        path = path.replace(os.sep, "/")
        data = Path(path).read_bytes()
        found = find(Source(path, data, Trees().of(path)))
        assert found is not None
        assert [use.text for use in found.uses] == ["b:1"]


def test_many_renames_and_many_images_take_linear_time() -> None:
    rows = "".join(f"- {{name: a{i}, newName: a{i + 1}}}\n" for i in range(8000))
    files = {
        "base/kustomization.yaml": f"resources: [pod.yaml]\nimages:\n{rows}",
        "base/pod.yaml": pod(*(f"a{i}" for i in range(8000))),
    }
    found = uses("base/pod.yaml", files["base/pod.yaml"], tree(files))
    assert {use.reference.original for use in found if use.image} == {"a8000"}
