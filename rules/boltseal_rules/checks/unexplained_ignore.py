"""``unexplained-ignore``: a comment accepts findings and does not say why."""

from boltseal.check import Rule
from boltseal.finding import Finding, Severity
from boltseal.ignores.comment import Comment
from boltseal.ignores.heeding import CommentCheck
from boltseal.source import Source

RULE = Rule("unexplained-ignore", Severity.WARNING)


def judge(source: Source, comment: Comment) -> Finding | None:
    """A finding for a comment of ours without a reason. Other programs ask for reasons themselves."""
    if comment.reason or comment.program:
        return None
    message = "the ignore comment does not say why the finding is accepted"
    hint = "write the reason behind it"
    return Finding(RULE.name, RULE.severity, message, hint, source, comment.span)


CHECK = CommentCheck(RULE, judge)
