import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.reference import ImageReference, InvalidReference
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque, Whole
from boltseal_rules.places.dockerfile import find, find_in
from boltseal_rules.signs import claims

DIGEST = "sha256:" + "0" * 64


def uses(data: str | bytes, path: str = "Dockerfile") -> tuple[ImageUse, ...]:
    raw = data.encode() if isinstance(data, str) else data
    found = find(Source(path, raw))
    assert found is not None
    assert not found.problems
    assert list(found.uses) == sorted(found.uses, key=lambda use: use.span)
    return found.uses


def brief(use: ImageUse) -> tuple[str, str, str, str | None]:
    """Route, text, kind of spelling, and what it means."""
    meaning = use.reference.original if use.reference else None
    return use.route, use.text, type(use.spelling).__name__, meaning


def whole(route: str, text: str) -> tuple[str, str, str, str]:
    return route, text, "Whole", text


def opaque(route: str, text: str, meaning: str | None = None) -> tuple[str, str, str, str | None]:
    return route, text, "Opaque", meaning


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "dockerfile", "DOCKERFILE", "Dockerfile.dev", "Dockerfile-linux"),
        *("Dockerfile_x", "app.Dockerfile", "app.dockerfile", "Containerfile", "x.containerfile"),
        *("Containerfile.prod", "Dockerfile.template", "Dockerfile.j2", "a/b/Dockerfile.1.2"),
    ],
)
def test_claimed(name: str) -> None:
    assert claims("dockerfile", name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Dockerfile.dockerignore",
            "app.Dockerfile.dockerignore",
            "dockerfile.py",
            "Dockerfile.md",
        ),
        *("dockerfile_test.go", "Dockerfile.sh", "dockerfile.yaml", "Dockerfile/x", "mydockerfile"),
        *("Dockerfiles", "dockerfile-notes.txt", ".dockerignore", "Dockerfile2"),
    ],
)
def test_not_claimed(name: str) -> None:
    assert not claims("dockerfile", name)


