"""A run as Markdown, read by a parser that is not ours."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import cmarkgfm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from boltseal.edit import Safety
from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.printable import brief
from boltseal.report import markdown
from boltseal.report.summary import Sealed, Summary
from boltseal.source import Source, Span
from boltseal.tally import Tally
from tests.reports import checked, report
from tests.tools import digest
from tests.workflow_commands import commands

OURS = re.compile(r"(?:</?details>|<summary>[\w ]+</summary>|<br>|<!-- boltseal -->|\s)*")
ZERO_WIDTH_SPACE = "\u200b"
# What GitHub makes of plain text: mentions, issues, addresses.
LIVE = re.compile(r"@[\w-]|#\d|://|www\.|\bGH-\d|:[\w+-]+:")
DIGEST = f"sha256:{'a' * 64}"


def text(summary: Summary) -> str:
    return "\n".join(markdown.document(summary))


def tokens(document: str) -> list[Token]:
    """The tokens of a document, after what no document may hold but for our own HTML."""
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(document)
    for token in parsed:
        assert token.type != "html_block" or OURS.fullmatch(token.content), token.content
        for child in token.children or ():
            assert child.type in {
                "text",
                "code_inline",
                "html_inline",
                "strong_open",
                "strong_close",
            }
            assert child.type != "html_inline" or child.content == "<br>"
            assert child.type != "text" or not LIVE.search(child.content), child.content
    kinds = {token.type.partition("_")[0] for token in parsed}
    assert kinds <= {"html", "heading", "inline", "paragraph", "fence"} | {
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    return parsed


def cells(document: str) -> Iterator[list[str]]:
    """The rows of all tables but for their heads, each cell as a reader sees it."""
    row: list[str] = []
    inside = False
    for token in tokens(document):
        if token.type == "tr_open":
            row = []
        inside = token.type == "td_open" or (inside and token.type != "td_close")
        if inside and token.type == "inline":
            row.append("".join(seen(child) for child in token.children or ()))
        if token.type == "tr_close" and row:
            yield row


def seen(token: Token) -> str:
    if token.type == "html_inline":
        return "\n"
    return token.content.replace(ZERO_WIDTH_SPACE, "")


class _Page(HTMLParser):
    """The rows of the tables of a page, and the elements in it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.elements: set[str] = set()
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the base class names it
        self.elements.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self._inside = True
            self.rows[-1].append("")
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data.replace(ZERO_WIDTH_SPACE, "")


