"""Shell text as commands with words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal_rules.formats.shell_words import read


def commands(text: str) -> list[list[str]]:
    return [[text[word.start : word.end] for word in words] for words in read(text).commands]


def test_a_comment_is_no_command_and_a_hash_in_a_word_no_comment() -> None:
    assert commands("# a b\na#b c # d\n") == [["a#b", "c"]]


def test_a_comment_is_not_continued() -> None:
    assert commands("# a \\\nb c\n") == [["b", "c"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_backslash_continues_a_command(end: str) -> None:
    assert commands(f"a -b \\{end}  c{end}d{end}") == [["a", "-b", "c"], ["d"]]


def test_lists_and_pipes_part_commands() -> None:
    assert commands("a && b || c; d | e & f") == [[it] for it in "abcdef"]


def test_quotes_hold_a_word_together() -> None:
    assert commands("a 'b; c' \"d | e\" f\\ g $'h\\'i'") == [
        ["a", "'b; c'", '"d | e"', "f\\ g", "$'h\\'i'"]
    ]


def test_commands_in_substitutions_are_commands_too() -> None:
    assert commands('a "$(b "$(c d)" e)" `f g` <(h)') == [
        ["a", '"$(b "$(c d)" e)"', "`f g`", "<(h)"],
        ["b", '"$(c d)"', "e"],
        ["c", "d"],
        ["f", "g"],
        ["h"],
    ]


def test_what_a_command_puts_out_is_known_as_a_part_of_its_word() -> None:
    words = read('a b$(c)d "$e" `f`').commands[0]
    assert [word.substituted for word in words] == [False, True, False, True]


def test_redirections_are_no_words() -> None:
    assert commands("a >b 2>&1 c </d &>e 2>/f <<<g h") == [["a", "c", "h"]]


def test_words_of_an_array_are_no_command_but_those_it_runs_are() -> None:
    assert commands("A=(b c $(d e)) f") == [["A=(b c $(d e))", "f"], ["d", "e"]]


def test_patterns_of_a_case_close_no_parenthesis() -> None:
    assert ["d", "e"] in commands("(case $a in b|c) d e ;; esac); f")
    assert ["f"] in commands("(case $a in b|c) d e ;; esac); f")


def test_braces_of_a_variable_may_hold_blanks_and_quotes() -> None:
    assert commands('a ${B:-"c d"} ${{ e.f }} {{ g }}') == [
        ["a", '${B:-"c d"}', "${{ e.f }}", "{{ g }}"]
    ]


@pytest.mark.parametrize(
    ("opener", "quoted", "tabs"),
    [("<<E", False, False), ("<<'E'", True, False), ("<< \\E", True, False), ("<<-E", False, True)],
)
def test_the_body_of_a_heredoc_is_no_command(opener: str, quoted: bool, tabs: bool) -> None:
    text = f"a {opener} | b\nc d\nE\ne\n"
    assert commands(text) == [["a"], ["b"], ["e"]]
    (heredoc,) = read(text).heredocs
    assert text[heredoc.start : heredoc.end] == "c d\n"
    assert (heredoc.quoted, heredoc.tabs) == (quoted, tabs)


def test_several_heredocs_follow_one_another() -> None:
    text = "a <<X <<-Y\n1\nX\n\t2\n\tY\nb"
    assert [text[it.start : it.end] for it in read(text).heredocs] == ["1\n", "\t2\n"]
    assert commands(text) == [["a"], ["b"]]


def test_a_heredoc_in_a_substitution_is_passed_over() -> None:
    assert commands('A="$(cat <<E\nb c\nE\n)"\nd') == [['A="$(cat <<E\nb c\nE\n)"'], ["cat"], ["d"]]


def test_what_is_never_closed_ends_the_reading() -> None:
    assert commands("a b\nc 'd\ne") == [["a", "b"], ["c", "'d\ne"]]
    assert commands('a b\nc "d\ne') == [["a", "b"]]
    assert commands("a <<E\nb") == [["a"]]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab \t\n\r\\'\"$`(){}<>|&;#=-E", max_size=60))
def test_every_text_gives_words_that_stand_in_it(text: str) -> None:
    found = read(text)
    for command in found.commands:
        for word in command:
            assert 0 <= word.start < word.end <= len(text)
    for heredoc in found.heredocs:
        assert heredoc.at < heredoc.start <= heredoc.end <= len(text)


@pytest.mark.parametrize("piece", ["$(", "`", '"', "${", "((", "<<E\n", "{{", "'", "$((", "a=("])
def test_time_grows_with_the_text(piece: str) -> None:
    read(piece * 50_000)
