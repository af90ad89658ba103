"""What a file of GitLab CI looks like, told from the files of other services."""

from collections.abc import Iterator
from enum import IntEnum

from boltseal_rules.formats.yaml_tree import Mapping, Scalar, Sequence

_NO_JOBS = frozenset(
    [
        "after_script",
        "before_script",
        "cache",
        "default",
        "image",
        "include",
        "services",
        "spec",
        "stages",
        "types",
        "variables",
        "workflow",
    ]
)
_JOB_KEYS = frozenset(
    [
        "after_script",
        "allow_failure",
        "artifacts",
        "before_script",
        "cache",
        "coverage",
        "dependencies",
        "environment",
        "except",
        "image",
        "interruptible",
        "needs",
        "only",
        "parallel",
        "release",
        "resource_group",
        "retry",
        "rules",
        "services",
        "stage",
        "tags",
        "timeout",
        "trigger",
        "variables",
        "when",
    ]
)
# Keys that beside a script leave no doubt.
_JOB_ONLY = frozenset(["artifacts", "before_script", "extends", "needs", "only", "rules", "tags"])
# Files of other services that look alike from afar.
_FOREIGN = frozenset(
    [
        "apiVersion",
        "jobs",
        "kind",
        "language",
        "on",
        "pipeline",
        "pipelines",
        "resources",
        "steps",
        "tasks",
    ]
)


class Shape(IntEnum):
    """How sure it is by the content alone that a file is of GitLab CI."""

    FOREIGN = 0
    UNKNOWN = 1
    LIKELY = 2
    SURE = 3


def is_header(root: Mapping) -> bool:
    """Whether a document is the header of a configuration or component: nothing but ``spec``."""
    return isinstance(root.get("spec"), Mapping) and len(root.entries) == 1


def shape(text: str, roots: list[Mapping]) -> Shape:
    """How sure it is that documents are of GitLab CI; ``text`` is all of theirs."""
    contents = [root for root in roots if not is_header(root)]
    if any(_is_foreign(root) for root in contents):
        return Shape.FOREIGN
    if contents and len(contents) < len(roots) and "$[[" in text:
        return Shape.SURE
    shapes = (_job_shape(name, job) for root in contents for name, job in jobs(root))
    return max(shapes, default=Shape.UNKNOWN)


def jobs(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The entries that may be jobs."""
    for key, value in root.scalars():
        if isinstance(value, Mapping) and key not in _NO_JOBS:
            yield key, value


def _is_foreign(root: Mapping) -> bool:
    keys = {key for key, _ in root.scalars()}
    if isinstance(root.get("services"), Mapping) or {"apiVersion", "kind"} <= keys:
        return True
    known = {name for name, job in jobs(root) if _job_shape(name, job) > Shape.UNKNOWN}
    return not keys.isdisjoint(_FOREIGN - known)


def _job_shape(name: str, job: Mapping) -> Shape:
    keys = {key for key, _ in job.scalars()}
    if isinstance(job.get("services"), Mapping):
        return Shape.UNKNOWN
    has_script = isinstance(job.get("script"), Scalar | Sequence)
    has_stage = isinstance(job.get("stage"), Scalar)
    if has_script and (has_stage or keys & _JOB_ONLY):
        return Shape.SURE
    others = keys & _JOB_KEYS
    if others and (has_script or has_stage or "extends" in keys or name.startswith(".")):
        return Shape.LIKELY
    return Shape.UNKNOWN
