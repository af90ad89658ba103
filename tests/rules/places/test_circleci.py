"""CircleCI."""

from tests.tools import rules, sealed, texts, uses

PATH = ".circleci/config.yml"


def test_a_machine_is_no_container() -> None:
    text = "jobs:\n  a:\n    machine:\n      image: ubuntu-2204:2024.05.1\n    docker: {x: y}\n"
    assert texts(PATH, text) == []


def test_a_file_beside_an_orb_needs_containers() -> None:
    assert texts("src/jobs/a.yml", "image: nginx:1.27\ndocker: yes\n") == []
    assert texts("src/executors/a.yml", "docker:\n  - image: nginx:1.27\n") == ["nginx:1.27"]


def test_executors_jobs_orbs_and_anchors_are_found_once() -> None:
    text = (
        "x: &d\n  docker:\n    - image: a:1\n    - &db {image: b:1}\n"
        "executors: {e: {docker: [{image: 'c:1'}]}}\n"
        "orbs: {o: {executors: {e: {docker: [{image: d:1}]}}}}\n"
        "jobs:\n  j: {<<: *d}\n  k: {docker: [*db, {<<: *db, name: x}]}\n"
    )
    assert texts(PATH, text) == ["a:1", "b:1", "c:1", "d:1"]


def test_a_default_that_is_the_whole_image_is_the_use() -> None:
    text = (
        "executors:\n  e:\n    parameters:\n      image: {type: string, default: 'a/b:1'}\n"
        "    docker:\n      - image: << parameters.image >>\n"
    )
    assert [use.route for use in uses(PATH, text)] == ["executors.e.parameters.image.default"]
    assert sealed(PATH, text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_a_tag_with_a_default_is_known_and_not_rewritten() -> None:
    text = (
        "jobs:\n  j:\n    parameters:\n      tag: {type: string, default: '3.12'}\n"
        "    docker:\n      - image: cimg/python:<<parameters.tag>>\n"
    )
    (use,) = uses(PATH, text)
    assert use.image is not None
    assert use.image.canonical == "docker.io/cimg/python:3.12"
    assert sealed(PATH, text) == text


def test_arguments_and_a_matrix_are_followed_through_jobs_and_executors() -> None:
    text = (
        "executors:\n  e:\n    parameters: {image: {type: string}, tag: {type: string}}\n"
        "    docker: [{image: << parameters.image >>}, {image: 'r:<< parameters.tag >>'}]\n"
        "jobs:\n  j:\n    parameters: {v: {type: string}}\n"
        "    executor: {name: e, image: 'x:1', tag: << parameters.v >>}\n"
        "workflows:\n  w:\n    jobs:\n      - j: {v: '1'}\n"
        "      - j: {matrix: {parameters: {v: ['2', 3]}}}\n"
    )
    assert sorted(texts(PATH, text)) == ["r:1", "r:2", "r:3", "x:1"]
    assert sealed(PATH, text) == text.replace("x:1", "x:1@<docker.io/library/x:1>")


def test_a_pipeline_parameter_is_followed() -> None:
    text = (
        "parameters:\n  img: {type: string, default: a/b:1}\n"
        "jobs: {j: {docker: [{image: << pipeline.parameters.img >>}]}}\n"
    )
    assert sealed(PATH, text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_a_default_that_is_also_a_part_of_another_name_stays() -> None:
    text = (
        "parameters:\n  img: {type: string, default: a/b}\n"
        "jobs: {j: {docker: [{image: << pipeline.parameters.img >>},"
        " {image: '<< pipeline.parameters.img >>:1'}]}}\n"
    )
    assert sealed(PATH, text) == text


def test_a_parameter_without_a_value_is_said_to_be_unknown() -> None:
    text = "jobs: {j: {docker: [{image: << parameters.img >>}]}}\n"
    assert rules(PATH, text) == ["unresolvable-reference"]


def test_parameters_that_lead_to_one_another_end() -> None:
    text = (
        "parameters:\n  a: {default: << pipeline.parameters.a >>}\n"
        "jobs: {j: {docker: [{image: << pipeline.parameters.a >>}]}}\n"
    )
    assert rules(PATH, text) == ["unresolvable-reference"]
