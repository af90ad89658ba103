"""The guide of ``places/python.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide

GUIDE = Guide(
    "Python source: calls, keywords, constants, defaults and dicts that name images",
    finds=(
        "known calls: Docker SDK, Testcontainers, Airflow, Kubeflow, the Kubernetes client",
        "known calls: Dagster, Prefect, Metaflow, Flyte, Modal, Dagger, hera, Pulumi, AWS CDK",
        "keywords such as `image=`, `base_image=`, `container_image=` with a reference",
        "constants, class attributes and defaults that flow into these, once, where they are set",
        "constants named `IMAGE` with a tag or a registry",
        "defaults of parameters, fields, options and environment variables",
        "dicts that are shaped like a container",
        "manifests in strings, f-strings and `.format`: reported",
        "calls and keywords of `[tool.boltseal.python]`",
    ),
    rewrites=(
        "the literal, also the last of several that stand side by side; only with "
        "`--unsafe-fixes` where the file also compares it, takes it apart or passes it on"
    ),
    passes_over=(
        "pictures, files and MIME types, calls of GUI and drawing packages",
        "disks of virtual machines: `create_vm(image=…)`",
        "what is compared or asserted, docstrings, what a build makes here",
        "files that no parser reads, unless they seem to name an image",
    ),
    examples=(
        Example(
            "jobs.py",
            'import docker\n\nIMAGE = "alpine:3.22"\n'
            'docker.from_env().containers.run(IMAGE, "true")\n',
            f'import docker\n\nIMAGE = "alpine:3.22@{SHOWN_DIGEST}"\n'
            'docker.from_env().containers.run(IMAGE, "true")\n',
        ),
        Example(
            "test_db.py",
            "from testcontainers.postgres import PostgresContainer\n\n"
            'with PostgresContainer("postgres:16") as db:\n    pass\n',
            "from testcontainers.postgres import PostgresContainer\n\n"
            f'with PostgresContainer("postgres:16@{SHOWN_DIGEST}") as db:\n    pass\n',
        ),
    ),
)
