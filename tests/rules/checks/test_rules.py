"""The examples of every rule are what the rule says of them."""

import re
import tomllib

import pytest

from boltseal.check import Rule
from boltseal.configuration.keys import parse
from boltseal.engine import Knowledge, Task, inspect, judge
from boltseal.example import SHOWN_DIGEST, Example
from boltseal.finding import Finding
from boltseal.fixing import fix
from boltseal.report.rule import rule_page
from boltseal.resolve.outcome import Resolution
from boltseal.ruling import Ruling
from boltseal.seal import safety
from boltseal.source import Source
from boltseal_rules.knowledge import checks, comment_rules, names, pages, refuse_unknown_names
from tests.tools import KNOWLEDGE, digest, fixed, inspected

RULES = pages()
BAD = [(rule, example) for rule, page in RULES.items() for example in page.bad]
GOOD = [(rule, example) for rule, page in RULES.items() for example in page.good]


def known(example: Example) -> Knowledge:
    """The knowledge of a run with the configuration beside an example."""
    text = dict(example.beside).get("boltseal.toml", "")
    config = parse(tomllib.loads(text), "boltseal.toml")
    refuse_unknown_names(config, "boltseal.toml")
    ruling = Ruling(config, names=names(config, asked=True), comment_rules=comment_rules)
    return KNOWLEDGE._replace(checks=checks(asked=True, config=config), ruling=ruling)


def said(example: Example) -> list[Finding]:
    """The findings that an example has, and nobody accepts."""
    knowledge = known(example)
    found = inspect(knowledge, Source(example.path, example.text.encode()))
    findings = judge(knowledge, found, answers(example))
    return [finding for finding in findings if not finding.suppression]


def answers(example: Example) -> Resolution:
    if example.outcome is None:
        return {}
    images = (use.image for use in inspected(example.path, example.text).uses)
    return {image.canonical: example.outcome for image in images if image}


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_is_reported_by_its_rule_alone(rule: Rule, example: Example) -> None:
    findings = said(example)
    assert {finding.rule for finding in findings} == {rule.name}
    assert {finding.severity for finding in findings} == {rule.severity}


@pytest.mark.parametrize(("rule", "example"), [case for case in BAD if case[1].fixed])
def test_a_fix_gives_the_text_that_is_shown(rule: Rule, example: Example) -> None:
    if example.outcome is not None:
        found = inspected(example.path, example.text)
        after = fix(KNOWLEDGE, found, answers(example), Task(update=True))
        assert after.data.decode() == example.fixed
        assert after.findings == ()
        return
    text = fixed(example.path, example.text).decode()
    for use in inspected(example.path, example.text).uses:
        assert use.image
        assert safety(use) == "safe"
        text = text.replace(digest(use.image.canonical), SHOWN_DIGEST)
    assert text == example.fixed


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_is_clean(rule: Rule, example: Example) -> None:
    assert said(example) == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_the_comment_that_a_page_shows_accepts_a_bad_example(rule: Rule, example: Example) -> None:
    (comment,) = re.findall(
        r"comment `# (boltseal: [^`]+)`", "\n".join(rule_page(rule, RULES[rule]))
    )
    mark = "//" if example.path.endswith(".json") else "#"
    lines = example.text.splitlines(keepends=True)
    reported = {finding.source.position(finding.span.start).line for finding in said(example)}
    for number in sorted({1} if RULES[rule].of_files else reported, reverse=True):
        line = lines[number - 1]
        indent = line[: len(line) - len(line.lstrip())]
        lines.insert(number - 1, f"{indent}{mark} {comment}\n")
    assert said(example._replace(text="".join(lines))) == []
