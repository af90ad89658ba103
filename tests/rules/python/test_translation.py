"""What libcst reads where the stdlib's parser refuses a module, or does not tell pieces apart."""

import ast
from itertools import groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse, Whole
from boltseal_rules.python import concrete, reading
from boltseal_rules.python.known import names
from boltseal_rules.python.module import module_uses
from boltseal_rules.python.strings import pieces
from boltseal_rules.python.syntax import Piece, Tree
from tests.tools import problems, sealed, texts, uses

NAME = "jobs/run.py"
REFUSED = "x = '\\N{no}'\n"
"""What every Python refuses, and libcst reads."""
VALUES = st.sampled_from(
    [
        *('"acme/app:1"', "r'acme/app:1'", "'acme/app\\x3a1'", "('acme/'  # é\n    'app:1')"),
        *("f'acme/app:{T}'", "f'{X}:{T}'", "f'{X!r}:{T:>3}'", "'acme/app:' + T", "'%s:1' % X"),
        *(
            "'acme/app:{}'.format(T)",
            "b'acme/app:1'",
            "X",
            "self.X",
            "C.X",
            "MORE['é']",
            "MORE[1:]",
        ),
        *("get('X_IMAGE', 'acme/app:2')", "X if T else 'acme/app:3'", "X or 'acme/app:4' or None"),
        *(
            "(image := 'acme/app:5')",
            "['acme/app:6', *MORE]",
            "('acme/app:7', X)",
            "(not X)",
            "(X)",
        ),
        *("{'é': 'acme/app:8', **MORE}", "{'image': X, 'command': ['true']}", "-1", "X < 1 < 2"),
        *("[run(image=i) for i, j in (('acme/app:9', 1),) if i for k in j]", "await f(X)", "X * 2"),
        "(lambda x='acme/app:0': run(image=x))",
    ]
)
LINES = st.sampled_from(
    [
        *(
            "X = {0}",
            "IMAGE: Final[str] = {0}",
            "self.image = {0}",
            "a, image = 1, {0}",
            "X += {0}",
        ),
        *("run(image={0}, command=['é'])", "run({0}, *{1}, **T)", "c.containers.run({0}, {1})"),
        *("c.images.pull({0}, all_tags=None)", "Pod(containers=[{{'image': {0}}}])", "del X, T"),
        *("assert X == {0}, {1}", "assertEqual({0}, {1})", "for i in {0}:\n    run(image=i)"),
        *("with {0} as image, f({1}):\n    pass", "if X:\n    run(image={0})\nelif T: {1}"),
        "def f(a, /, image={0}, *b, base_image={1}, **c) -> 'acme/no:1':\n    return run(image=a)",
        "@task(image={0})\nasync def g(): ...",
        "class C(Base, key={0}):\n    'acme/no:2'\n    X: str = {1}",
        "import docker, a.b as c\nfrom .x import DockerOperator as D\nD(image={0})",
        "from x import *\nfrom testcontainers.core.container import DockerContainer",
        "class Mine(DockerContainer):\n    def __init__(self, image={0}):\n        self.x = {1}",
        "match {0}:\n    case 'a' | True | {{'image': b, **c}} if {1}: ...\n    case _: Mine({0})",
        "try: global X\nexcept E as e: raise E({0}) from e\nfinally: print({1})",
        "M = '''\napiVersion: v1\nkind: Pod\nspec: {{containers: [{{image: \"a:1\"}}]}}\n'''",
    ]
)
MODULES = st.lists(st.builds(str.format, LINES, VALUES, VALUES), max_size=6).map("\n".join)


def seen(found: list[ImageUse]) -> list[tuple[object, ...]]:
    """All of the uses but what else reads them, which is not asked of a translated module."""
    return [
        (it.route, it.text, it.span, it.related, it.spelling._replace(objection=""))
        if isinstance(it.spelling, Whole)
        else (it.route, it.text, it.span, it.related, it.spelling)
        for it in found
    ]


