"""Objects of operators: keys of their own, and keys that only look like images."""

import pytest

from tests.tools import sealed, texts, uses


def made(type_: str, body: str) -> str:
    version, _, kind = type_.rpartition("/")
    return f"apiVersion: {version}\nkind: {kind}\n{body}\n"


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        (
            "kafka.strimzi.io/v1beta2/KafkaConnect",
            "spec: {build: {output: {image: 'a.example/b:1'}}}",
        ),
        ("kyverno.io/v1/ClusterPolicy", "spec: {rules: [{validate: {image: 'a.example/b:1'}}]}"),
        ("constraints.gatekeeper.sh/v1beta1/Repos", "spec: {parameters: {image: 'a.example/b:1'}}"),
        (
            "serving.kserve.io/v1beta1/InferenceService",
            "spec: {predictor: {model: {storageUri: 's3://a/b'}}}",
        ),
    ],
)
def test_what_only_looks_like_an_image_is_left_out(type_: str, body: str) -> None:
    assert texts("a.yaml", made(type_, body)) == []


@pytest.mark.parametrize(
    ("type_", "body", "text"),
    [
        ("postgresql.cnpg.io/v1/Cluster", "spec: {imageName: postgres}", "postgres"),
        ("acid.zalan.do/v1/postgresql", "spec: {dockerImage: spilo:1}", "spilo:1"),
        (
            "kubevirt.io/v1/VirtualMachine",
            "spec: {x: {containerDisk: {image: 'r:5000/x'}}}",
            "r:5000/x",
        ),
        (
            "cdi.kubevirt.io/v1beta1/DataVolume",
            "spec: {source: {registry: {url: 'docker://a/b:1'}}}",
            "a/b:1",
        ),
        ("monitoring.coreos.com/v1/Prometheus", "spec: {baseImage: a/p, tag: v2}", "a/p:v2"),
        (
            "nvidia.com/v1/ClusterPolicy",
            "spec: {toolkit: {repository: r.example, image: t, version: v1}}",
            "r.example/t:v1",
        ),
    ],
)
def test_keys_of_an_operator_are_known(type_: str, body: str, text: str) -> None:
    assert texts("a.yaml", made(type_, body)) == [text]


def test_a_package_is_an_artifact() -> None:
    (use,) = uses(
        "a.yaml", made("pkg.crossplane.io/v1/Provider", "spec: {package: 'a.example/p:v1'}")
    )
    assert use.artifact


def test_a_hub_names_no_image_by_itself() -> None:
    (use,) = uses(
        "a.yaml",
        made("install.istio.io/v1alpha1/IstioOperator", "spec: {hub: a.example, tag: '1'}"),
    )
    assert use.reference is None


def test_the_scheme_stays_where_it_is() -> None:
    text = made(
        "cdi.kubevirt.io/v1beta1/DataVolume", "spec: {source: {registry: {url: 'docker://a/b:1'}}}"
    )
    assert sealed("a.yaml", text, unsafe=True) == text.replace("b:1", "b:1@<docker.io/a/b:1>")


def test_an_object_in_a_list_is_read_by_its_kind() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, spec: {imageName: 'a:1'}}\n"
    assert [use.route for use in uses("a.yaml", text)] == ["items[0].spec.imageName"]
