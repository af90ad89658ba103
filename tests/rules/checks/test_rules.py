"""The examples of every rule are what the rule says of them."""

import tomllib

import pytest

from boltseal.check import Rule
from boltseal.engine import Inspected, Knowledge, Task, judge
from boltseal.example import SHOWN_DIGEST, Example
from boltseal.fixing import fix
from boltseal.keys import parse
from boltseal.policy import required
from boltseal.resolve.outcome import Resolution
from boltseal.seal import safety
from boltseal.settings import Config
from boltseal_rules.knowledge import checks, pages, refuse_unknown_names
from tests.tools import KNOWLEDGE, digest, fixed, inspected

BAD = [(rule, example) for rule, page in pages().items() for example in page.bad]
GOOD = [(rule, example) for rule, page in pages().items() for example in page.good]


def known(example: Example) -> Knowledge:
    """The knowledge of a run with the configuration beside an example."""
    config = configured(example)
    return KNOWLEDGE._replace(checks=checks(asked=True, config=config))


def configured(example: Example) -> Config:
    text = dict(example.beside).get("boltseal.toml", "")
    config = parse(tomllib.loads(text), "boltseal.toml")
    refuse_unknown_names(config, "boltseal.toml")
    return config


def looked_at(example: Example) -> Inspected:
    """An example with what the configuration beside it requires of its images."""
    found, policies = inspected(example.path, example.text), configured(example).policy
    uses = (u._replace(required=required(policies, u, example.path)) for u in found.uses)
    return found._replace(uses=tuple(uses))


def answers(example: Example) -> Resolution:
    if example.outcome is None:
        return {}
    images = (use.image for use in inspected(example.path, example.text).uses)
    return {image.canonical: example.outcome for image in images if image}


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_is_reported_by_its_rule_alone(rule: Rule, example: Example) -> None:
    findings = list(judge(known(example), looked_at(example), answers(example)))
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
    assert list(judge(known(example), looked_at(example), answers(example))) == []
