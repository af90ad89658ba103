"""What holds for Tekton, Argo Workflows and operators, whatever is in the objects."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools import fixed, texts

TEXT = st.sampled_from(
    [
        "nginx",
        "a/b:1",
        "$(params.a)",
        "x:$(params.b)",
        "'{{item}}'",
        "'{{inputs.parameters.a}}'",
        "'{{workflow.parameters.b}}'",
        "docker://a/b:1",
        "''",
        "[]",
    ]
)
NAME = st.sampled_from(["a", "b"])


@st.composite
def objects(draw: st.DrawFn) -> str:
    head = draw(
        st.sampled_from(
            [
                "apiVersion: tekton.dev/v1\nkind: Task\n",
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n",
                "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n",
                "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n",
            ]
        )
    )
    rows = [f"{{name: {draw(NAME)}, value: {draw(TEXT)}, default: {draw(TEXT)}}}" for _ in "ab"]
    values = f"[{', '.join(rows)}]"
    step = f"{{template: {draw(NAME)}, arguments: {{parameters: {values}}}, withItems: [{draw(TEXT)}]}}"
    lines = [
        "spec:",
        f"  params: {values}",
        f"  arguments: {{parameters: {values}}}",
        f"  image: {draw(TEXT)}",
        f"  baseImage: {draw(TEXT)}",
        f"  steps: [{{image: {draw(TEXT)}}}]",
        "  templates:",
        f"  - {{name: {draw(NAME)}, inputs: {{parameters: {values}}}, steps: [[{step}]]}}",
        f"  - {{name: {draw(NAME)}, container: {{image: {draw(TEXT)}}}}}",
    ]
    return head + "\n".join(lines) + "\n"


@settings(deadline=None, max_examples=80)
@given(objects(), st.booleans())
def test_a_second_fix_has_nothing_to_do(text: str, unsafe: bool) -> None:
    once = fixed("a.yaml", text, unsafe=unsafe)
    assert fixed("a.yaml", once, unsafe=unsafe) == once


@settings(deadline=None, max_examples=40)
@given(objects())
def test_line_ends_and_a_mark_change_no_use(text: str) -> None:
    assert texts("a.yaml", text.replace("\n", "\r\n")) == texts("a.yaml", text)
    assert texts("a.yaml", b"\xef\xbb\xbf" + text.encode()) == texts("a.yaml", text)
