import dockerfile as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.source import Unparsable
from boltseal_rules.formats import dockerfile

Row = tuple[str, int, tuple[str, ...], tuple[str, ...]]


def rows(data: bytes) -> list[Row]:
    return [
        (
            i.name,
            i.first_line,
            tuple(w.text.encode("latin-1").decode() for w in i.flags),
            tuple(w.text for w in i.plain_words()) if i.name == "FROM" else (),
        )
        for i in dockerfile.read(data).instructions
    ]


def go_rows(text: str) -> list[Row]:
    return [
        (
            (c.cmd or "").upper(),
            c.start_line,
            c.flags,
            tuple(v for v in c.value if v) if (c.cmd or "").upper() == "FROM" else (),
        )
        for c in go.parse_string(text)
    ]


HARD = [
    "FROM a\nRUN echo hi\n",
    "from a\nRun x\n",
    "FROM a",
    "\n\n  FROM a\n\n",
    "\tFROM\ta\tAS\tb\n",
    "FROM\\\n a\n",
    "FR\\\nOM a\n",
    "\\\nFROM a\n",
    "\\\n\\\n  FROM a\n",
    "FROM \\\n  a \\\n  AS \\\n  b\n",
    "FROM a \\\n# comment\n  AS b\n",
    "FROM a \\\n\n\n  AS b\n",
    "FROM a \\\n  \t\n  AS b\nRUN y\n",
    "FROM a \\\n   # c\n\n  AS b\n",
    "FROM a\\\\\nRUN x\n",
    "FROM a\nRUN x \\\\\nRUN y\n",
    "FROM a\nRUN x \\ \t\n y\nRUN z\n",
    "FROM a \\",
    "FROM a \\\n",
    "FROM a \\\n# end",
    "FROM a\nRUN x \\\n\n",
    "FROM a\r\nRUN x \\\r\n y\r\n\r\nRUN z\r\n",
    "\ufeffFROM a\n",
    "\ufeff# escape=`\nFROM a\nRUN x `\n y\n",
    "# escape=`\nFROM a\nRUN x \\\nRUN y `\n z\n",
    "#escape=`\nFROM a`\n\nRUN x``\nRUN y\n",
    "# c\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "#!/bin/x\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "# syntax=x\n# ESCAPE=`\nFROM a\nRUN x `\n y\n",
    "FROM a\nRUN <<EOF\nFROM b\nEOF\nFROM c\n",
    "FROM a\nRUN <<-EOF\nFROM b\n\tEOF\nFROM c\n",
    "FROM a\nRUN <<EOF\nFROM b\n\tEOF\nEOF \nEOF\nFROM c\n",
    "FROM a\r\nRUN <<EOF\r\nFROM b\r\nEOF\r\nFROM c\r\n",
    "FROM a\nRUN <<A <<B\nFROM x\nA\nFROM y\nA\nB\nFROM c\n",
    "FROM a\nRUN <<'A' <<\"B\"\nFROM x\nA\nFROM y\nB\nFROM c\n",
    "FROM a\nRUN cat <<EOF \\\n > /x\nFROM b\nEOF\nFROM c\n",
    "FROM a\nRUN cat <<EOF > x \\\n\n# c\n && y\nFROM b \\\nEOF\nFROM c\n",
    "FROM a\nCOPY <<EOF /x\nFROM b\nEOF\nADD <<EOF /y\nFROM b\nEOF\nFROM c\n",
    "FROM a\nONBUILD RUN <<EOF\nFROM b\nEOF\nONBUILD COPY <<EOF /x\nFROM d\nEOF\nFROM c\n",
    "FROM a\nRUN cat <<<EOF\nFROM b\n",
    'FROM a\nRUN echo "<<EOF"\nFROM b\n',
    "FROM a\nRUN echo '<<EOF' \\<<X\nFROM b\n",
    "FROM a\nRUN x=$((1<<2)) y\nFROM b\n",
    'FROM a\nRUN ["cat", "<<EOF"]\nFROM b\n',
    "FROM a\nUSER <<EOF\nFROM b\n",
    "FROM a\nCMD <<EOF\nFROM b\n",
    "FROM a\nENTRYPOINT cat <<EOF\nFROM b\n",
    "FROM a\nRUN 3<<EOF\nFROM b\nEOF\nFROM c\n",
    "FROM --platform=linux/amd64 a AS b\n",
    "FROM --platform=$BUILDPLATFORM \\\n a AS b\n",
    'FROM --platform="linux/amd64" a\n',
    "FROM a\nCOPY --from=x --chown=$A:$B --link a b\n",
    "FROM a\nCOPY --chown=$A:$B \\\n  --from=x \\\n a b\n",
    'FROM a\nCOPY --from="x y" a b\n',
    "FROM a\nCOPY --fr'om=a' b c\n",
    "FROM a\nCOPY --fr\\\nom=a b c\n",
    "FROM a\nCOPY -- --from=x b\n",
    "FROM a\nCOPY a --from=x b\n",
    'FROM a\nCOPY --from=x ["a", "b"]\n',
    "FROM a\nRUN --mount=type=bind,from=x --mount=type=cache,target=/y --network=none z --mount=q\n",
    "FROM a\nRUN --mount=type=bind,\\\nfrom=x z\n",
    "FROM a\nRUN\nFROM b\n",
    "FROM a\n    RUN x\n  #c\n  FROM b\n",
    "FROM a\nRUN echo \\\n  # c1\n  hi # no comment\nFROM b\n",
    "FROM a\nRUN é \\\n ü\nFROM b\n",
    "FROM a\nWHAT is this\nFROM b\n",
    "FROM a\nRUN x \\\n#FROM z\nFROM q\nFROM b\n",
    "FROM a\vAS\fb\n",
    "FROM a\n\u00a0FROM b\u3000\n",
]


