"""Fixes of values that something else in the file of a CI service reads too."""

import pytest

from tests.tools import sealed, tree

_GITHUB = (
    "on: push\njobs:\n  a:\n    runs-on: x\n    strategy: {matrix: {image: ['debian:12']}}\n"
    "    container: ${{ matrix.image }}\n    steps:\n"
)
_CASES = {
    "github-if": (
        ".github/workflows/a.yml",
        _GITHUB + '      - run: if [ "${{ matrix.image }}" = "debian:12" ]; then x; fi\n',
    ),
    "github-case": (
        ".github/workflows/a.yml",
        _GITHUB + '      - run: case "${{ matrix.image }}" in a) x;; esac\n',
    ),
    "circleci-enum": (
        ".circleci/config.yml",
        (
            "jobs:\n  j:\n    parameters:\n      image: {type: enum, default: 'a:1', enum: ['a:1']}\n"
            "    docker: [{image: << parameters.image >>}]\n"
        ),
    ),
    "azure-eq": (
        "azure-pipelines.yml",
        (
            "parameters:\n- name: image\n  default: node:20\njobs:\n- job: a\n"
            "  container: ${{ parameters.image }}\n"
            "  condition: ${{ eq(parameters.image, 'node:20') }}\n"
        ),
    ),
    "woodpecker-when": (
        ".woodpecker.yml",
        (
            "steps:\n  - name: t\n    image: ${IMG}\n    when: {matrix: {IMG: 'node:20'}}\n"
            "matrix:\n  IMG:\n    - node:20\n"
        ),
    ),
    "cloud-build": (
        "cloudbuild.yaml",
        "steps:\n  - name: ${_IMG}\n    args: ['${_IMG}-x']\nsubstitutions: {_IMG: 'node:20'}\n",
    ),
    "buildkite-test": (
        ".buildkite/pipeline.yml",
        "env: {IMG: 'node:20'}\nsteps:\n  - command: '[ $IMG = node:20 ]'\n    image: $IMG\n",
    ),
    "gitlab-case": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na: {image: $IMG, script: ['case $IMG in x) y;; esac']}\n",
    ),
    "jenkins-split": (
        "Jenkinsfile",
        "def img = 'maven:3.9'\ndef t = img.split(':')\ndocker.image(img).inside { }\n",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_what_something_else_reads_is_unsafe_to_seal(name: str) -> None:
    path, text = _CASES[name]
    assert sealed(path, text) == text
    assert sealed(path, text, unsafe=True) != text


def test_an_argument_that_a_called_workflow_compares_is_unsafe_to_seal() -> None:
    path, called = ".github/workflows/a.yml", ".github/workflows/b.yml"
    text = (
        "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    with: {image: 'node:20'}\n"
    )
    inner = (
        "on: {workflow_call: {inputs: {image: {type: string}}}}\njobs:\n  a:\n    runs-on: x\n"
        "    container: ${{ inputs.image }}\n"
    )
    assert sealed(path, text, tree({called: inner})) != text
    around = tree({called: inner + "    if: inputs.image == 'node:20'\n"})
    assert sealed(path, text, around) == text
    assert sealed(path, text, around, unsafe=True) != text
