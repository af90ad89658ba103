"""Azure Pipelines."""

from tests.tools import rules, sealed, texts, tree, uses

PATH = "azure-pipelines.yml"


def test_machines_aliases_and_tasks_name_no_image() -> None:
    text = (
        "trigger: [main]\nresources:\n  containers:\n    - container: u\n      image: a:1\n"
        "jobs:\n  - job: a\n    pool: {vmImage: ubuntu-24.04, image: b:1}\n    container: U\n"
        "    services: {db: u}\n    steps:\n      - task: Docker@2\n"
        "        inputs: {container: c:1, repository: d, tags: e}\n"
    )
    assert texts(PATH, text) == ["a:1"]


def test_other_files_with_jobs_are_none_of_these() -> None:
    assert texts("a.yml", "jobs:\n  a:\n    container: a:1\n") == []
    assert texts("a.yml", "steps:\n  - name: a\n    container: a:1\n") == []
    assert texts("a.yml", "apiVersion: v1\nsteps:\n  - script: a\ncontainer: a:1\n") == []


def test_a_bare_word_may_name_a_resource_of_another_file() -> None:
    text = "jobs:\n  - job: a\n    container: ubuntu\n"
    assert texts(PATH, text) == []
    assert texts(PATH, f"trigger: [main]\n{text}") == ["ubuntu"]


def test_a_file_of_another_name_is_known_by_its_shape() -> None:
    text = "jobs:\n  - job: a\n    container: {image: 'a:1', options: x}\n    services: {b: b:1}\n"
    assert texts("eng/templates/a.yml", text) == ["a:1", "b:1"]


def test_a_matrix_entry_is_the_use() -> None:
    text = (
        "jobs:\n  - job: a\n    strategy: {matrix: {x: {img: 'a/b:1'}, y: {img: 'a/c:1'}}}\n"
        "    container: $[variables['img']]\n"
        "  - job: b\n    strategy: {matrix: {x: {img: 'no:1'}}}\n"
    )
    after = text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
    assert sealed(PATH, text) == after.replace("a/c:1", "a/c:1@<docker.io/a/c:1>")
    assert len(uses(PATH, text)) == 2


def test_parameters_and_variables_are_followed() -> None:
    text = (
        "parameters:\n  - name: img\n    default: a/b:1\nvariables:\n  - name: tag\n    value: '2'\n"
        "resources:\n  containers:\n    - container: x\n      image: ${{ parameters.img }}\n"
        "    - container: y\n      image: c:$(tag)\n    - container: z\n      image: d:$(other)\n"
        "    - container: w\n      image: ${{ coalesce(parameters.img, 'x') }}\n"
    )
    assert [use.image.canonical if use.image else None for use in uses(PATH, text)] == [
        "docker.io/a/b:1",
        "docker.io/library/c:2",
        None,
        None,
    ]
    assert rules(PATH, text).count("unresolvable-reference") == 2


def test_an_argument_of_a_template_in_the_repository_is_found() -> None:
    template = "parameters: {image: '', other: ''}\njobs:\n  - job: a\n    container: ${{ parameters.image }}\n"
    text = "jobs:\n  - template: t/a.yml\n    parameters: {image: 'a:1', other: 'b:1', c: containers}\n"
    around = tree({"t/a.yml": template, PATH: text})
    assert texts(PATH, text, around) == ["a:1"]
    assert sealed(PATH, text, around) == text.replace("a:1", "a:1@<docker.io/library/a:1>")


def test_an_object_among_parameters_may_hold_a_container() -> None:
    text = (
        "parameters:\n  platform: {name: x, container: 'a/b:1', other: {container: internal}}\n"
        "jobs:\n  - template: t.yml\n    parameters: {platform: '${{ parameters.platform }}'}\n"
    )
    assert texts("eng/jobs.yml", text) == ["a/b:1"]
