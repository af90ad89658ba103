"""Manifests and Compose files in texts of other files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from boltseal.use import ImageUse, Opaque, Whole
from tests.tools import KNOWLEDGE, digest, inspected, result, uses

OPTED = ("embedded",)
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n"
COMPOSE = "services:\n  web:\n    image: nginx:1.27\n"
SEALED = f"nginx:1.27@{digest('docker.io/library/nginx:1.27')}"


def found(path: str, text: str | bytes) -> list[ImageUse]:
    return [use for use in uses(path, text, opted=OPTED) if use.place == "embedded"]


def fixed(path: str, text: str) -> str:
    return result(path, text, opted=OPTED).data.decode()


def config_map(text: str, header: str = "|") -> str:
    lines = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
    return f"apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: {header}\n{lines}"


def test_it_is_not_asked_unless_it_is_named() -> None:
    assert uses("a.yaml", config_map(POD)) == []
    assert uses("a.sh", f"cat <<'E'\n{POD}E\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "image: nginx:1.27\nsize: 2\n",
        "kind: Pod\nimage: nginx:1.27\n",
        "images:\n  web: nginx:1.27\nkind: x\n",
        "services: [web]\nimage: nginx:1.27\n",
        "services:\n  web:\n    ports: []\nx: {image: nginx:1.27}\n",
        f"Write this:\n{POD}",
        f"<pre>\n{POD}</pre>\n",
        "docker run nginx:1.27\nimage: nginx:1.27\n",
        f"# only a comment\n{POD.replace('apiVersion', '# apiVersion')}",
    ],
)
def test_a_text_that_is_no_manifest_has_no_images(text: str) -> None:
    assert found("a.yaml", config_map(text)) == []
    assert found("a.sh", f"cat <<'E'\n{text}E\n") == []


@pytest.mark.parametrize("text", [POD, COMPOSE, f"---\n# a\n{POD}---\n{POD}"])
def test_a_manifest_in_a_literal_block_is_sealed(text: str) -> None:
    before = config_map(text)
    assert fixed("a.yaml", before) == before.replace("nginx:1.27", SEALED)


@pytest.mark.parametrize("header", ["|", "|-", "|+", "|2", "&a |", "| # a comment"])
def test_every_header_of_a_literal_block_will_do(header: str) -> None:
    before = config_map(POD, header)
    assert fixed("a.yaml", before) == before.replace("nginx:1.27", SEALED)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_heredoc_with_a_quoted_delimiter_is_sealed(end: str) -> None:
    before = f"kubectl apply -f - <<'E'\n{POD}  # $X é\nE\n".replace("\n", end)
    assert fixed("a.sh", before) == before.replace("nginx:1.27", SEALED)


def test_so_is_one_in_which_nothing_is_filled_in() -> None:
    before = f"cat > a.yaml <<E\n{POD}E\n"
    assert fixed("a.sh", before) == before.replace("nginx:1.27", SEALED)


def test_so_is_one_whose_lines_stand_behind_tabs() -> None:
    body = "".join(f"\t\t{line}\n" for line in POD.splitlines())
    before = f"f() {{\n\tcat <<-E | kubectl apply -f -\n{body}\tE\n}}\n"
    assert fixed("a.sh", before) == before.replace("nginx:1.27", SEALED)


@pytest.mark.parametrize("special", ["$X", "`x`", "\\$"])
def test_one_that_the_shell_fills_in_is_reported_and_not_edited(special: str) -> None:
    text = f"cat <<E\n{POD}  # {special}\nE\n"
    (use,) = found("a.sh", text)
    assert use.text == "nginx:1.27"
    assert isinstance(use.spelling, Opaque)
    assert "fills in" in use.spelling.reason
    assert fixed("a.sh", text) == text


def test_an_image_that_a_variable_names_is_a_note() -> None:
    (use,) = found("a.sh", f"cat <<E\n{POD.replace('nginx:1.27', '$IMAGE')}E\n")
    assert use.reference is None


def test_a_template_is_reported_and_not_edited() -> None:
    text = config_map(POD + "    - name: '{{ .name }}'\n")
    (use,) = found("a.yaml", text)
    assert isinstance(use.spelling, Opaque)
    assert fixed("a.yaml", text) == text


@pytest.mark.parametrize("header", [">", ">-"])
def test_a_folded_text_is_reported_and_not_edited(header: str) -> None:
    text = config_map(POD.replace("\n", "\n\n"), header)
    (use,) = found("a.yaml", text)
    assert not isinstance(use.spelling, Whole)
    assert fixed("a.yaml", text) == text


def test_an_escaped_text_is_reported_and_not_edited() -> None:
    text = "data:\n  a: " + '"' + POD.replace("\n", "\\n") + '"\n'
    (use,) = found("a.yaml", text)
    assert isinstance(use.spelling, Opaque)
    assert fixed("a.yaml", text) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "play.yml",
            "- hosts: all\n  tasks:\n    - copy:\n        dest: /a\n        content: |\n{}",
        ),
        ("wf.yaml", "kind: Workflow\nspec:\n  resource:\n    manifest: |\n{}"),
        ("list.yaml", "texts:\n  - |\n{}"),
        ("text.yaml", "|\n{}"),
    ],
)
def test_the_key_of_a_text_does_not_matter(path: str, text: str) -> None:
    before = text.format("".join(f"            {line}\n" for line in POD.splitlines()))
    assert [use.text for use in found(path, before)] == ["nginx:1.27"]
    assert fixed(path, before) == before.replace("nginx:1.27", SEALED)


def test_what_the_file_names_itself_is_left_to_its_own_place() -> None:
    text = f"{POD}---\n{config_map(POD)}"
    assert [use.place for use in uses("a.yaml", text, opted=OPTED)] == ["kubernetes", "embedded"]


def test_lists_of_objects_are_found_with_their_routes() -> None:
    text = config_map(
        "- apiVersion: v1\n  kind: Pod\n  spec: {containers: [{image: nginx:1.27}]}\n"
    )
    (use,) = found("a.yaml", text)
    assert use.route == "data.a.yaml[0].spec.containers[0].image"


def test_what_cannot_be_read_is_no_problem_of_this_place() -> None:
    for path, text in (
        ("a.sh", f"cat <<'E'\n{POD}  - [\nE\n"),
        ("a.yaml", config_map(f"{POD}  - [\n")),
        ("a.sh", b"cat <<'E'\nkind: \xe9\napiVersion: v1\nimage: x\nE\n"),
    ):
        seen = inspected(path, text, opted=OPTED)
        assert seen.problems == ()
        assert seen.uses == ()


LINES = st.lists(
    st.sampled_from(
        [
            *("apiVersion: v1", "kind: Pod", "services:", "  web: {image: nginx:1.27}", "spec:"),
            *(
                "  containers: [{image: nginx:1.27}]",
                "---",
                "$X",
                "{{ a }}",
                "é",
                "\t",
                "",
                "E",
                "- [",
            ),
        ]
    ),
    max_size=10,
).map(lambda lines: "".join(f"{line}\n" for line in lines))


@settings(deadline=None, max_examples=150)
@given(LINES, st.sampled_from(["|", ">", "|-"]), st.booleans())
def test_a_second_fix_changes_nothing_and_no_text_ends_in_an_exception(
    text: str, header: str, quoted: bool
) -> None:
    script = f"cat <<{'E' if quoted else chr(39) + 'E' + chr(39)}\n{POD}{text}E\n"
    for path, before in (("a.yaml", config_map(POD + text, header)), ("a.sh", script)):
        once = fixed(path, before)
        assert fixed(path, once) == once
        list(judge(KNOWLEDGE, inspected(path, before, opted=OPTED)))


@settings(deadline=None, max_examples=100)
@given(LINES)
def test_line_ends_and_a_mark_change_no_use(text: str) -> None:
    for path, before in (
        ("a.yaml", config_map(POD + text)),
        ("a.sh", f"cat <<'E'\n{POD}{text}E\n"),
    ):
        expected = [(use.route, use.text) for use in found(path, before)]
        for variant in (before.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + before.encode()):
            assert [(use.route, use.text) for use in found(path, variant)] == expected


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=80))
def test_no_bytes_end_in_an_exception(data: bytes) -> None:
    for path, before in (("a.sh", b"cat <<E\nimage: "), ("a.yaml", b"a: |\n  image: ")):
        inspected(path, before + data, opted=OPTED)