NOTHING = [
    "",
    "# FROM a\n",
    "FROM scratch\n",
    "FROM \\\n scratch AS x\n",
    "FROM scratch AS a\nFROM a\nFROM A AS b\nCOPY --from=B x y\n",
    "FROM scratch\nCOPY --from=0 a b\nCOPY --from=later a b\nFROM scratch AS Later\n",
    "FROM scratch\nCOPY --from=scratch a b\nCOPY --from= a b\nRUN --mount=type=cache,target=/x y\n",
    "FROM scratch\nRUN docker run nginx --mount=from=x --from=y\n",
    "FROM scratch\nCOPY a --from=x b\n",
    'FROM scratch\nRUN ["x", "--mount=from=y"]\n',
    "FROM scratch\nRUN <<EOF\nFROM a\nCOPY --from=b c d\nEOF\n",
    "FROM scratch\nCOPY <<-A <<'B' /x/\nFROM a\n\tA\nFROM c\nB\n",
    "FROM scratch\nONBUILD RUN <<EOF\nFROM a\nEOF\n",
    "ARG X=python:3\nFROM scratch\nRUN $X\n",
    "ARG X=scratch\nFROM $X\n",
    "ARG X=base\nFROM scratch AS base\nFROM $X\nFROM ${X}\n",
    "FROM scratch AS s-amd64\nFROM s-$TARGETARCH\nCOPY --from=s-$TARGETARCH a b\n",
    "FROM scratch AS amd64\nFROM ${TARGETARCH}\n",
    "ARG V\nFROM scratch AS s-1\nFROM s-$V\n",
    "# x\n# syntax=a/b:1\nFROM scratch\n",
    "FROM scratch\nRUN x \\\n# FROM a\n y\n",
    "FROM scratch\nENV X=FROM\nLABEL a=b \\\n FROM=c\n",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    assert uses(text) == ()


FOUND = [
    ("FROM python:3.12", [whole("FROM", "python:3.12")]),
    ("from python AS x\n", [whole("FROM AS x", "python")]),
    ("FROM\tpython\tas\tX\n", [whole("FROM AS x", "python")]),
    (f"FROM a@{DIGEST}\n", [whole("FROM", f"a@{DIGEST}")]),
    ('FROM "python:3.12"\n', [whole("FROM", "python:3.12")]),
    ("FROM --platform=linux/arm64 \\\n  # c\n\n  a AS b\n", [whole("FROM AS b", "a")]),
    ("FROM later\nFROM scratch AS later\n", [whole("FROM", "later")]),
    ("FROM me AS me\n", [whole("FROM AS me", "me")]),
    ("FROM SCRATCH\n", [opaque("FROM", "SCRATCH", "SCRATCH")]),
    ("FROM py\\\nthon:3\n", [opaque("FROM", "python:3", "python:3")]),
    ("FROM py'thon':3\n", [opaque("FROM", "py'thon':3", "python:3")]),
    ("# escape=`\nFROM a `\n AS b\n", [whole("FROM AS b", "a")]),
    ("# syntax=d/d:1 x\n# escape=`\nFROM a\n", [whole("syntax", "d/d:1"), whole("FROM", "a")]),
    # Arguments
    ("ARG X=a:1\nFROM $X\n", [whole("ARG X", "a:1")]),
    ("ARG X=a:1\nFROM ${X} AS b\nFROM ${X:-q}\n", [whole("ARG X", "a:1")]),
    ("ARG V=1 X=\"a:1\" Y='b'\nFROM $X\nFROM $Y\n", [whole("ARG X", "a:1"), whole("ARG Y", "b")]),
    ("ARG A=a:1\nARG B=$A\nARG C=${B}\nFROM $C\n", [whole("ARG A", "a:1")]),
    ('ARG A=a:1\nARG B="$A"\nFROM "$B"\n', [whole("ARG A", "a:1")]),
    ("ARG X=a:1\nARG X\nFROM $X\n", [whole("ARG X", "a:1")]),
    ("ARG X=a:1\nARG X=b:1\nFROM $X\n", [whole("ARG X", "b:1")]),
    ("ARG X=a:1\nFROM b\nARG X=c:1\nFROM $X\n", [whole("ARG X", "a:1"), whole("FROM", "b")]),
    ("FROM b\nARG X=c:1\nFROM $X\n", [whole("FROM", "b"), opaque("FROM", "$X")]),
    ("ARG X=a\\\n:1\nFROM $X\n", [opaque("ARG X", "a:1", "a:1")]),
    ("ARG X=A:1\nFROM $X\n", [opaque("ARG X", "A:1", "A:1")]),
    ("FROM ${X:-a:1}\n", [whole("FROM", "a:1")]),
    ("ARG X\nFROM ${X:-a:1}\n", [whole("FROM", "a:1")]),
    ("ARG X=\nFROM ${X:-${Y-a:1}}\n", [whole("FROM", "a:1")]),
    ("ARG X=${Y:-a:1}\nFROM $X\n", [whole("ARG X", "a:1")]),
    ("ARG X=1\nFROM a:${X}-slim\n", [opaque("FROM", "a:${X}-slim", "a:1-slim")]),
    ("ARG R=r.io\nFROM ${R}/x:1\n", [opaque("FROM", "${R}/x:1", "r.io/x:1")]),
    ("ARG V=1\nARG X=a:$V\nFROM $X\n", [opaque("FROM", "$X", "a:1")]),
    (
        "ARG X=a:1\nFROM $X\nFROM ${X}-slim\n",
        [opaque("FROM", "$X", "a:1"), opaque("FROM", "${X}-slim", "a:1-slim")],
    ),
    ("ARG X=a:1\nARG Y=${X}-slim\nFROM $X\n", [opaque("FROM", "$X", "a:1")]),
    (
        "ARG X=a:1\nARG Y=$X\nFROM $X\nFROM $Y-s\n",
        [opaque("FROM", "$X", "a:1"), opaque("FROM", "$Y-s", "a:1-s")],
    ),
    ("ARG X\nFROM $X\n", [opaque("FROM", "$X")]),
    ("FROM scratch AS a\nFROM $X\n", [opaque("FROM", "$X")]),
    ("ARG X=\nFROM $X\n", [opaque("FROM", "$X")]),
    ("ARG X=\nFROM r.io/$X\n", [opaque("FROM", "r.io/$X")]),
    ("ARG X=\nFROM ${X}a:1\n", [opaque("FROM", "${X}a:1", "a:1")]),
    ("FROM a:${TARGETARCH:-amd64}\n", [opaque("FROM", "a:${TARGETARCH:-amd64}")]),
    ("ARG TARGETARCH=arm\nFROM a:$TARGETARCH\n", [opaque("FROM", "a:$TARGETARCH", "a:arm")]),
    ("ARG X=$X$X\nFROM a:$X\n", [opaque("FROM", "a:$X")]),
    ("ARG X=1.2-a\nFROM a:${X%-*}\n", [opaque("FROM", "a:${X%-*}")]),
    # Templates
    ("FROM {{ .x }}:{{ .y }} AS z\n", [opaque("FROM AS z", "{{ .x }}:{{ .y }}")]),
    ("FROM <%= x %>\n", [opaque("FROM", "<%= x %>")]),
    ("FROM a:%%V%%\n", [opaque("FROM", "a:%%V%%")]),
    ("FROM @BASE@\n", [opaque("FROM", "@BASE@")]),
    (
        "FROM x:3-${templateOption:imageVariant}\n",
        [opaque("FROM", "x:3-${templateOption:imageVariant}")],
    ),
    # Flags
    ("FROM scratch\nCOPY --chown=$A:$B --link --from=a:1 x y\n", [whole("COPY --from", "a:1")]),
    ('FROM scratch\nCOPY \\\n  --from="a:1" \\\n x y\n', [whole("COPY --from", "a:1")]),
    ('FROM scratch\ncopy --from=a:1 ["x", "y"]\n', [whole("COPY --from", "a:1")]),
    ("FROM scratch\nADD --from=a x y\n", [whole("ADD --from", "a")]),
    ("FROM scratch\nCOPY --from=Nope x y\n", [opaque("COPY --from", "Nope", "Nope")]),
    ("FROM scratch\nCOPY --from=a\\\n:1 x y\n", [opaque("COPY --from", "a:1", "a:1")]),
    ("ARG V=1\nFROM scratch\nCOPY --from=a:$V x y\n", [opaque("COPY --from", "a:$V")]),
    ("FROM scratch\nCOPY --from={{x}} a b\n", [opaque("COPY --from", "{{x}}")]),
    (
        """FROM scratch AS s
        RUN --mount=type=cache,target=/c --mount=type=bind,from=a,target=/a \\
          --mount=From=b:1,source=/x --mount=from=s,target=/z x
        """,
        [whole("RUN --mount", "a"), whole("RUN --mount", "b:1")],
    ),
    ('FROM scratch\nRUN --mount=\\"from=a:1\\",target=/x y\n', [whole("RUN --mount", "a:1")]),
    ('FROM scratch\nRUN --mount="type=bind,from=a:1" y\n', [whole("RUN --mount", "a:1")]),
    ("FROM scratch\nONBUILD COPY --from=a x y\n", [whole("ONBUILD COPY --from", "a")]),
    ("FROM scratch\nonbuild run --mount=from=a x\n", [whole("ONBUILD RUN --mount", "a")]),
    ("FROM scratch\nRUN <<EOF\nFROM a\nEOF\nFROM b\n", [whole("FROM", "b")]),
]


@pytest.mark.parametrize(("text", "want"), FOUND)
def test_found(text: str, want: list[tuple[str, str, str, str | None]]) -> None:
    assert [brief(use) for use in uses(text)] == want


@pytest.mark.parametrize("text", [*NOTHING, *(text for text, _ in FOUND)])
def test_line_ends_and_byte_order_mark_change_nothing(text: str) -> None:
    want = [brief(use) for use in uses(text)]
    data = text.encode()
    for other in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data, data.rstrip(b"\n")):
        if other.endswith(b"EOF") or b"EOF" not in other:
            assert [brief(use) for use in uses(other)] == want
    for use in uses(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")):
        check_span(use)


def check_span(use: ImageUse) -> None:
    if isinstance(use.spelling, Whole):
        assert use.source.slice(use.spelling.span) == use.text.encode()
        assert use.span == use.spelling.span
    assert use.reference is not None or isinstance(use.spelling, Opaque)


@pytest.mark.parametrize("text", [text for text, _ in FOUND])
def test_spans(text: str) -> None:
    for use in uses(text):
        check_span(use)


def test_bytes_that_are_not_utf8() -> None:
    data = b"# caf\xe9\nFROM a:1 \\\n# \xff\n AS b\nRUN \xff\nCOPY --from=b:\xff x y\n"
    first, second = uses(data)
    assert brief(first) == whole("FROM AS b", "a:1")
    assert data[slice(*first.span)] == b"a:1"
    assert isinstance(second.reference, InvalidReference)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("FROM --platform=linux/arm64 a\n", "linux/arm64"),
        ('FROM --platform="linux/arm64" a\n', "linux/arm64"),
        ("FROM --platform=$BUILDPLATFORM a\n", "$BUILDPLATFORM"),
        ("FROM a\n", None),
        ("ARG X=a\nFROM --platform=p $X\nFROM --platform=p $X\n", "p"),
        ("ARG X=a\nFROM --platform=p $X\nFROM $X\n", "any platform and p"),
    ],
)
def test_platform(text: str, platform: str | None) -> None:
    (use,) = uses(text)
    assert use.platform == platform


