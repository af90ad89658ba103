"""Comments that accept findings: how they are read, and which lines they are for."""

import pytest

from boltseal.ignores.comment import Comment, comments
from boltseal.source import BOM, Source


def read(text: str | bytes) -> list[Comment]:
    data = text.encode() if isinstance(text, str) else text
    return list(comments(Source("file", data)))


def lines(text: str) -> list[tuple[int, int]]:
    """The ranges of lines that the comments of a text are for."""
    return [(comment.first, comment.last) for comment in read(text)]


@pytest.mark.parametrize(
    "written",
    [
        "# boltseal: ignore[mutable-tag] why",
        "#boltseal:ignore[mutable-tag]why".replace("]why", "] why"),
        "// boltseal: ignore[mutable-tag] why",
        "/* boltseal: ignore[mutable-tag] why */",
        "; boltseal: ignore[mutable-tag] why",
        "-- boltseal: ignore[mutable-tag] why",
        "<!-- boltseal: ignore[mutable-tag] why -->",
        "{{/* boltseal: ignore[mutable-tag] why */}}",
        "{{- /* boltseal: ignore[mutable-tag] why */ -}}",
        "{# boltseal: ignore[mutable-tag] why #}",
        "{#- boltseal: ignore[mutable-tag] why -#}",
        "# other words # boltseal: ignore[mutable-tag] -- why",
    ],
)
def test_a_comment_of_every_language_is_read(written: str) -> None:
    for text in (f"{written}\nimage\n", f"  {written}\r\nimage\r\n"):
        (comment,) = read(text)
        assert (comment.rules, comment.reason) == (("mutable-tag",), "why")
        assert (comment.line, comment.first, comment.last) == (1, 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "x# boltseal: ignore",
        "# boltseal: ignored",
        "# boltseal: ignore-all",
        "# boltseal: ignore[]",
        "# boltseal: ignore[mutable-tag",
        "# boltseal ignore",
        "boltseal: ignore",
        "url: https://boltseal: ignore",
    ],
)
def test_what_only_resembles_one_is_none(text: str) -> None:
    assert read(text) == []


def test_rules_stand_between_commas_or_blanks() -> None:
    (comment,) = read("# boltseal: ignore[ mutable-tag, implicit-latest,mutable-tag ]")
    assert comment.rules == ("mutable-tag", "implicit-latest")


def test_without_rules_it_is_for_all() -> None:
    (comment,) = read("# boltseal: ignore é 😀 ")
    assert comment.names("whatever")
    assert comment.reason == "é 😀"


def test_bytes_that_are_no_text_are_no_trouble() -> None:
    (comment,) = read(b"\xff\n# boltseal: ignore \xff\n")
    assert comment.reason == "\ufffd"


def test_a_byte_order_mark_stands_before_a_comment() -> None:
    (comment,) = read(BOM + b"# boltseal: ignore\r\nFROM a\r\n")
    assert (comment.span.start, comment.first) == (3, 2)


def test_a_file_is_ignored_as_a_whole() -> None:
    (comment,) = read("a\n# boltseal: ignore-file[mutable-tag] generated\n")
    assert comment.whole_file
    assert comment.reason == "generated"


def test_behind_something_it_is_for_its_line() -> None:
    assert lines("a\nb # boltseal: ignore\nc\n") == [(2, 2)]
    assert lines("a\n/* boltseal: ignore */ b\nc\n") == [(2, 2)]


def test_alone_it_is_for_the_next_line_that_says_something() -> None:
    assert lines("# boltseal: ignore\n\n# other\n  // third\nb\nc\n") == [(5, 5)]


def test_several_in_a_row_are_for_the_same_line() -> None:
    assert lines("# boltseal: ignore[a]\n# boltseal: ignore[b]\nc\n") == [(3, 3), (3, 3)]


def test_it_is_for_other_comments_directly_above_it_too() -> None:
    above = "x\n# one\n# two\n"
    ours = "# boltseal: ignore\n"
    assert lines(f"{above}{ours}a\n") == [(2, 5)]
    assert lines(f"{above}{ours}# three\n{ours}a\n") == [(2, 7), (2, 7)]
    assert lines(f"{above}\n{ours}a\n") == [(6, 6)]


def test_a_comment_of_several_lines_is_passed_over() -> None:
    assert lines("/* boltseal: ignore\n why\n*/\nb\n") == [(4, 4)]
    assert lines("# boltseal: ignore\n/* boltseal: ignore\n why\n*/\nb\n") == [(5, 5), (5, 5)]


def test_at_the_end_of_a_file_it_is_for_nothing_else() -> None:
    assert lines("a\n# boltseal: ignore") == [(2, 2)]


@pytest.mark.parametrize("end", ["\\", "\\  ", " `"])
def test_lines_that_are_continued_belong_together(end: str) -> None:
    text = f"# boltseal: ignore\nRUN a {end}\n# within\n  b {end}\n  c\nd\n"
    assert lines(text) == [(2, 5)]
    assert lines(text.replace("\n", "\r\n")) == [(2, 5)]


def test_an_escaped_backslash_continues_nothing() -> None:
    assert lines("# boltseal: ignore\na \\\\\nb\n") == [(2, 2)]


def test_within_a_statement_it_is_for_the_rest() -> None:
    assert lines("RUN a \\\n# boltseal: ignore\n  b \\\n  c\nd\n") == [(3, 4)]


@pytest.mark.parametrize(
    "key",
    ["image:", "image: &anchor", "image: # note", "image: >-", "image {", "image(", "image = ["],
)
def test_above_a_line_that_opens_a_block_it_is_for_the_block(key: str) -> None:
    text = f"# boltseal: ignore\n{key}\n  a: 1\n\n    b: 2\n# note\n  c: 3\nd: 4\n"
    assert lines(text) == [(2, 7)]


def test_behind_a_key_it_is_for_what_is_below() -> None:
    assert lines("image: # boltseal: ignore\n  a: 1\n  b: 2\nc: 3\n") == [(1, 3)]


def test_a_value_behind_the_key_ends_what_it_is_for() -> None:
    assert lines("# boltseal: ignore\nimage: a\n  b\n") == [(2, 2)]


def test_items_as_deep_as_their_key_are_of_its_block() -> None:
    assert lines("# boltseal: ignore\nimages:\n- a\n- b\n-\n  c\nd: 1\n") == [(2, 6)]


def test_items_of_a_list_around_a_block_are_not_of_it() -> None:
    assert lines("- a:\n  # boltseal: ignore\n  b:\n  - x\n- y\n") == [(3, 4)]


def test_above_an_item_it_is_for_the_item() -> None:
    text = "images:\n# boltseal: ignore\n- name: a\n  newTag: 1\n- name: b\n"
    assert lines(text) == [(3, 4)]


def test_behind_the_first_line_of_an_item_it_is_for_that_line() -> None:
    assert lines("- name: a # boltseal: ignore\n  newTag: 1\n") == [(1, 1)]
    assert lines("- image: # boltseal: ignore\n    a: 1\n  b: 1\n") == [(1, 2)]


def test_blocks_within_blocks_end_where_they_end() -> None:
    text = "# boltseal: ignore[a]\na:\n  # boltseal: ignore[b]\n  b:\n    c: 1\n  d: 1\ne: 1\n"
    assert lines(text) == [(2, 6), (4, 5)]


def test_a_file_without_the_word_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boltseal.ignores.comment._COMMENT", None)
    assert read("# a comment\n" * 3) == []