@pytest.mark.parametrize("text", HARD)
def test_the_go_parser_agrees(text: str) -> None:
    assert rows(text.encode()) == go_rows(text)


def test_a_blank_before_the_name_of_a_heredoc() -> None:
    """Newer versions of BuildKit only: the Go parser at hand is of an older one."""
    assert [r[0] for r in rows(b"FROM a\nRUN cat << EOF\nFROM b\nEOF\nFROM c\n")] == [
        "FROM",
        "RUN",
        "FROM",
    ]
    assert [r[0] for r in rows(b"FROM a\nRUN echo $((1 << 3))\nFROM b\n")] == [
        "FROM",
        "RUN",
        "FROM",
    ]


@pytest.mark.parametrize(
    ("data", "offset"),
    [(b"FROM a\nRUN x <<EOF\nFROM b\n", 13), (b"FROM a\0", 6), (b"FROM a\nCOPY <<A /x", 12)],
)
def test_unparsable(data: bytes, offset: int) -> None:
    with pytest.raises(Unparsable) as caught:
        dockerfile.read(data)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (b"FROM a\n", True),
        (b"# c\n\nARG X=1\nARG Y\nfrom --platform=x a as b\n", True),
        (b"\xef\xbb\xbfFROM a", True),
        (b"from x import y\n", False),
        (b"From me to you\n", False),
        (b"FROM a b\n", False),
        (b"FROM", False),
        (b"RUN x\nFROM a\n", False),
        (b"", False),
        (b"FROM a\0", False),
        (b"RUN <<EOF\n", False),
    ],
)
def test_begins_with_from(data: bytes, want: bool) -> None:
    assert dockerfile.begins_with_from(data) is want


def test_words_know_their_bytes() -> None:
    data = '# é\nCOPY --from="a" \\\r\n  --chown=x\\\r\ny b c\r\n'.encode()
    (copy,) = dockerfile.read(data).instructions
    source, owner = copy.flags
    assert source.text == "--from=a"
    assert not source.is_verbatim
    value = source.cut(7)
    assert value.is_verbatim
    assert data[value.extent.start : value.extent.end] == b"a"
    assert (owner.text, owner.is_verbatim) == ("--chown=xy", False)


def test_trigger() -> None:
    (onbuild,) = dockerfile.read(b"ONBUILD copy --from=x a b").instructions
    trigger = onbuild.trigger()
    assert trigger is not None
    assert (trigger.name, [w.text for w in trigger.flags]) == ("COPY", ["--from=x"])
    assert trigger.trigger() is None


LINES = st.sampled_from(
    [
        "FROM a",
        "FROM --platform=x b AS c",
        "  from 'd'",
        "FROM \\",
        "a \\",
        "AS x",
        "RUN y \\",
        "RUN z \\\\",
        "\\",
        "# c",
        "  # FROM c",
        "",
        "   ",
        "RUN cat <<EOF",
        "COPY --from=x --link <<-EOF /y",
        "ONBUILD ADD <<'EOF' z",
        "EOF",
        "\tEOF",
        'RUN --mount=type=x,from="y" z',
        "RUN --mount=from=x \\",
        "ENV a=b",
        'RUN "<<EOF" \\',
        "&& x",
        "FR\\",
        "OM z",
    ]
)


@settings(deadline=None, max_examples=400)
@given(
    st.lists(LINES, max_size=14),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff", "# escape=`\n", "# syntax=x\n"]),
)
def test_the_go_parser_agrees_on_any_lines(lines: list[str], end: str, start: str) -> None:
    text = start + end.join(lines)
    try:
        want = go_rows(text)
    except go.GoParseError as error:
        if "unterminated heredoc" in str(error):
            with pytest.raises(Unparsable):
                dockerfile.read(text.encode())
        return
    assert [row for row in rows(text.encode()) if row[0]] == [row for row in want if row[0]]


@given(st.binary() | st.text("FROMRUN \\\n\r\t#<E'\"$-=").map(str.encode))
def test_never_raises_but_unparsable(data: bytes) -> None:
    try:
        found = dockerfile.read(data)
    except Unparsable:
        return
    for instruction in found.instructions:
        assert instruction.first_line <= instruction.last_line <= data.count(b"\n") + 1
        for word in (*instruction.flags, *instruction.plain_words()):
            if word.text and word.is_verbatim:
                start, end = word.extent
                assert data[start:end] == word.text.encode("latin-1")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FROM a\nRUN <<EOF\nFROM b\nEOF\nUSER c\n", ["FROM", "RUN", "USER"]),
        ("# escape=`\nFROM a `\n AS b\nRUN \\\\\nCMD x", ["FROM", "RUN", "CMD"]),
        ("FR\\\nOM a\n\n# x\nRUN a \\\n\n# y\n b\n", ["FROM", "RUN"]),
    ],
)
def test_dockerfile_parse_sees_the_same_instructions(text: str, names: list[str]) -> None:
    seen = dockerfile.outline(text.encode())
    assert [name for name, _, _ in seen] == names
    read = dockerfile.read(text.encode()).instructions
    assert seen == [(it.name, it.first_line, it.last_line) for it in read]


@settings(deadline=None, max_examples=200)
@given(st.lists(LINES, max_size=14))
def test_dockerfile_parse_sees_what_is_read(lines: list[str]) -> None:
    data = "\n".join(("FROM a", *lines)).encode()
    try:
        read = dockerfile.read(data).instructions
    except Unparsable:
        return
    seen = [it for it in dockerfile.outline(data) if it[0].isalpha()]
    assert seen == [(it.name, it.first_line, it.last_line) for it in read if it.name.isalpha()]