def test_related_places() -> None:
    text = "ARG V=1\nARG X=a:$V\nARG Y=b\nFROM $X\nFROM $Y\nFROM ${Y}\n"
    argument, composed = uses(text)
    related = [(text[slice(*r.span)], r.label) for r in composed.related]
    assert related == [("V=1", "ARG V"), ("X=a:$V", "ARG X")]
    assert [text[slice(*r.span)] for r in argument.related] == ["$Y", "${Y}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM a:$X\n", "X has no value in this file"),
        ("FROM a:$TARGETARCH\n", "TARGETARCH is known only when the image is built"),
        ("ARG V=\nFROM a:$V\n", "V has no value in this file"),
        ("ARG V=1\nFROM a:$V\n", "the reference is built from several parts (V)"),
        ("FROM a:${X!}\n", "it holds a variable that Dockerfiles do not know how to expand"),
        ("FROM a\\\nb\n", "it is written over several lines"),
        ("FROM a\\b\n", "it is written with quotes or escapes inside"),
        ("FROM scratch\nCOPY --from=a:$V x y\n", "variables are not expanded in --from"),
        ("FROM {{x}}\n", "a template fills it in"),
    ],
)
def test_reasons(text: str, reason: str) -> None:
    (use,) = uses(text)
    assert isinstance(use.spelling, Opaque)
    assert use.spelling.reason == reason
    assert use.spelling.elsewhere == ("{{" in text)


