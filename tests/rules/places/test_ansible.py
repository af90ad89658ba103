"""Ansible."""

import pytest

from tests.tools import rules, sealed, texts, tree, uses

TASKS = "roles/web/tasks/main.yml"
DEFAULTS = "roles/web/defaults/main.yml"


def task(module: str, arguments: str) -> str:
    return f"- name: x\n  {module}: {{{arguments}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        task("amazon.aws.ec2_instance", "image: ami-1"),
        task("hetzner.hcloud.server", "image: ubuntu-22.04"),
        task("google.cloud.gcp_compute_instance", "image: a/b:1"),
        task("docker_image", "name: 'a/b:1', source: build, build: {path: x}"),
        task("docker_image", "name: 'a/b:1', source: local"),
        task("docker_image", "name: 'a/b:1', state: absent"),
        task("podman_image", "name: app, path: /x"),
        task("community.docker.docker_image_build", "name: app, path: /x"),
        task("docker_container", "name: x, state: absent, image: 'a/b:1'"),
        "- docker_image: {name: app, tag: '1', source: build}\n- docker_container: {image: 'app:1'}\n",
        task("other.collection.docker_container", "image: 'a/b:1'"),
    ],
)
def test_machines_and_what_is_built_or_removed_are_no_images(text: str) -> None:
    assert texts(TASKS, text) == []


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("docker_container", "name: x, image: 'a/b:1'"),
        ("community.docker.docker_container", "image: 'a/b:1'"),
        ("community.docker.docker_swarm_service", "image: 'a/b:1'"),
        ("community.docker.docker_image", "name: 'a/b:1', source: pull"),
        ("community.docker.docker_image_pull", "name: 'a/b:1'"),
        ("containers.podman.podman_container", "image: 'a/b:1'"),
        ("containers.podman.podman_image", "name: 'a/b:1'"),
        ("containers.podman.podman_pod", "infra_image: 'a/b:1'"),
        ("community.docker.docker_compose_v2", "definition: {services: {x: {image: 'a/b:1'}}}"),
        (
            "kubernetes.core.k8s",
            "definition: {apiVersion: v1, kind: Pod, spec: {containers: [{image: 'a/b:1'}]}}",
        ),
    ],
)
def test_every_module_that_pulls_is_read(module: str, arguments: str) -> None:
    text = task(module, arguments)
    assert sealed(TASKS, text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
    block = f"- hosts: all\n  tasks:\n    - block:\n        - {module}: {{{arguments}}}\n"
    assert texts("site.yml", block) == ["a/b:1"]


def test_a_tag_beside_the_name_stays_and_the_digest_goes_into_the_name() -> None:
    text = task("docker_image", "name: a/b, tag: '1', source: pull")
    after = sealed(TASKS, text)
    assert after == text.replace("a/b", "a/b@<docker.io/a/b:1>")


def test_a_loop_that_is_written_out_is_sealed_there() -> None:
    text = (
        "- docker_image: {name: '{{ item.image }}', source: pull}\n"
        "  loop:\n    - image: a/b:1\n    - image: c/d:1\n"
        "- docker_image: {name: '{{ item }}', source: pull}\n  with_items: [e/f:1]\n"
    )
    assert texts(TASKS, text) == ["a/b:1", "c/d:1", "e/f:1"]
    assert "- image: c/d:1@<docker.io/c/d:1>" in sealed(TASKS, text)


def test_a_default_of_a_role_is_sealed_where_it_is_set() -> None:
    text = task("docker_container", "image: '{{ web_image }}'")
    defaults = "web_image: a/b:1\nweb_other: c/d:1\nweb_port: 80\n"
    around = tree({TASKS: text, DEFAULTS: defaults})
    assert rules(TASKS, text, around) == []
    assert sealed(DEFAULTS, defaults, around) == defaults.replace(
        "a/b:1", "a/b:1@<docker.io/a/b:1>"
    )


def test_a_default_that_a_template_reads_is_an_image_too() -> None:
    template = "services:\n  x:\n    image: {{ web_image }}\n"
    files = {"roles/web/templates/compose.yml.j2": template, DEFAULTS: "web_image: a/b:1\n"}
    assert texts(DEFAULTS, "web_image: a/b:1\n", tree(files)) == ["a/b:1"]


def test_parts_in_variables_are_known_and_left() -> None:
    text = task("docker_container", "image: '{{ web_image }}:{{ web_version }}'")
    defaults = "web_image: a/b\nweb_version: '1.2'\n"
    around = tree({TASKS: text, DEFAULTS: defaults})
    [use] = uses(TASKS, text, around)
    assert use.image is not None
    assert use.image.canonical == "docker.io/a/b:1.2"
    assert [it.source.path for it in use.related if it.source] == [DEFAULTS, DEFAULTS]
    assert rules(TASKS, text, around) == ["mutable-tag"]
    assert texts(DEFAULTS, defaults, around) == []
    assert sealed(TASKS, text, around) == text


def test_a_variable_of_a_play_is_sealed_in_the_play() -> None:
    text = (
        "- hosts: all\n  vars:\n    web: a/b:1\n    port: 80\n  tasks:\n"
        "    - docker_container: {image: '{{ web }}'}\n    - docker_image: {name: '{{ web }}'}\n"
    )
    assert sealed("site.yml", text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_a_default_of_a_filter_is_sealed() -> None:
    text = "- docker_container:\n    image: \"{{ web | default('a/b:1') }}\"\n"
    assert sealed(TASKS, text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_an_unknown_variable_is_noted_once() -> None:
    text = task("docker_container", "image: '{{ web }}'") * 3
    assert rules(TASKS, text) == ["unresolvable-reference"]


def test_variables_that_name_each_other_come_to_an_end() -> None:
    text = task("docker_container", "image: '{{ a }}x'") + task("docker_image", "name: '{{ b }}'")
    defaults = "a: '{{ b }}{{ a }}'\nb: '{{ c }}'\nc: '{{ b }}'\n"
    around = tree({TASKS: text, DEFAULTS: defaults})
    assert rules(TASKS, text, around) == ["unresolvable-reference"]
    assert rules(DEFAULTS, defaults, around) == []


def test_molecule_is_read_where_it_drives_containers() -> None:
    text = "platforms:\n  - {name: x, image: 'a/b:1'}\n"
    assert texts("molecule/default/molecule.yml", f"driver: {{name: docker}}\n{text}") == ["a/b:1"]
    assert texts("molecule/default/molecule.yml", f"driver: {{name: vagrant}}\n{text}") == []


def test_execution_environments_are_read() -> None:
    navigator = "ansible-navigator:\n  execution-environment:\n    image: a/b:1\n"
    assert texts("ansible-navigator.yml", navigator) == ["a/b:1"]
    builder = "version: 3\nimages:\n  base_image:\n    name: a/b:1\n"
    assert texts("execution-environment.yml", builder) == ["a/b:1"]


def test_a_default_that_says_image_and_has_a_tag_is_one_without_a_reader() -> None:
    defaults = "web_image: a/b:1\nvm_image: ubuntu-22.04\nimage: disk.img\nweb_image_tag: x:1\n"
    assert texts(DEFAULTS, defaults) == ["a/b:1"]
    assert sealed(DEFAULTS, defaults) == defaults.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
