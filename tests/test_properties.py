"""What holds for every file, whatever is in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from boltseal.example import Example
from boltseal_rules.knowledge import guides
from tests.tools import KNOWLEDGE, fixed, inspected, result, texts

NAMES = ("Dockerfile", "pod.yaml", "compose.yaml", "values.yaml", "templates/a.yaml", "pod.json")
REFERENCE = st.sampled_from(
    [
        "nginx",
        "nginx:1.27",
        "ghcr.io/acme/app:v1",
        "localhost:5000/x",
        "a/b:t",
        "x@sha256:" + "0" * 64,
    ]
)
QUOTE = st.sampled_from(["", "'", '"'])
COMMENT = st.sampled_from(["", "  # é😀 image: no:1"])


@st.composite
def pods(draw: st.DrawFn) -> str:
    lines = ["apiVersion: v1", "kind: Pod", f"metadata: {{name: {draw(st.sampled_from('aé😀'))}}}"]
    lines += ["spec:", "  containers:"]
    for index in range(draw(st.integers(0, 4))):
        quote, text = draw(QUOTE), draw(REFERENCE)
        value = f"{quote}{text}{quote}"
        if draw(st.booleans()):
            lines.append(f"  - {{name: c{index}, image: {value}}}{draw(COMMENT)}")
        else:
            lines += [f"  - name: c{index}", f"    image: {value}{draw(COMMENT)}"]
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n---\n# end\n"]))


@st.composite
def values(draw: st.DrawFn) -> str:
    lines = []
    for index in range(draw(st.integers(0, 3))):
        quote = draw(QUOTE)
        tag = draw(st.sampled_from(["v1.2", "1.10", "16", '""', "1.27-alpine"]))
        tag = tag if '"' in tag else f"{quote}{tag}{quote}"
        digest = draw(st.sampled_from(["", "\n    digest:", '\n    digest: ""', "\n    digest: ~"]))
        lines.append(f"c{index}:\n  image:\n    repository: acme/app\n    tag: {tag}{digest}")
    return "\n".join(lines) + "\n"


@st.composite
def services(draw: st.DrawFn) -> str:
    lines = ["services:"]
    for index in range(draw(st.integers(0, 4))):
        text = draw(st.one_of(REFERENCE, REFERENCE.map(lambda r: f"${{V:-{r}}}"), st.just("$V")))
        lines += [f"  s{index}:", f"    image: {text}{draw(COMMENT)}"]
        if draw(st.booleans()):
            lines.append("    build: .")
    return "\n".join(lines) + "\n"


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    lines = [f"ARG A={draw(REFERENCE)}"]
    for _ in range(draw(st.integers(0, 4))):
        base = draw(st.one_of(REFERENCE, st.sampled_from(["${A}", "$B", "${A}-x", "scratch"])))
        lines += [f"FROM {base}", f"COPY --from={draw(REFERENCE)} /a /b"]
    return "\n".join(lines) + "\n"


FILES = st.one_of(
    st.tuples(st.just("pod.yaml"), pods()),
    st.tuples(st.just("values.yaml"), values()),
    st.tuples(st.just("compose.yaml"), services()),
    st.tuples(st.just("Dockerfile"), dockerfiles()),
)


@settings(deadline=None, max_examples=150)
@given(FILES, st.booleans())
def test_a_second_fix_has_nothing_to_do(file: tuple[str, str], unsafe: bool) -> None:
    name, text = file
    once = fixed(name, text, unsafe=unsafe)
    assert fixed(name, once, unsafe=unsafe) == once


@settings(deadline=None, max_examples=150)
@given(FILES)
def test_without_a_fixable_finding_no_byte_changes(file: tuple[str, str]) -> None:
    name, text = file
    findings = list(judge(KNOWLEDGE, inspected(name, text)))
    if not any(finding.fix_safety == "safe" for finding in findings):
        assert fixed(name, text) == text.encode()


@settings(deadline=None, max_examples=150)
@given(FILES)
def test_line_ends_and_a_mark_change_no_use(file: tuple[str, str]) -> None:
    name, text = file
    assert texts(name, text.replace("\n", "\r\n")) == texts(name, text)
    assert texts(name, b"\xef\xbb\xbf" + text.encode()) == texts(name, text)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(NAMES), st.one_of(st.binary(max_size=80), st.text(max_size=80)))
def test_no_content_ends_in_an_exception(name: str, content: bytes | str) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    prefix = b"apiVersion: v1\nkind: Pod\nimage: " if name.startswith("pod") else b"image: {{ "
    for candidate in (data, prefix + data):
        list(judge(KNOWLEDGE, inspected(name, candidate)))


EXAMPLES = [it for _, guide in guides() for it in guide.examples]
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["\0", "\ufeff", "\r", "'", '"', "${", "}", "{{", "[", "\\", "---\n", "#", "&a ", "*a"]
    ),
    st.sampled_from(["{", "[", "(", "${A:-", "{{ ", "- "]).map(lambda piece: piece * 300),
)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(EXAMPLES), st.data(), st.booleans())
def test_a_damaged_example_is_fixed_well_or_not_at_all(
    example: Example, data: st.DataObject, unsafe: bool
) -> None:
    text = example.text
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 3, 20]))
        text = text[:start] + data.draw(PIECES) + text[end:]
    damaged = text.encode()
    once = result(example.path, damaged, unsafe=unsafe)  # raises where it is not what was meant
    assert (once.data == damaged) is (not once.sealed)
    assert result(example.path, once.data, unsafe=unsafe).sealed == ()
