"""CI services whose steps name their images: Bitbucket, Buildkite, Cloud Build, Drone, Woodpecker."""

from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from tests.tools import KNOWLEDGE, fixed, inspected, problems, rules, sealed, texts, uses

PATHS = {
    ".circleci/config.yml": "jobs: {a: {docker: [{image: %s}]}}\n",
    "azure-pipelines.yml": "trigger: none\ncontainer: %s\nsteps:\n  - script: a\n",
    "bitbucket-pipelines.yml": "image: %s\n",
    ".drone.yml": "kind: pipeline\ntype: docker\nsteps:\n  - image: %s\n",
    ".woodpecker/a.yml": "steps:\n  - image: %s\n",
    "cloudbuild.yaml": "steps:\n  - name: %s\n",
    ".buildkite/a.yml": "steps:\n  - plugins:\n      - docker#v5:\n          image: %s\n",
    "Jenkinsfile": "agent { docker %s }\n",
}


def test_pipes_of_an_account_and_variables_of_pipes_are_no_images() -> None:
    text = (
        "pipelines:\n  default:\n    - step:\n        image: {name: 'a:1'}\n        script:\n"
        "          - pipe: atlassian/x:1.2.3\n            variables: {image: 'no:1'}\n"
        "          - pipe: docker://b:1  # here\ndefinitions: {services: {db: {image: c:1}}}\n"
    )
    assert texts("bitbucket-pipelines.yml", text) == ["a:1", "b:1", "c:1"]


def test_a_default_of_a_custom_pipeline_is_followed() -> None:
    text = (
        "pipelines:\n  custom:\n    a:\n      - variables: [{name: V, default: '22'}]\n"
        "      - step: {image: 'node:$V'}\n      - step: {image: 'node:${W}'}\n"
    )
    assert rules("bitbucket-pipelines.yml", text) == ["mutable-tag", "unresolvable-reference"]


def test_drone_pipelines_on_machines_have_no_images() -> None:
    text = (
        "kind: pipeline\ntype: exec\nsteps: [{image: 'no:1'}]\n---\nkind: secret\nimage: no:2\n"
        "---\nkind: pipeline\ntype: kubernetes\nclone: {depth: 1}\nsteps: [{name: a, image: a:1}]\n"
        "services: [{name: b, image: b:1}]\n---\nkind: signature\nhmac: image\n"
    )
    assert texts(".drone.yml", text) == ["a:1", "b:1"]


def test_the_mappings_of_drone_0_8_are_read_with_their_matrix() -> None:
    text = (
        "pipeline:\n  a: {image: 'golang:${V}'}\nservices: {db: {image: b:1}}\n"
        "matrix: {V: ['1.9', '1.10']}\n"
    )
    assert texts(".drone.yml", text) == ["golang:1.9", "golang:1.10", "b:1"]
    assert sealed(".drone.yml", text) == text.replace("b:1", "b:1@<docker.io/library/b:1>")


def test_each_combination_of_a_woodpecker_matrix_stands_alone() -> None:
    text = (
        "steps:\n  a: {image: '${N}:${V}'}\n  b: {image: '${CI_X##v}'}\nclone: {git: {image: c:1}}\n"
        "matrix: {include: [{N: a, V: 1}, {N: b, V: 2}]}\n"
    )
    names = [use.image.canonical for use in uses(".woodpecker.yml", text) if use.image]
    assert sorted(names) == [
        "docker.io/library/a:1",
        "docker.io/library/b:2",
        "docker.io/library/c:1",
    ]


def test_what_a_cloud_build_makes_is_not_pulled() -> None:
    text = (
        "steps:\n  - name: gcr.io/cloud-builders/docker\n"
        "    args: [build, -t, 'gcr.io/$PROJECT_ID/a', --tag=x:1, .]\n"
        "  - name: 'gcr.io/${PROJECT_ID}/a:latest'\n  - name: x:1\n  - name: gcr.io/$PROJECT_ID/b\n"
        "  - name: gcr.io/$PROJECT_ID/c\nimages: ['gcr.io/$PROJECT_ID/b']\ntags: [t]\n"
    )
    assert texts("cloudbuild.yaml", text) == [
        "gcr.io/cloud-builders/docker",
        "gcr.io/$PROJECT_ID/c",
    ]


