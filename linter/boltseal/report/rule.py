"""The documentation of a rule, made from the rule and its page."""

from collections.abc import Iterator, Mapping

from boltseal.check import Rule
from boltseal.example import Example
from boltseal.page import Page
from boltseal.resolve.outcome import Outcome, Resolved


def table(rules: Mapping[Rule, Page]) -> Iterator[str]:
    """One line a rule."""
    width = max(len(rule.name) for rule in rules)
    for rule, page in rules.items():
        yield f"{rule.name:<{width}}  {rule.severity:<7}  {page.summary}"


def rule_page(rule: Rule, page: Page) -> Iterator[str]:
    """The page of one rule, in Markdown."""
    yield from (f"# {rule.name}", "", f"{page.summary} Severity: {rule.severity}.", "")
    yield from ("## What it does", "", page.what, "")
    yield from ("## Why is this bad?", "", page.why, "")
    yield from ("## Example", "")
    for example in page.bad:
        yield from _example(example, f"is reported{_when(example.outcome)}:")
    for example in page.good:
        yield from _example(example, "is not reported:")
    yield from ("## The fix", "", page.fix, "")
    yield from ("## Accepting a finding", "", _accepting(rule, page))
    if page.references:
        yield from ("", "## References", "")
        yield from (f"- <{reference}>" for reference in page.references)


def _accepting(rule: Rule, page: Page) -> str:
    comment, where = "ignore", "on the line or alone above it"
    if page.of_files:
        comment, where = "ignore-file", "anywhere in the file"
    return (
        f"The comment `# boltseal: {comment}[{rule.name}] REASON`, {where}, accepts what is found "
        "there; so does an `[[accept]]` of the configuration."
    )


def _when(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    if isinstance(outcome, Resolved):
        return " when its tag is another image now"
    return " when its registry has no such digest" if outcome.gone else " when no answer can be had"


def _example(example: Example, verdict: str) -> Iterator[str]:
    for path, text in example.beside:
        yield from (f"Beside this `{path}`:", "")
        yield from _fenced(text)
    yield from (f"`{example.path}` {verdict}", "")
    yield from _fenced(example.text)
    if example.fixed is not None:
        yield from ("and becomes", "")
        yield from _fenced(example.fixed)


def _fenced(text: str) -> Iterator[str]:
    yield "```"
    yield from text.splitlines()
    yield from ("```", "")
