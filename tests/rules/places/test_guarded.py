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


_MORE = {
    "artifact": (
        ".github/workflows/a.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    strategy: {matrix: {image: [debian, ubuntu]}}\n    container: ${{ matrix.image }}\n    steps:\n      - uses: actions/upload-artifact@v4\n        with: {name: '${{ matrix.image }}'}\n",
    ),
    "dispatch": (
        ".github/workflows/a.yml",
        "on: {workflow_dispatch: {inputs: {image: {type: choice, default: 'node:20', options: ['node:20']}}}}\njobs:\n  a:\n    runs-on: x\n    container: ${{ inputs.image }}\n",
    ),
    "when": (
        ".circleci/config.yml",
        "jobs:\n  j:\n    parameters:\n      image: {type: string, default: 'a:1'}\n    docker: [{image: << parameters.image >>}]\n    steps: [{when: {condition: {equal: ['a:1', << parameters.image >>]}}}]\n",
    ),
    "excl": (
        ".circleci/config.yml",
        "jobs:\n  j:\n    parameters:\n      image: {type: string}\n    docker: [{image: << parameters.image >>}]\nworkflows:\n  w:\n    jobs:\n      - j: {matrix: {parameters: {image: ['a:1', 'b:1']}, exclude: [{image: 'a:1'},{image: 'b:1'}]}}\n",
    ),
    "req": (
        ".circleci/config.yml",
        "jobs:\n  j:\n    parameters:\n      image: {type: string}\n    docker: [{image: << parameters.image >>}]\nworkflows:\n  w:\n    jobs:\n      - j: {matrix: {parameters: {image: ['a:1']}}}\n      - k: {requires: ['j-a:1']}\n",
    ),
    "azvalues": (
        "azure-pipelines.yml",
        "parameters:\n- name: image\n  default: node:20\n  values: [node:20, node:22]\njobs:\n- job: a\n  container: ${{ parameters.image }}\n",
    ),
    "azif": (
        "azure-pipelines.yml",
        "parameters:\n- name: image\n  default: node:20\njobs:\n- job: a\n  container: ${{ parameters.image }}\n  steps:\n  - ${{ if eq(parameters.image,'node:22') }}:\n    - script: x\n",
    ),
    "azvar": (
        "azure-pipelines.yml",
        "variables: {image: 'node:20'}\njobs:\n- job: a\n  container: $(image)\n  condition: eq(variables['image'],'node:22')\n",
    ),
    "bb": (
        "bitbucket-pipelines.yml",
        "pipelines:\n  custom:\n    a:\n      - variables:\n          - name: IMG\n            default: node:20\n            allowed-values: [node:20, node:22]\n      - step:\n          image: $IMG\n          script: [x]\n",
    ),
    "evaluate": (
        ".woodpecker.yml",
        "steps:\n  - name: t\n    image: ${IMG}\n    when: {evaluate: 'IMG == \"x\"'}\nmatrix:\n  IMG:\n    - node:20\n",
    ),
    "drone": (
        ".drone.yml",
        "pipeline:\n  t:\n    image: ${IMG}\n    when: {matrix: {IMG: 'node:*'}}\nmatrix:\n  IMG:\n    - node:20\n",
    ),
    "wscript": (
        ".woodpecker.yml",
        "steps:\n  - name: t\n    image: ${IMG}\n    commands: ['x ${IMG}-x']\nmatrix:\n  IMG:\n    - node:20\n",
    ),
    "bkx": (
        ".buildkite/pipeline.yml",
        "env: {IMG: 'node:20'}\nsteps:\n  - command: 'x $IMG-x'\n    image: $IMG\n",
    ),
    "gl0": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na:\n  image: $IMG\n  script:\n    - '${IMG#*:}'\n",
    ),
    "gl1": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na:\n  image: $IMG\n  script:\n    - 'docker save $IMG'\n",
    ),
    "gl2": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na:\n  image: $IMG\n  script:\n    - 'echo \"$IMG\" | cut'\n",
    ),
    "gl3": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na:\n  image: $IMG\n  script:\n    - 'if [ \"$IMG\" = x ]; then y; fi'\n",
    ),
    "glenvironment": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na:\n  image: $IMG\n  environment: {name: $IMG}\n  script: [x]\n",
    ),
    "glartifacts": (
        ".gitlab-ci.yml",
        "variables: {IMG: 'node:20'}\na:\n  image: $IMG\n  artifacts: {name: $IMG}\n  script: [x]\n",
    ),
    "j0": (
        "Jenkinsfile",
        "def img = 'maven:3.9'\nimg.tokenize(':')\ndocker.image(img).inside { }\n",
    ),
    "j1": (
        "Jenkinsfile",
        "def img = 'maven:3.9'\nimg.equals('maven:3.9')\ndocker.image(img).inside { }\n",
    ),
    "j2": (
        "Jenkinsfile",
        "def img = 'maven:3.9'\nswitch (img) { case 'maven:3.9': break }\ndocker.image(img).inside { }\n",
    ),
    "j3": (
        "Jenkinsfile",
        "def img = 'maven:3.9'\nsh 'docker run ' + img + '-x'\ndocker.image(img).inside { }\n",
    ),
    "jp0": (
        "Jenkinsfile",
        "pipeline {\n  environment { IMAGE = 'node:20' }\n  agent { docker { image \"${IMAGE}\" } }\n  stages { stage('a') { steps { sh 'docker build -t $IMAGE-x .' } } }\n}\n",
    ),
    "jp1": (
        "Jenkinsfile",
        "pipeline {\n  environment { IMAGE = 'node:20' }\n  agent { docker { image \"${IMAGE}\" } }\n  stages { stage('a') { when { environment name:'IMAGE', value:'node:20' } } }\n}\n",
    ),
}


@pytest.mark.parametrize("name", _MORE)
def test_more_that_something_else_reads_is_unsafe_to_seal(name: str) -> None:
    path, text = _MORE[name]
    assert sealed(path, text) == text
    assert sealed(path, text, unsafe=True) != text


@pytest.mark.parametrize("name", ["IMG", "img", "Img"])
def test_a_variable_of_a_workflow_that_a_script_reads_is_unsafe_to_seal(name: str) -> None:
    path = ".github/workflows/a.yml"
    head = (
        f"on: push\nenv: {{{name}: 'node:20'}}\njobs:\n  a:\n    runs-on: x\n    steps:\n"
        "      - uses: docker/setup-qemu-action@v3\n"
        f"        with: {{image: '${{{{ env.{name} }}}}'}}\n"
    )
    assert sealed(path, head) != head
    text = head + f"      - run: x ${name}\n"
    assert sealed(path, text) == text
    assert sealed(path, text, unsafe=True) != text
