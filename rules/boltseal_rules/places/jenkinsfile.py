"""Jenkins pipelines in Groovy: agents, scripted steps in containers, and pod templates."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import settled
from boltseal_rules.formats import groovy
from boltseal_rules.jenkins.pipeline import named_images, script
from boltseal_rules.jenkins.pod_text import pod_uses
from boltseal_rules.jenkins.values import known, reference_uses

NAME = "jenkinsfile"
_NEEDS = re.compile(r"\bdocker(?:Container)?\b|\bcontainerTemplate\b|\byaml\b")


def find(source: Source) -> Found | None:
    """The images of a pipeline; None where nothing in the script names one."""
    if not _NEEDS.search(source.text):
        return None
    uses = list(_uses(source))
    return Found(guarded(source, _innermost(settled(uses)), bare=True)) if uses else None


def _uses(source: Source) -> Iterator[ImageUse]:
    read = script(groovy.tokens(source.text))
    said = known(source, NAME, read.tokens)
    for named in named_images(read):
        if named.is_pod:
            yield from pod_uses(source, NAME, named.route, named.expression[0])
        else:
            yield from reference_uses(source, NAME, said, named)


def _innermost(uses: Iterable[ImageUse]) -> tuple[ImageUse, ...]:
    """The uses by their spans, without the expressions in which another image is named."""
    found = sorted(uses, key=lambda use: (use.span.start, -use.span.end))
    kept = [
        use
        for use, following in zip_longest(found, found[1:])
        if following is None
        or following.span.start >= use.span.end
        or following.span.end > use.span.end
        or following.span == use.span
    ]
    return tuple(kept)
