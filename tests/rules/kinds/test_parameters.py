"""Parameters of Tekton and Argo Workflows: a value is a use where an image is filled from it."""

from tests.tools import sealed, texts, uses

TASK = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n"
FLOW = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n"


def known(text: str) -> list[str]:
    return [use.text for use in uses("a.yaml", text) if use.reference]


def test_a_default_that_feeds_no_image_is_none() -> None:
    text = (
        TASK
        + "  params: [{name: image, default: 'a:1'}]\n  steps: [{image: 'b:1', args: [$(params.image)]}]\n"
    )
    assert texts("a.yaml", text) == ["b:1"]


def test_a_default_that_feeds_images_is_sealed_once_where_it_is_written() -> None:
    text = (
        TASK
        + "  params: [{name: i, default: 'a:1'}]\n  steps: [{image: $(params.i)}, {image: '$(params[\"i\"])'}]\n"
    )
    assert known(text) == ["a:1"]
    assert sealed("a.yaml", text) == text.replace("a:1", "a:1@<docker.io/library/a:1>")


def test_a_composed_image_is_judged_and_left() -> None:
    text = TASK + "  params: [{name: v, default: '1'}]\n  steps: [{image: 'a:$(params.v)'}]\n"
    (use,) = uses("a.yaml", text)
    assert use.image
    assert use.image.tag == "1"
    assert sealed("a.yaml", text) == text


def test_a_run_passes_an_image_to_a_task_of_the_same_file() -> None:
    text = TASK + "  params: [{name: i}]\n  steps: [{image: $(params.i)}]\n"
    text += "---\napiVersion: tekton.dev/v1\nkind: TaskRun\nspec: {taskRef: {name: t}, params: [{name: i, value: 'a:1'}]}\n"
    assert known(text) == ["a:1"]


def test_a_bundle_is_an_artifact() -> None:
    text = "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec: {taskRef: {resolver: bundles, params: [{name: bundle, value: 'g.example/a:1'}]}}\n"
    (use,) = uses("a.yaml", text)
    assert use.artifact
    assert use.text == "g.example/a:1"


def test_loop_items_feed_an_image_through_a_parameter() -> None:
    text = FLOW + (
        "  templates:\n  - name: a\n    steps:\n    - - template: b\n        arguments: {parameters: [{name: i, value: '{{item}}'}]}\n"
        "        withItems: ['x:1', 'y:1']\n  - name: b\n    inputs: {parameters: [{name: i}]}\n"
        "    container: {image: '{{inputs.parameters.i}}'}\n"
    )
    assert known(text) == ["x:1", "y:1"]


def test_half_a_reference_is_never_edited_alone() -> None:
    text = FLOW + (
        "  templates:\n  - name: a\n    steps:\n    - - template: b\n        arguments: {parameters: [{name: i, value: '{{item.n}}:{{item.t}}'}]}\n"
        "        withItems: [{n: x, t: v1}]\n  - name: b\n    inputs: {parameters: [{name: i}]}\n"
        "    container: {image: '{{inputs.parameters.i}}'}\n"
    )
    assert known(text) == ["x:v1"]
    assert sealed("a.yaml", text) == text


def test_a_template_that_calls_itself_ends() -> None:
    text = FLOW + (
        "  templates:\n  - name: a\n    inputs: {parameters: [{name: i}]}\n    steps:\n    - - template: a\n"
        "        arguments: {parameters: [{name: i, value: '{{inputs.parameters.i}}'}]}\n    container: {image: '{{inputs.parameters.i}}'}\n"
    )
    assert known(text) == []


def test_many_parameters_and_many_steps_take_linear_time() -> None:
    numbers = range(4000)
    given = "".join(f"  - {{name: p{i}, default: 'a:{i}'}}\n" for i in numbers)
    steps = "".join(
        f"  - {{image: $(params.p{i})}}\n  - {{image: $(params.p0)}}\n" for i in numbers
    )
    found = uses("a.yaml", f"{TASK}  params:\n{given}  steps:\n{steps}")
    assert [use.text for use in found if use.reference] == [f"a:{i}" for i in numbers]
    assert len(next(use for use in found if use.text == "a:0").related) == 4001
