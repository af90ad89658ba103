"""``unused-ignore``: a comment that accepts findings, and there are none to accept."""

from boltseal.check import Rule
from boltseal.finding import Finding, Severity
from boltseal.ignores.heeding import IdleCheck
from boltseal.ignores.suppress import Idle
from boltseal.source import Source

RULE = Rule("unused-ignore", Severity.WARNING)


def judge(source: Source, idle: Idle) -> Finding:
    """The finding for a comment that does nothing, in whole or in part."""
    return Finding(RULE.name, RULE.severity, _message(idle), _hint(idle), source, idle.comment.span)


def _message(idle: Idle) -> str:
    said = list(idle.unknown)
    where = "in this file" if idle.comment.whole_file else "here"
    if idle.rules:
        verb = "finds" if len(idle.rules) == 1 else "find"
        said.append(f"{' and '.join(idle.rules)} {verb} nothing {where}")
    return f"the ignore comment is unused: {'; '.join(said) or f'nothing is found {where}'}"


def _hint(idle: Idle) -> str:
    if idle.unknown and not idle.rules:
        return "write the name of a rule: 'boltseal rule' lists them"
    if idle.rules and set(idle.rules) != set(idle.comment.rules):
        return f"take {' and '.join(idle.rules)} out of it"
    return "delete it"


CHECK = IdleCheck(RULE, judge)
