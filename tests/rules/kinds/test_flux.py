"""Objects of Flux."""

from tests.tools import rules, sealed, texts, uses

SOURCE = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec:\n"


def test_objects_that_look_for_tags_are_no_uses() -> None:
    text = (
        "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nspec: {image: a/b}\n---\n"
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\n"
        "spec: {type: oci, url: 'oci://registry.example.com/charts'}\n"
    )
    assert texts("flux.yaml", text) == []


def test_an_artifact_gets_its_digest_behind_the_tag() -> None:
    text = f"{SOURCE}  url: oci://registry.example.com/a/b\n  ref:\n    tag: 1.2.3 # c\n"
    (use,) = uses("s.yaml", text)
    assert use.artifact
    assert sealed("s.yaml", text) == f"{text}    digest: <registry.example.com/a/b:1.2.3>\n"


def test_a_digest_wins_over_a_range() -> None:
    digest = "sha256:" + "0" * 64
    ref = f"  ref: {{semver: 1.x, digest: '{digest}'}}\n"
    assert rules("s.yaml", f"{SOURCE}  url: oci://r.example.com/a\n{ref}") == []


def test_a_range_is_a_note_and_nothing_means_latest() -> None:
    url = f"{SOURCE}  url: oci://registry.example.com/a/b\n"
    assert rules("s.yaml", f"{url}  ref:\n    semver: '>=1'\n") == ["unresolvable-reference"]
    assert rules("s.yaml", url) == ["implicit-latest"]
    assert sealed("s.yaml", url) == url
    assert rules("s.yaml", f"{SOURCE}  url: 'oci://${{HOST}}/b'\n") == ["unresolvable-reference"]
    assert texts("s.yaml", SOURCE) == []


def test_where_its_automation_moves_the_tag_the_fix_is_unsafe() -> None:
    text = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  images:\n"
        '  - name: a/b\n    newTag: 1.0.0 # {"$imagepolicy": "flux-system:a:tag"}\n'
        "  - name: c/d\n    newTag: 1.0.0\n"
    )
    mark = '"flux-system:a:tag"}\n'
    after = text.replace(mark, f"{mark}    digest: <docker.io/a/b:1.0.0>\n")
    other = "    digest: <docker.io/c/d:1.0.0>\n"
    assert sealed("ks.yaml", text) == text + other
    assert sealed("ks.yaml", text, unsafe=True) == after + other


def test_a_release_names_images_in_values_renderers_and_patches() -> None:
    text = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n"
        "    image: {repository: a/b, tag: v1}\n  postRenderers:\n  - kustomize:\n"
        "      images: [{name: x, newName: c/d, newTag: v2}]\n      patches:\n"
        "      - patch: |\n          - op: replace\n            path: /spec/x/image\n"
        "            value: e/f:3\n"
    )
    assert texts("r.yaml", text) == ["a/b:v1", "c/d:v2", "e/f:3"]
    after = text.replace("newTag: v2", "newTag: v2, digest: <docker.io/c/d:v2>")
    assert sealed("r.yaml", text) == after.replace("e/f:3", "e/f:3@<docker.io/e/f:3>")


def test_a_text_that_is_no_yaml_is_reported_beside_what_is_found() -> None:
    text = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  patches:\n"
        "  - patch: |\n      image: [\n---\n"
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1'}]}\n"
    )
    assert sorted(rules("ks.yaml", text)) == ["mutable-tag", "unparsable-file"]