def test_references_are_parsed() -> None:
    (use,) = uses("FROM r.io/a/b:1\n")
    assert isinstance(use.reference, ImageReference)
    assert use.reference.canonical == "r.io/a/b:1"


def test_a_file_of_another_name() -> None:
    assert uses("FROM a\n", "build.txt")
    assert find(Source("x.py", b"from a import b\n")) is None
    assert find(Source("x.txt", b"hello\n")) is None
    assert find(Source("x.bin", b"FROM a\0")) is None


@pytest.mark.parametrize("data", [b"FROM a\0", b"FROM a\nRUN <<EOF\n"])
def test_unparsable(data: bytes) -> None:
    with pytest.raises(Unparsable):
        find(Source("Dockerfile", data))


def test_inside_another_file() -> None:
    source = Source("c.yaml", b"x: |\n  ARG X=a:1\n  FROM $X\n  FROM b\n")
    data = b"ARG X=a:1\nFROM $X\nFROM b\n"

    def move(span: Span) -> Span | None:
        shift = 5 + 2 * (data.count(b"\n", 0, span.start) + 1)
        return Span(span.start + shift, span.end + shift)

    found = find_in(source, data, move, within=Span(5, 38), place="compose", route="s.build")
    assert [(u.route, u.place, source.slice(u.span)) for u in found] == [
        ("s.build ARG X", "compose", b"a:1"),
        ("s.build FROM", "compose", b"b"),
    ]
    assert source.slice(found[0].related[0].span) == b"$X"
    for use in found:
        check_span(use)


