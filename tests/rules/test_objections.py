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


READ = "ARG BASE=python:3.12\nFROM ${BASE}\nARG BASE\n"


def test_an_argument_that_a_stage_reads_is_not_sealed_by_itself() -> None:
    assert "@<" in sealed("Dockerfile", READ)
    for line in ('RUN test "$BASE" = python:3.12\n', "COPY x /opt/${BASE}/\n"):
        assert sealed("Dockerfile", READ + line) == READ + line
        assert "@<" in sealed("Dockerfile", READ + line, unsafe=True)


TASK_RUN = (
    "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  params:\n    - name: image\n"
    "      default: node:20\n  steps:\n    - image: $(params.image)\n"
)
WORKFLOW = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  arguments:\n    parameters:\n"
    "      - {name: image, value: 'node:20'}\n  templates:\n    - container:\n"
    "        image: '{{workflow.parameters.image}}'\n"
).replace("        image", "          image")


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (TASK_RUN, "      script: test $(params.image) = node:20\n"),
        (WORKFLOW, "          args: ['{{workflow.parameters.image}}-x']\n"),
    ],
)
def test_a_parameter_that_a_script_reads_too_is_not_sealed_by_itself(text: str, other: str) -> None:
    assert "@<" in sealed("a.yaml", text)
    assert sealed("a.yaml", text + other) == text + other


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("values.yaml", "git:\n  repo: org/app\n  tag: v1.2\n"),
        ("values.yaml", "chart: {repository: charts/app, tag: v1}\n"),
        ("values.yaml", "vmImage: a/b:1\nosImage: a/b:1\nhero_image: a/b:1\n"),
        ("roles/x/defaults/main.yml", "lxd_image: ubuntu:22.04\nvm_image: a/b:1\n"),
        ("pod.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: scratch}]}\n"),
        ("a.yaml", 'apiVersion: x.io/v1\nkind: Panel\nspec:\n  image: "mdi:home"\n'),
    ],
)
def test_what_is_fetched_or_drawn_is_no_image(path: str, text: str) -> None:
    assert uses(path, text) == []


def test_an_argument_that_names_what_is_saved_is_not_sealed_by_itself() -> None:
    text = "VERSION 0.8\nARG --global BASE=python:3.12\nweb:\n  FROM $BASE\n"
    assert "@<" in sealed("Earthfile", text)
    assert (
        sealed("Earthfile", f"{text}  SAVE IMAGE me/x:$BASE\n")
        == f"{text}  SAVE IMAGE me/x:$BASE\n"
    )
