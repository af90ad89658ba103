"""A fix is unsafe where what reads the reference may not take a digest, and the finding says why."""

import pytest

from boltseal.use import Whole
from tests.tools import sealed, uses

TASK = (
    'job "j" {\n  group "g" {\n    task "t" {\n      driver = "podman"\n      config {\n'
    '        image = "nginx:1.27"\n      }\n    }\n  }\n}\n'
)
UNIT = "[Container]\nImage=docker.io/library/nginx:1.27\n"
VOLUME = (
    "apiVersion: cdi.kubevirt.io/v1beta1\nkind: DataVolume\nspec:\n  source:\n    registry:\n"
    "      url: docker://quay.io/a/b:1\n"
)
CASES = [
    ("web.nomad", TASK, "podman driver"),
    ("web.container", UNIT + "AutoUpdate=registry\n", "automatic updates"),
    ("web.container", UNIT + "Label=io.containers.autoupdate=registry\n", "automatic updates"),
    ("web.container", UNIT.replace("docker.io", "docker://docker.io"), "no tag beside a digest"),
    ("volume.yaml", VOLUME, "no tag beside a digest"),
    (
        "main.tf",
        'resource "aws_lambda_function" "f" {\n  image_uri = "registry.example.com/f:1"\n}\n',
        "Lambda",
    ),
    (
        "main.tf",
        'data "docker_registry_image" "i" {\n  name = "nginx:1.27"\n}\n',
        "look the digest up",
    ),
]


@pytest.mark.parametrize(("path", "text", "reason"), CASES)
def test_a_reader_that_takes_no_digest_makes_the_fix_unsafe(
    path: str, text: str, reason: str
) -> None:
    (use,) = uses(path, text)
    assert isinstance(use.spelling, Whole)
    assert reason in use.spelling.objection
    assert sealed(path, text) == text
    assert "@<" in sealed(path, text, unsafe=True)


VARIABLE = (
    'variable "image" {\n  default = "nginx:1.27"\n}\n'
    'resource "docker_container" "c" {\n  image = var.image\n}\n'
)


@pytest.mark.parametrize(
    "other",
    [
        'output "v" {\n  value = split(":", var.image)[1]\n}\n',
        'output "v" {\n  value = replace(var.image, ":", "-")\n}\n',
        'output "v" {\n  value = var.image == "nginx:1.27"\n}\n',
        'output "v" {\n  value = join("", [var.image, "-alpine"])\n}\n',
        'output "v" {\n  value = format("%s-alpine", var.image)\n}\n',
        'output "v" {\n  value = local.m[var.image]\n}\n',
        'output "v" {\n  value = regex("^nginx:", var.image)\n}\n',
        'output "v" {\n  value = "${var.image}-alpine"\n}\n',
    ],
)
def test_a_variable_of_terraform_that_is_read_as_text_is_not_sealed(other: str) -> None:
    assert "@<" in sealed("main.tf", VARIABLE)
    assert sealed("main.tf", VARIABLE + other) == VARIABLE + other