@settings(deadline=None, max_examples=120)
@given(MODULES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
@example("X = 'acme/app:1'\nIMAGE = ('acme/app:7', X)", "\n", "")
def test_both_parsers_lead_to_the_same_uses(text: str, end: str, mark: str) -> None:
    source = Source(NAME, (mark + text).replace("\n", end).encode())
    told, translated = reading.parse(source), concrete.parse(source)
    assert (told.is_translated, translated.is_translated) == (False, True)
    expected = seen(module_uses(told, "python", names()))
    assert seen(module_uses(translated, "python", names())) == expected


@pytest.mark.parametrize(
    "text",
    [
        'type X = int\nrun(image="acme/app:1")\n',
        "def f[T: int](a: T, image='acme/app:1'): ...\n",
        "class C[T](Base[T]):\n    IMAGE = 'acme/' 'app:1'\n",
        "run(image='acme/app:1', x=f'{d['k']}')\n",
        f"{REFUSED}run(image='acme/app:1')\n",
    ],
)
def test_newer_and_odd_syntax_is_read_and_rewritten(text: str) -> None:
    assert texts(NAME, text) == ["acme/app:1"]
    assert sealed(NAME, text) == text.replace("app:1", "app:1@<docker.io/acme/app:1>")


def test_what_reads_a_constant_in_syntax_that_is_too_new_is_not_known() -> None:
    text = f"{REFUSED}X = 'acme/app:1'\nrun(image=X)\n"
    (use,) = uses(NAME, text)
    assert isinstance(use.spelling, Whole)
    assert use.spelling.objection == "what else reads it in syntax as new as this is not known"
    assert sealed(NAME, text) == text


@pytest.mark.parametrize("wrong", ["'\\N{no}'", "b'é'", "'a' '\\N{no}'", "f'{'\\N{no}'}'"])
def test_strings_that_say_nothing_are_passed_over(wrong: str) -> None:
    text = f"{REFUSED}run(image={wrong})\nrun(image='acme/app:1')\n"
    assert texts(NAME, text) == ["acme/app:1"]


@pytest.mark.parametrize("wrong", ["'a' b'b'", "t'a' 'b' b'c'"])
def test_strings_that_do_not_go_together_are_told(wrong: str) -> None:
    assert problems(NAME, f"x = {wrong}\nrun(image='acme/app:1')\n") != []


def test_what_neither_reads_is_told_with_its_line() -> None:
    with pytest.raises(Unparsable) as caught:
        reading.parse(Source(NAME, b"x = 1\nprint 'x'\n"))
    assert caught.value.offset == len("x = 1\n")


def read(text: str) -> tuple[Tree, ast.Constant | ast.JoinedStr]:
    tree = reading.parse(Source(NAME, text.encode()))
    (statement,) = tree.module.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, (ast.Constant, ast.JoinedStr))
    return tree, statement.value


def plain(found: list[Piece]) -> list[tuple[object, ...]]:
    """Pieces to be compared, with the text between two fields as one."""
    out: list[tuple[object, ...]] = []
    for is_text, group in groupby(found, lambda it: it.field is None and it.value is not None):
        if is_text:
            out.append(("".join(it.value or "" for it in group),))
        else:
            out += [(it.shown, it.field and ast.dump(it.field)) for it in group]
    return out


PIECES = st.lists(
    st.sampled_from(
        [*("f'é{x}'", "f'{x}:{y.z}'", 'f"{{{x}}}"', "f'''\n{x}'''", "'a'", "\n", "# é\n", "u'b'")]
    ),
    max_size=4,
).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(PIECES)
def test_both_parsers_tell_the_same_pieces_of_a_string(text: str) -> None:
    tree, node = read(f"(f'{{a}}' {text})\n")
    assert plain(pieces(tree, node)) == plain(concrete.pieces(tree, node))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f'a{x!r}'", ["a", "{x!r}"]),
        ("f'a{x:>{y}}'", ["a", "{x:>{y}}"]),
        ("f'a{ x }'", ["a", "{ x }"]),
        ("f'a{x=}'", ["a", "{x=}"]),
        ("f'\\x61{x}'", ["\\x61", "{x}"]),
        ("('a' 'b\\x3a' r'\\c')", ["a", "b:", "\\c"]),
        ("b'a' b'b'", ["…"]),
        ("''", [""]),
        ("f'a'", ["a"]),
        ("'a' f'b'", ["a", "b"]),
    ],
)
def test_pieces_are_shown_as_they_are_written(text: str, shown: list[str]) -> None:
    tree, node = read(f"{text}\n")
    assert [piece.shown for piece in pieces(tree, node)] == shown


@pytest.mark.parametrize("count", [1000, 5000])
def test_a_string_in_thousands_of_pieces_is_not_known_piece_by_piece(count: int) -> None:
    tree, node = read("(" + "'a' " * count + ")\n")
    assert [piece.value for piece in pieces(tree, node)] == [None]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_form_feeds_move_nothing(end: str) -> None:
    text = f"{REFUSED}\f# é\n\f\n\f\fimage = 'acme/app:1'\n\fOTHER_IMAGE = 'acme/app:2'\n"
    text = text.replace("\n", end)
    assert texts(NAME, text) == ["acme/app:1", "acme/app:2"]
    assert all(isinstance(it.spelling, Whole) for it in uses(NAME, text))