def test_inside_another_file_without_the_same_bytes() -> None:
    source = Source("c.yaml", b'x: "FROM \\x61"')
    (use,) = find_in(source, b"FROM a", lambda _: None, within=Span(3, 14))
    assert (use.text, use.span, type(use.spelling)) == ("a", Span(3, 14), Opaque)


WORDS = st.sampled_from(
    [
        *("FROM", "from", "ARG", "COPY", "RUN", "ONBUILD", "AS", "a:1", "X=b:2", "$X", "${X:-c}"),
        *(
            "--from=d",
            "--mount=from=e,x",
            "--platform=f",
            "scratch",
            "\\",
            "#",
            "<<EOF",
            "EOF",
            "'",
        ),
        *("\n", "\n", "\n", '"', "# syntax=g", "{{ h }}", "--from=$X", "X", "X=$X$X", "é", "\r\n"),
    ]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)


@settings(max_examples=300)
@given(st.one_of(TEXTS, TEXTS.map(lambda t: t.replace(" \n ", "\n")), st.text()).map(str.encode))
def test_never_raises_but_unparsable_and_spans_hold(data: bytes) -> None:
    try:
        found = uses(data)
    except Unparsable:
        return
    for use in found:
        check_span(use)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    for path in ("Dockerfile", "x"):
        try:
            find(Source(path, data))
        except Unparsable:
            assert path == "Dockerfile"


LINES = st.lists(
    st.sampled_from(
        [
            "FROM a:1 AS s",
            "FROM --platform=p b",
            "ARG X=c:1",
            "FROM $X",
            "COPY --from=s --link x y",
            "COPY --link --from=d x y",
            "RUN --mount=type=bind,from=e x",
            "RUN x",
            "ONBUILD ADD --from=f x y",
        ]
    ),
    max_size=8,
)


@given(LINES, st.sampled_from(["# FROM z", "", "  # c \\"]), st.sampled_from(["\n", "\r\n"]))
def test_continuations_and_comments_change_nothing(
    lines: list[str], between: str, end: str
) -> None:
    want = [brief(use) for use in uses("\n".join(lines))]
    broken = end.join(line.replace(" ", f" \\{end}{between}{end} ") for line in lines)
    assert [brief(use) for use in uses(broken)] == want
    apart = (end + between + end).join(lines)
    assert [brief(use) for use in uses(apart)] == want


@given(LINES, LINES, st.sampled_from(["RUN cat <<EOF", "COPY <<'EOF' /x", "ONBUILD RUN <<-EOF"]))
def test_heredocs_hold_no_uses(lines: list[str], inside: list[str], start: str) -> None:
    stages = "COPY --from=s"  # a stage inside a heredoc is none
    want = [brief(use) for use in uses("\n".join([*lines, "RUN x"]))]
    text = "\n".join([*lines, start, *inside, stages, "EOF"])
    assert [brief(use) for use in uses(text)] == want


def test_a_long_chain_of_arguments_takes_linear_time() -> None:
    rows = "".join(f"ARG A{i}=${{A{i - 1}}}-x\n" for i in range(1, 20_000))
    (use,) = uses(f"ARG A0=nginx\n{rows}FROM ${{A19999}}\n")
    assert use.reference is None
    assert len(use.related) == 64
    plain = rows.replace("-x", "")
    assert [brief(use) for use in uses(f"ARG A0=nginx:1\n{plain}FROM ${{A19999}}\n")] == [
        whole("ARG A0", "nginx:1")
    ]
