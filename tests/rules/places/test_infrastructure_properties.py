"""What holds for every file of the places for infrastructure, whatever is in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from tests.tools import KNOWLEDGE, fixed, inspected, texts

STARTS = {
    ".devcontainer/devcontainer.json": '{"image": "a/b:1", ',
    "a.container": "[Container]\nImage=a/b:1\n",
    "skaffold.yaml": "apiVersion: skaffold/v1\nkind: Config\nbuild: {artifacts: [{ko: {fromImage: ",
    "Earthfile": "ARG A=a/b:1\nFROM $A\nx:\n  FROM ",
    "roles/x/tasks/main.yml": "- docker_container:\n    image: ",
    "molecule/default/molecule.yml": "platforms:\n- image: ",
}
PIECE = st.one_of(
    st.sampled_from(
        ["a/b:1", "nginx", "\n", " ", "\\\n", "'", '"', "#", ",", "}", "]", "é😀", "\t"]
    ),
    st.sampled_from(
        ["{{ x }}", "{{ item }}", "{{ x | default('a:1') }}", "$A", "${A}", "%i", "+x"]
    ),
    st.sampled_from(["\nImage=", "\n  FROM ", "ARG A=", "WITH DOCKER --pull ", "\ny:\n"]),
    st.sampled_from(["\n- docker_image: {name: ", "\n  loop: [", "//", "/*"]),
)
FILES = st.tuples(st.sampled_from(sorted(STARTS)), st.lists(PIECE, max_size=12).map("".join))


@settings(deadline=None, max_examples=150)
@given(FILES)
def test_a_second_fix_has_nothing_to_do(file: tuple[str, str]) -> None:
    name, end = file
    once = fixed(name, STARTS[name] + end)
    assert fixed(name, once) == once


@settings(deadline=None, max_examples=150)
@given(FILES)
def test_without_a_safe_finding_no_byte_changes(file: tuple[str, str]) -> None:
    name, text = file[0], STARTS[file[0]] + file[1]
    findings = judge(KNOWLEDGE, inspected(name, text))
    if not any(finding.fix_safety == "safe" for finding in findings):
        assert fixed(name, text) == text.encode()


@settings(deadline=None, max_examples=100)
@given(FILES)
def test_a_mark_changes_no_use(file: tuple[str, str]) -> None:
    name, text = file[0], STARTS[file[0]] + file[1]
    assert texts(name, b"\xef\xbb\xbf" + text.encode()) == texts(name, text)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(STARTS)), st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_no_content_ends_in_an_exception(name: str, content: bytes | str) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    for candidate in (data, STARTS[name].encode() + data):
        list(judge(KNOWLEDGE, inspected(name, candidate)))
