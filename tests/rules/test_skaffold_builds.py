"""Names that Skaffold replaces by what it builds are not pulled."""

from tests.tools import texts, tree

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
BUILD = "apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n"


def found(path: str, images: tuple[str, ...], **files: str) -> list[str]:
    pod = POD + "".join(f"    - image: {image}\n" for image in images)
    around = tree({name.replace("__", "/") + ".yaml": text for name, text in files.items()})
    return texts(path, pod, around)


def test_an_artifact_is_no_image_whatever_its_tag() -> None:
    images = ("web", "web:v1", "other:v1", "registry.example.com/web:1")
    build = f"{BUILD}    - image: web\n"
    assert found("k8s/pod.yaml", images, skaffold=build) == [
        "other:v1",
        "registry.example.com/web:1",
    ]
    assert found("pod.yaml", images, skaffold=build) == ["other:v1", "registry.example.com/web:1"]


def test_a_registry_with_a_port_is_no_tag() -> None:
    build = f"{BUILD}    - image: localhost:5000/web\n"
    assert found("pod.yaml", ("localhost:5000/web:1", "localhost:5000/x"), skaffold=build) == [
        "localhost:5000/x"
    ]


def test_a_file_elsewhere_decides_nothing() -> None:
    build = f"{BUILD}    - image: web\n"
    assert found("k8s/pod.yaml", ("web",), other__skaffold=build) == ["web"]
    assert found("k8s/pod.yaml", ("web",), skaffold="not: [skaffold/") == ["web"]


def test_an_artifact_in_the_values_of_a_chart_is_not_pulled_either() -> None:
    around = tree({"skaffold.yaml": f"{BUILD}    - image: web\n"})
    values = "image: web:latest\nsidecar:\n  image: a/b:1\n"
    assert texts("charts/values.yaml", values, around) == ["a/b:1"]
