"""Kubernetes manifests, with and without images, and the definitions of custom resources."""

from collections.abc import Iterator
from random import Random

from bench.contents.file import File
from bench.words import image, name, sentence

_KINDS = ("Deployment", "StatefulSet", "DaemonSet")


def workload(chance: Random, folder: str) -> Iterator[File]:
    """One object that runs containers."""
    text, images = _workload(chance)
    yield File(f"{folder}/deployment.yaml", text, images)


def bundle(chance: Random, folder: str) -> Iterator[File]:
    """Several objects in one file."""
    made = [_workload(chance) for _ in range(chance.randint(1, 3))]
    others = [_service(chance), _configuration(chance), _role(chance)]
    texts = [*(text for text, _ in made), *others]
    yield File(f"{folder}/bundle.yaml", "---\n".join(texts), sum(images for _, images in made))


def plain(chance: Random, folder: str) -> Iterator[File]:
    """An object that runs nothing."""
    make = chance.choice((_service, _configuration, _role))
    yield File(f"{folder}/{make.__name__.strip('_')}.yaml", make(chance))


def definition(chance: Random, folder: str) -> Iterator[File]:
    """A CustomResourceDefinition of about 240 kB: its schema has properties called image."""
    kind = f"{name(chance)}s"
    lines = [
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n",
        f"  name: {kind}.example.com\nspec:\n  group: example.com\n  scope: Namespaced\n",
        f"  names: {{kind: {kind.title()}, plural: {kind}}}\n  versions:\n  - name: v1\n",
        "    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n",
        "        type: object\n        properties:\n",
    ]
    for number in range(chance.randint(60, 140)):
        lines.append(
            f"          spec{number}:\n            type: object\n            properties:\n"
        )
        lines.extend(_property(chance, key) for key in (*_FIELDS, name(chance)))
    yield File(f"{folder}/crd-{kind}.yaml", "".join(lines))


_FIELDS = ("affinity", "args", "command", "env", "image", "imagePullPolicy", "resources", "volumes")


def _property(chance: Random, key: str) -> str:
    indent = " " * 14
    return (
        f"{indent}{key}:\n{indent}  description: |-\n"
        f"{indent}    {sentence(chance, 12)}\n{indent}    {sentence(chance, 14)}\n"
        f"{indent}  type: string\n"
    )


def _workload(chance: Random) -> tuple[str, int]:
    app = name(chance)
    count = chance.randint(1, 3)
    containers = "".join(_container(chance, f"{app}-{number}") for number in range(count))
    text = (
        f"apiVersion: apps/v1\nkind: {chance.choice(_KINDS)}\n"
        f"metadata:\n  name: {app}\n  labels:\n    app.kubernetes.io/name: {app}\n"
        f"spec:\n  selector:\n    matchLabels: {{app: {app}}}\n"
        f"  template:\n    metadata:\n      labels: {{app: {app}}}\n"
        f"    spec:\n      containers:\n{containers}"
        f"      volumes:\n      - name: data\n        emptyDir: {{}}\n"
    )
    return text, count


def _container(chance: Random, called: str) -> str:
    variables = "".join(
        f'        - name: {name(chance).upper()}_{number}\n          value: "{chance.random():.4f}"\n'
        for number in range(chance.randint(1, 12))
    )
    return (
        f"      - name: {called}\n        image: {image(chance)}\n"
        f"        imagePullPolicy: IfNotPresent\n        env:\n{variables}"
        f"        resources:\n          limits: {{cpu: 500m, memory: 256Mi}}\n"
        f"        ports:\n        - containerPort: {chance.randint(1024, 65535)}\n"
    )


def _service(chance: Random) -> str:
    app = name(chance)
    return (
        f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {app}\nspec:\n"
        f"  selector: {{app: {app}}}\n  ports:\n  - port: {chance.randint(80, 9999)}\n"
    )


def _configuration(chance: Random) -> str:
    values = "".join(
        f"  {name(chance)}.{number}: {sentence(chance, 9)}\n"
        for number in range(chance.randint(3, 40))
    )
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name(chance)}\ndata:\n{values}"


def _role(chance: Random) -> str:
    rules = "".join(
        f"- apiGroups: ['']\n  resources: [{name(chance)}]\n  verbs: [get, list, watch]\n"
        for _ in range(chance.randint(2, 20))
    )
    head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"
    return f"{head}metadata:\n  name: {name(chance)}\nrules:\n{rules}"
