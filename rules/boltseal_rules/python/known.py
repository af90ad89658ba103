"""The calls that are known to take an image, and those that the configuration adds."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from boltseal.configuration.settings import PythonNames
from boltseal.errors import UsageError
from boltseal_rules.python.names import snake

_ENTRY = re.compile(r"(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):(?P<slot>\d+|[A-Za-z_]\w*)")
_KEYWORD = re.compile(r"[A-Za-z_]\w*")


class KnownCall(NamedTuple):
    """A call: the end of the dotted name of what is called, and the argument that is an image.

    ``packages`` are those of which a file must import one; without them the name is enough.
    """

    name: tuple[str, ...]
    slot: int | str
    packages: frozenset[str] = frozenset()


# Package or packages with '|', then what is called with the positions or keywords of its images.
_DOCKER = "docker|podman|aiodocker|python_on_whales|testcontainers|pytest_docker_tools"
_AIRFLOW = "airflow|astronomer|cosmos"
_ROWS = (
    ("", "containers.run", "0 image"),
    ("", "containers.create", "0 image"),
    (_DOCKER, "images.pull", "0 repository"),
    (_DOCKER, "images.get_registry_data", "0 name"),
    (_DOCKER, "services.create", "0 image"),
    (_DOCKER, "create_container", "0 image"),
    (_DOCKER, "create_container_from_config", "image"),
    (_DOCKER, "APIClient.pull", "0 repository"),
    (_DOCKER, "DockerClient.run", "0 image"),
    (_DOCKER, "DockerClient.create", "0 image"),
    (_DOCKER, "DockerClient.pull", "0"),
    (_DOCKER, "docker.run", "0 image"),
    (_DOCKER, "docker.pull", "0"),
    (_DOCKER, "inspect_distribution", "0 image"),
    (_DOCKER, "ContainerSpec", "0 image"),
    ("pytest_docker_tools", "fetch", "repository"),
    (_AIRFLOW, "KubernetesPodOperator", "image"),
    (_AIRFLOW, "GKEStartPodOperator", "image"),
    (_AIRFLOW, "GKEPodOperator", "image"),
    (_AIRFLOW, "EksPodOperator", "image"),
    (_AIRFLOW, "DockerOperator", "image"),
    (_AIRFLOW, "DockerSwarmOperator", "image"),
    (_AIRFLOW, "KubernetesJobOperator", "image"),
    (_AIRFLOW, "AzureContainerInstancesOperator", "image"),
    (_AIRFLOW, "task.docker", "image"),
    (_AIRFLOW, "task.kubernetes", "image"),
    (_AIRFLOW, "task.kubernetes_cmd", "image"),
    ("kfp", "ContainerOp", "1 image"),
    ("kfp", "ContainerSpec", "0 image"),
    ("kfp", "Sidecar", "1 image"),
    ("kfp", "UserContainer", "1 image"),
    ("kfp", "component", "base_image"),
    ("kfp", "create_component_from_func", "base_image"),
    ("kfp", "func_to_container_op", "base_image"),
    ("kfp", "add_init_container", "image"),
    ("", "V1Container", "0 image"),
    ("", "V1EphemeralContainer", "image"),
    ("", "V1InitContainer", "image"),
    ("hera", "Container", "image"),
    ("hera", "Script", "image"),
    ("hera", "script", "image"),
    ("hera", "Sidecar", "image"),
    ("hera", "UserContainer", "image"),
    ("hera", "ContainerNode", "image"),
    ("hera", "Task", "image"),
    ("dagster_docker|dagster_k8s|dagster", "execute_docker_container", "image"),
    ("dagster_docker|dagster_k8s|dagster", "execute_k8s_job", "image"),
    ("dagster_docker|dagster_k8s|dagster", "PipesDockerClient.run", "image"),
    ("dagster_docker|dagster_k8s|dagster", "PipesK8sClient.run", "image"),
    ("prefect|prefect_kubernetes|prefect_docker", "KubernetesJob", "image"),
    ("prefect|prefect_kubernetes|prefect_docker", "KubernetesRun", "image"),
    ("prefect|prefect_kubernetes|prefect_docker", "DockerRun", "image"),
    ("prefect|prefect_kubernetes|prefect_docker", "DockerContainer", "image"),
    ("prefect_docker", "create_docker_container", "image"),
    ("prefect_docker", "pull_docker_image", "repository"),
    ("metaflow", "kubernetes", "image"),
    ("metaflow", "batch", "image"),
    ("flytekit|flyte|union", "ImageSpec", "base_image"),
    ("flytekit|flyte|union", "ContainerTask", "image"),
    ("flytekit|flyte|union", "task", "container_image"),
    ("flytekit|flyte|union", "Image.from_base", "0"),
    ("modal", "from_registry", "0 tag"),
    ("modal", "from_dockerhub", "0 tag"),
    ("modal", "from_aws_ecr", "0 tag"),
    ("modal", "from_gcp_artifact_registry", "0 tag"),
    ("dagger", "from_", "0 address"),
    ("aws_cdk", "ContainerImage.from_registry", "0"),
    ("aws_cdk", "DockerImage.from_registry", "0 image"),
    ("aws_cdk", "from_docker_registry", "0 name"),
    ("aws_cdk", "add_container", "image"),
    ("pulumi_docker", "RemoteImage", "name"),
    ("pulumi_docker", "get_registry_image", "name"),
    ("pulumi_docker", "Container", "image"),
    ("cdk8s|cdk8s_plus|imports", "ContainerProps", "image"),
    ("cdk8s|cdk8s_plus|imports", "Container", "image"),
    ("sky", "Resources", "image_id"),
    ("snakemake", "container", "0"),
)
# Whatever is called so in a file that imports the package names no image that is pulled: it is
# what a build makes, or what a test puts in place of a container.
_MADE_HERE = frozenset(
    {"build", "push", "Mock", "MagicMock", "AsyncMock", "call", "patch", "tag", "add_tag", "commit"}
)
_OUTPUTS = frozenset({"pulumi_docker.Image", "docker_build.Image", "pulumi_docker_build.Image"})
_ENGINES = frozenset({"docker", "podman", "container", "containers", "pod", "kubernetes", "k8s"})
_MACHINE = re.compile(r"(?:\w*_)?(?:vm|droplet|server|instance|node_pool)s?(?:_\w+)?")
_MACHINES = re.compile(r"(?:\w*_)?(?:vm|droplet|server|instance|node_pool)s")
_FUNCTIONS = frozenset({"Function", "create_function", "update_function_code"})


def known_calls() -> tuple[KnownCall, ...]:
    """The calls that are known by themselves."""
    return tuple(
        KnownCall(
            tuple(name.split(".")),
            int(slot) if slot.isdigit() else slot,
            frozenset(package for package in packages.split("|") if package),
        )
        for packages, name, slots in _ROWS
        for slot in slots.split()
    )


class Names:
    """What is known by name: the calls of the table with those of the configuration."""

    def __init__(self, calls: Iterable[KnownCall], keywords: frozenset[str]) -> None:
        self.keywords = keywords
        self._calls: dict[str, list[KnownCall]] = {}
        for call in calls:
            self._calls.setdefault(call.name[-1], []).append(call)

    def may_know(self, name: str) -> bool:
        """Whether any known call ends with ``name``, whatever stands before it."""
        return name in self._calls

    def slots(self, callee: tuple[str, ...], packages: AbstractSet[str]) -> tuple[int | str, ...]:
        """The arguments that are images in a call of ``callee`` in a file with these imports."""
        return tuple(
            call.slot
            for call in self._calls.get(callee[-1] if callee else "", ())
            if callee[-len(call.name) :] == call.name
            and (not call.packages or not call.packages.isdisjoint(packages))
        )


@lru_cache(maxsize=4)
def names(added: PythonNames | None = None) -> Names:
    """The known names with those of a configuration. Raises UsageError for an entry it cannot read."""
    added = added or PythonNames()
    calls = [*known_calls(), *(_entry(text) for text in added.calls)]
    for keyword in added.keywords:
        if not _KEYWORD.fullmatch(keyword):
            raise UsageError(f"python.keywords: {keyword!r} is not the name of an argument")
    return Names(calls, frozenset(added.keywords))


def _entry(text: str) -> KnownCall:
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise UsageError(
            f"python.calls: {text!r} is not a call; write it as package.function:0 or Class:image"
        )
    slot = match["slot"]
    return KnownCall(tuple(match["name"].split(".")), int(slot) if slot.isdigit() else slot)


def is_made_here(callee: tuple[str, ...]) -> bool:
    """Whether a call names what a build makes, or stands for a container in a test."""
    return bool(callee) and (callee[-1] in _MADE_HERE or ".".join(callee[-2:]) in _OUTPUTS)


def is_assertion(callee: tuple[str, ...]) -> bool:
    """Whether a call compares: ``assertEqual``, ``assert_called_with``."""
    return bool(callee) and callee[-1].lower().startswith(("assert", "called_with"))


def is_container_class(name: str) -> bool:
    """Whether a class is named like those of Testcontainers, which take their image first."""
    return name.endswith("Container") and name[:1].isupper()


def is_machine(callee: tuple[str, ...]) -> bool:
    """Whether a call is about a virtual machine, whose image is a disk: ``create_vm``."""
    words = {word for name in callee for word in snake(name).split("_")}
    if words & _ENGINES:
        return False
    last = snake(callee[-1]) if callee else ""
    owner = snake(callee[-2]) if len(callee) > 1 else ""
    return _MACHINE.fullmatch(last) is not None or _MACHINES.fullmatch(owner) is not None


def objection(callee: tuple[str, ...], keyword: str) -> str:
    """Why a call or a key takes no digest beside a tag; '' if it takes one.

    ElasticSearchContainer of Testcontainers reads the version from what stands behind the last
    colon. AWS Lambda takes a tag or a digest.
    """
    if callee and callee[-1] == "ElasticSearchContainer":
        return "ElasticSearchContainer reads the version from the tag"
    on_lambda = any("lambda" in name.lower() for name in callee) or bool(
        callee and callee[-1] in _FUNCTIONS
    )
    if keyword == "ImageUri" or (snake(keyword) == "image_uri" and on_lambda):
        return "AWS Lambda takes no tag beside a digest"
    return ""
