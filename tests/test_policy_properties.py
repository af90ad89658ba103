"""Whatever is configured: what is fixed is what is reported, and nothing of it is left."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.configuration.settings import Accepted, Config, Policy
from boltseal.edit import Safety, apply
from boltseal.engine import Knowledge, inspect, judge
from boltseal.finding import Finding, Severity
from boltseal.fixing import fix, wanted_references
from boltseal.resolve.outcome import Resolved
from boltseal.ruling import Ruling
from boltseal.seal import seal
from boltseal.source import Source
from boltseal.use import Requirement
from boltseal_rules.knowledge import (
    UNPARSABLE,
    checks,
    comment_rules,
    is_barren,
    names,
    places,
)
from tests.test_golden import AROUND, FILES, before
from tests.tools import digest

_RULES = ("mutable-tag", "implicit-latest", "unlocked-artifact", "unresolvable-reference")
_IMAGES = ("nginx", "redis", "ghcr.io/**", "docker.io/**", "**/*a*", "quay.io/*/*")
_REGISTRIES = ("docker.io", "ghcr.io", "*.io", "registry.example.com", "docker.io/library")
_PLACES = ("dockerfile", "compose", "kubernetes", "helm-values", "github-actions", "python")
_PATHS = ("*.yaml", "*.yml", "Dockerfile*", "kubernetes/", "!*.yaml", "**/a*")


def _some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly none: what many conditions must hold for is hardly anything."""
    some = st.lists(st.sampled_from(words), min_size=1, max_size=2).map(tuple)
    return st.sampled_from([False, False, False, True]).flatmap(
        lambda it: some if it else st.just(())
    )


def _made(make: Callable[..., Any], **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of some fields; of the others nobody makes any up."""
    return st.fixed_dictionaries(parts).map(lambda found: make(**found))


_CONDITIONS = {
    "images": _some(_IMAGES),
    "registries": _some(_REGISTRIES),
    "places": _some(_PLACES),
    "paths": _some(_PATHS),
}
_POLICIES = _made(Policy, require=st.sampled_from(Requirement), **_CONDITIONS)
_ACCEPTS = _made(Accepted, rules=_some(_RULES), **_CONDITIONS)
_SEVERITIES = st.dictionaries(st.sampled_from(_RULES), st.sampled_from(Severity), max_size=2)
_CONFIGS = _made(
    Config,
    disable_places=_some(_PLACES),
    select=_some(_RULES),
    ignore=_some(_RULES),
    severity=_SEVERITIES.map(lambda found: tuple(found.items())),
    policy=st.lists(_POLICIES, max_size=3).map(tuple),
    accept=st.lists(_ACCEPTS, max_size=2).map(tuple),
    trusted_registries=_some(_REGISTRIES),
)


def _knowledge(config: Config, least: Severity, *, asked: bool) -> Knowledge:
    ruling = Ruling(
        config,
        "boltseal.toml",
        names=names(config, asked=asked),
        least=least,
        comment_rules=comment_rules,
    )
    return Knowledge(
        places(config),
        checks(asked=asked, config=config),
        UNPARSABLE,
        frozenset(config.disable_places),
        is_barren,
        ruling,
    )


def _to_mend(findings: list[Finding]) -> list[Finding]:
    return [it for it in findings if it.fix_safety is Safety.SAFE and not it.suppression]


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(FILES),
    config=_CONFIGS,
    least=st.sampled_from([Severity.NOTE, Severity.WARNING]),
)
def test_a_fix_makes_what_a_check_reports_and_leaves_nothing_of_it(
    name: str, config: Config, least: Severity
) -> None:
    source = Source(name, before(name), AROUND)
    checking, fixing = (_knowledge(config, least, asked=asked) for asked in (False, True))
    reported = _to_mend(list(judge(checking, inspect(checking, source))))
    found = inspect(fixing, source)
    images = [use.image for use in found.uses if use.image and not use.image.is_pinned]
    resolution = {it.canonical: Resolved(digest(it.canonical), "") for it in images}
    edits = [
        edit
        for finding in reported
        if finding.use and finding.use.image
        for edit in seal(finding.use, digest(finding.use.image.canonical)).edits
    ]
    result = fix(fixing, found, resolution)
    assert set(wanted_references(fixing, found)) <= set(images)
    assert result.data == apply(source.data, edits)
    after = inspect(checking, Source(name, result.data, AROUND))
    assert _to_mend(list(judge(checking, after))) == []