def rendered(document: str) -> list[list[str]]:
    """The rows of all tables as GitHub's own parser makes them, with its links of addresses."""
    page = _Page()
    page.feed(
        cmarkgfm.github_flavored_markdown_to_html(document, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE)
    )
    assert page.elements <= {
        *("details", "summary", "h3", "p", "strong", "code", "pre", "br"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    return [row for row in page.rows if row]


def words(document: str) -> list[str]:
    """The paragraphs and headings of a document."""
    parsed = tokens(document)
    return [
        "".join(map(seen, it.children or ()))
        for before, it in pairwise(parsed)
        if before.type in {"paragraph_open", "heading_open"}
    ]


def finding(hint: str = "h", message: str = "m", path: str = "f", rule: str = "r") -> Finding:
    return Finding(rule, Severity.WARNING, message, hint, Source(path, b"x:1\n"), Span(0, 3))


def sealed(path: str = "f", before: str = "x:1", line: int = 1) -> Sealed:
    return Sealed(path, line, "dockerfile", before, f"{before}@{DIGEST}", DIGEST)


def fixed(*uses: Sealed, dry: bool = False) -> Summary:
    return Summary("fix", Tally(files=3), (), uses, dry)


def test_the_first_line_is_by_what_a_workflow_finds_its_comment() -> None:
    for summary in (report(count=1), fixed(sealed()), checked({"Dockerfile": "FROM x\n"})):
        assert text(summary).startswith("<!-- boltseal -->\n### boltseal")


def test_a_clean_run_is_one_sentence() -> None:
    assert words(text(report(count=3))) == ["boltseal: no findings in 3 files"]


def test_an_image_has_one_row_with_the_places_where_it_is_used() -> None:
    uses = [sealed("a"), sealed("a", "y:2", 7), *(sealed("b", line=n) for n in range(2, 7))]
    document = text(fixed(*uses))
    assert words(document)[0] == "boltseal sealed 7 image uses in 2 files"
    assert list(cells(document)) == [
        ["x:1", "sha256:aaaaaaaaaaaa…", "a:1\nb:2\nb:3\nb:4\nand 2 more"],
        ["y:2", "sha256:aaaaaaaaaaaa…", "a:7"],
    ]


def test_the_references_can_be_copied_whole() -> None:
    (fence,) = (it for it in tokens(text(fixed(sealed(), sealed("g")))) if it.type == "fence")
    assert fence.content == f"x:1@{DIGEST}\n"


def test_an_update_shows_the_digest_before() -> None:
    ((image, change, _),) = cells(text(fixed(sealed(before=f"x:1@sha256:{'b' * 64}"))))
    assert (image, change) == ("x:1", "sha256:bbbbbbbbbbbb… → sha256:aaaaaaaaaaaa…")


def test_what_is_left_is_grouped_by_rule_and_hint() -> None:
    document = text(checked({"Dockerfile": "FROM x:1\nFROM y:2\n", "compose.yaml": ""}))
    assert words(document) == [
        "boltseal: 2 findings in 2 files",
        "2 warnings, 2 fixable with boltseal fix.",
        "mutable-tag (2 warnings): run boltseal fix to seal it to its digest",
        "boltseal rule NAME explains a rule, and how to accept what it finds.",
    ]
    assert list(cells(document)) == [
        ["Dockerfile:1", "x:1", "the tag 1 can be moved to another image"],
        ["Dockerfile:2", "y:2", "the tag 2 can be moved to another image"],
    ]


def test_hints_that_are_given_once_share_a_table_and_stand_in_its_rows() -> None:
    document = text(report([finding(hint) for hint in ("one", "two", "both", "both")]))
    assert [row[2] for row in cells(document)] == ["m; one", "m; two", "m", "m"]
    assert [it for it in words(document) if it.startswith("r ")] == [
        "r (2 warnings)",
        "r (2 warnings): both",
    ]


def test_a_reference_is_said_once() -> None:
    values = "image:\n  repository: x\n  tag: '1'\n"
    document = text(checked({"values.yaml": values}))
    assert "(x:1)" in checked({"values.yaml": values}).records[0].message
    assert list(cells(document)) == [
        ["values.yaml:3", "x:1", "the tag 1 can be moved to another image"]
    ]


def test_errors_come_before_warnings() -> None:
    worse = finding(rule="worse")._replace(severity=Severity.ERROR)
    shown = words(text(report([finding(), worse])))
    assert shown[1:4] == ["1 error, 1 warning.", "worse (1 error): h", "r (1 warning): h"]


def test_notes_are_no_findings() -> None:
    note = finding()._replace(severity=Severity.NOTE)
    assert words(text(report([note])))[0] == "boltseal: 1 note in 1 file"
    assert words(text(report([note, finding()])))[0] == "boltseal: 1 finding, 1 note in 1 file"


def test_a_dry_run_lists_once_what_it_would_seal() -> None:
    summary = checked({"Dockerfile": "FROM x:1\nFROM $Y\n"})
    after = digest("docker.io/library/x:1")
    would = Sealed("Dockerfile", 1, "dockerfile", "x:1", f"x:1@{after}", after)
    document = text(summary._replace(sealed=(would,), dry=True))
    assert words(document)[0] == "boltseal would seal 1 image use in 1 file"
    assert [row[0] for row in cells(document)] == ["x:1", "Dockerfile:2"]


def test_a_dry_run_tells_what_is_left_on_a_line_of_which_it_would_seal_a_part() -> None:
    text_of_file = "services: {a: {image: x:1}, b: {image: y:2}}\n"
    summary = checked({"compose.yaml": text_of_file})
    assert all(record.replacements for record in summary.records)
    after = digest("docker.io/library/x:1")
    would = Sealed("compose.yaml", 1, "compose", "x:1", f"x:1@{after}", after)
    document = text(summary._replace(sealed=(would,), dry=True))
    assert [row[:2] for row in cells(document)][1:] == [["compose.yaml:1", "y:2"]]


def test_what_a_fix_could_not_resolve_is_not_called_fixable() -> None:
    left = finding()._replace(fix_safety=Safety.SAFE)
    assert words(text(report([left])))[1] == "1 warning, 1 fixable with boltseal fix."
    in_vain = left._replace(unresolved=True)
    assert words(text(report([in_vain])))[1] == "1 warning, 1 that could not be resolved."


def test_accepted_findings_are_counted_and_not_shown() -> None:
    accepted = finding()._replace(suppression=Suppression(Origin.COMMENT))
    shown = words(text(report([accepted])))
    assert shown == ["boltseal: no findings in 1 file", "1 accepted."]


def test_what_can_be_fixed_unsafely_is_told() -> None:
    unsafe = finding()._replace(fix_safety=Safety.UNSAFE)
    assert "1 fixable with boltseal fix --unsafe-fixes." in words(text(report([unsafe])))[1]


def test_a_bug_is_told() -> None:
    shown = words(text(report()._replace(bugs=("f: `it` broke",))))
    assert shown[1] == "A bug in boltseal: f: `it` broke"


@pytest.mark.parametrize(("rows", "folds"), [(8, 1), (9, 2)])
def test_a_long_table_is_folded(rows: int, folds: int) -> None:
    uses = [sealed(before=f"x:{n}") for n in range(rows)]
    assert text(fixed(*uses)).count("<details>") == folds
    assert len(list(cells(text(fixed(*uses))))) == rows


# Room


@pytest.mark.parametrize("name", ["x", "é" * 90, "😀" * 90])
def test_a_comment_holds_what_fits_and_counts_the_rest(name: str) -> None:
    uses = [sealed(f"{name}/{n}", f"{name}:{n}") for n in range(900)]
    found = [finding(hint=f"h{n}", path=f"{name}/{n}") for n in range(900)]
    document = text(report(found, count=900)._replace(command="fix", sealed=tuple(uses)))
    assert 50_000 < len(document.encode()) <= 65_536
    shown = list(cells(document))
    *_, last, _ = words(document)
    missing = {noun: int(number) for number, noun in re.findall(r"(\d+) more (\w+)", last)}
    assert last.startswith("There is no room here for ")
    assert missing == {
        noun: 900 - number
        for noun, number in {
            "images": sum(row[0].startswith(f"{name}:") for row in shown),
            "warnings": sum(row[0].startswith(f"{name}/") for row in shown),
            "references": sum(
                it.content.count("\n") for it in tokens(document) if it.type == "fence"
            ),
        }.items()
        if number < 900
    }


def test_nothing_is_said_of_room_where_there_is_enough() -> None:
    assert "no room" not in text(fixed(*(sealed(before=f"x:{n}") for n in range(100))))


def test_names_and_words_without_end_are_cut() -> None:
    document = text(report([finding("h" * 9999, "m" * 9999, "p" * 9999)]))
    assert len(document) < 2000
    assert "..." in document


# Hostile text


HOSTILE = (
    "a|b",
    "a\\|b",
    "a\\\\|b",
    "a\\",
    "`",
    "``a`",
    "` a `",
    " a ",
    " ",
    "<script>alert(1)</script>",
    "<!-- x",
    "</details>",
    "&lt;&#64;",
    "@octocat",
    "#123",
    "acme/web#1",
    "GH-26",
    "https://example.com/",
    "www.example.com",
    "a@example.com",
    "[a](https://example.com)",
    "![a](//example.com)",
    "[a]: https://example.com",
    "<https://example.com>",
    "**a** _b_ ~~c~~ $d$",
    ":tada:",
    "a\n| b | c |\n\n# d",
    "- a",
    "---",
    "```",
    "##[error]x",
    "::error::x",
    "'a `b' c'd'",
    "x\u202ey\x1b",
)


def shows(document: str, path: str, before: str, message: str) -> None:
    """That a document with a use sealed and a finding shows just these."""
    image = [before, "sha256:aaaaaaaaaaaa…", f"{path}:1"]
    found = [f"{path}:1", "", message]
    for rows in (list(cells(document)), rendered(document)):
        assert rows == [image, found]
    assert commands(document) == []


def both(path: str, before: str, words: str) -> Summary:
    use = sealed(path, before)
    return report([finding(words, words, path, words)])._replace(command="fix", sealed=(use,))


def quoteless(words: str) -> str:
    return re.sub(r"(?<!\w)'([^']+)'(?!\w)", r"\1", words)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_only_text(hostile: str) -> None:
    document = text(both(hostile, hostile, hostile))
    shown = brief(hostile, 300)
    expected = quoteless(shown).strip()
    shows(document, brief(f"{hostile}:1", 300).removesuffix(":1"), shown, expected)


MARKDOWN = st.text(
    st.sampled_from("|\\`<>&@#[]()!*_~-+=:/.'\"$ \n\t0aw{}é") | st.characters(),
    min_size=1,
    max_size=80,
)


@settings(max_examples=300)
@given(MARKDOWN, MARKDOWN, MARKDOWN)
def test_no_text_breaks_out_of_its_cell(path: str, before: str, words: str) -> None:
    document = text(both(path, before, words))
    place = brief(f"{path}:1", 300).removesuffix(":1")
    for image, found in (list(cells(document)), rendered(document)):
        assert image == [brief(before, 300), "sha256:aaaaaaaaaaaa…", f"{place}:1"]
        assert found[:2] == [f"{place}:1", ""]
        assert found[2].split() == quoteless(brief(words, 500)).split()
    assert commands(document) == []