def test_options_of_other_commands_name_nothing_that_is_made() -> None:
    text = (
        "steps:\n  - {name: docker:27, args: [run, -d, -t, 'alpine:3']}\n  - {name: 'alpine:3'}\n"
        "  - {name: bash:5, args: [-c, 'docker build -t a:1 . && docker push a:1']}\n  - {name: 'a:1'}\n"
    )
    assert texts("cloudbuild.yml", text) == ["docker:27", "alpine:3", "bash:5"]


def test_a_substitution_that_is_a_step_is_sealed() -> None:
    text = '{"steps": [{"name": "$_I"}, {"name": "a:${_T}"}], "substitutions": {"_I": "b/c:1", "_T": "2"}}'
    assert sealed("ci/cloudbuild.json", text) == text.replace("b/c:1", "b/c:1@<docker.io/b/c:1>")
    assert rules("ci/cloudbuild.json", text) == ["mutable-tag", "mutable-tag"]


def test_machines_and_other_plugins_of_buildkite_are_no_containers() -> None:
    text = (
        "agents: {provider: gcp, image: family/core-ubuntu-2204}\nsteps:\n"
        "  - agents: {image: rhel-9, imageProject: x}\n    plugins:\n"
        "      - docker-compose#v5: {image: no:1, image-repository: no:2}\n"
        "      - docker-login#v3\n"
    )
    assert texts(".buildkite/pipeline.yml", text) == []


def test_a_template_of_a_pipeline_shows_its_images_line_by_line() -> None:
    text = "steps:\n{{ if .a }}\n  - image: a:1\n{{ else }}\n - image: b:1\n   agents:\n     image: family/core\n{{ end }}\n"
    assert texts(".buildkite/a.tpl.yml", text) == ["a:1", "b:1"]
    assert sealed(".buildkite/a.tpl.yml", text) == text
    assert not problems(".buildkite/a.tpl.yml", text)
    assert problems(".buildkite/a.yml", "steps:\n  - image: a:1\n - b\n")


def test_a_list_of_steps_is_a_pipeline_of_buildkite() -> None:
    text = "- label: t\n  image: golang:1.24\n- plugins: [{docker#v5: {image: a:1}}]\n"
    assert texts(".buildkite/t.yml", text) == ["golang:1.24", "a:1"]
    assert texts(".buildkite/t.yml", "- image\n- [image]\n") == []


def test_images_of_buildkite_are_found_in_each_spelling() -> None:
    text = (
        "env: {IMG: 'a/b:1'}\nimage: $IMG\nsteps:\n  - group: g\n    steps:\n"
        "      - plugins: {docker: {image: '${X:-c:1}'}}\n"
        "        agents: {provider: k8s, image: e:1}\n"
        "  - plugins:\n      - ssh://git@x/docker-buildkite-plugin.git#v1: {image: d:1}\n"
        "      - kubernetes: {podSpec: {containers: [{image: f:1}]}}\n"
        "      - docker#v5: {image: $$LATER}\n"
    )
    assert texts(".buildkite/pipeline.yml", text) == [
        "a/b:1",
        "${X:-c:1}",
        "e:1",
        "d:1",
        "f:1",
        "$$LATER",
    ]
    assert sealed(".buildkite/pipeline.yml", text).count("@<") == 5


REFERENCE = st.sampled_from(["nginx", "a/b:1", "ghcr.io/a/é:1", "$X", "${Y:-a:1}", "<< p >>", "''"])


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(PATHS)), REFERENCE, st.sampled_from(["'%s'", '"%s"']))
def test_a_second_fix_and_line_ends_change_nothing(path: str, text: str, quote: str) -> None:
    data = PATHS[path] % (quote % text)
    once = fixed(path, data)
    assert fixed(path, once) == once
    assert texts(path, data.replace("\n", "\r\n")) == texts(path, data)
    assert texts(path, b"\xef\xbb\xbf" + data.encode()) == texts(path, data)
    if not any(f.fix_safety == "safe" for f in judge(KNOWLEDGE, inspected(path, data))):
        assert once == data.encode()


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(sorted(PATHS)), st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_no_content_ends_in_an_exception(path: str, content: bytes | str) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    for candidate in (data, (PATHS[path] % "a:1").encode() + data, PATHS[path].encode() + data):
        list(judge(KNOWLEDGE, inspected(path, candidate)))


def test_a_value_that_goes_into_a_text_that_is_no_reference_stays() -> None:
    text = "matrix:\n  A: ['o $A', s]\nsteps:\n  a:\n    image: ${A}\n"
    assert sealed(".woodpecker/a.yml", text) == text
