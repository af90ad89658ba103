"""A rule with its page, in the words of SARIF 2.1.0 and of GitHub's code scanning."""

from boltseal.check import Rule
from boltseal.finding import Severity
from boltseal.page import Page
from boltseal.report.rule import rule_page

_PROBLEM = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "recommendation",
}
_SCORE = {Severity.ERROR: "7.0", Severity.WARNING: "5.0", Severity.NOTE: "2.0"}
"""As in CVSS 3: high, medium and low."""

Object = dict[str, object]


def descriptor(rule: Rule, page: Page) -> Object:
    """The reportingDescriptor of a rule. A rule about security has a score, by which it is sorted."""
    properties: Object = {
        "tags": [*(["security"] if page.security else []), "supply-chain", "containers"],
        "precision": "high",
        "problem.severity": _PROBLEM[rule.severity],
    }
    if page.security:
        properties["security-severity"] = _SCORE[rule.severity]
    return {
        "id": rule.name,
        "name": "".join(map(str.capitalize, rule.name.split("-"))),
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": f"{page.what} {page.why}"},
        "help": {
            "text": f"{page.what}\n\n{page.why}\n\n{page.fix}",
            "markdown": "\n".join(rule_page(rule, page)),
        },
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": properties,
    }
