"""Kubernetes objects that name images in ways of their own: one module a project, listed here.

A manifest may hold objects of many kinds, so these are not places: the place for Kubernetes asks
them, object by object. Each has a name, which its uses carry as their place. Most manifests have
no such object, so a module is loaded for the first that is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from boltseal_rules.kubernetes.kind import Kind, ObjectType


class _Sign(NamedTuple):
    """Which objects a module may be for: their API groups and kinds; all where there are none."""

    module: str
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


_SIGNS = (
    _Sign("argo_cd", ("argoproj.io",), ("Application", "ApplicationSet")),
    _Sign(
        "argo_workflows",
        ("argoproj.io",),
        ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"),
    ),
    _Sign(
        "flux",
        ("helm.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"),
        ("HelmRelease", "Kustomization", "OCIRepository"),
    ),
    _Sign("tekton", ("tekton.dev",)),
    _Sign(
        "openshift",
        ("", "image.openshift.io", "build.openshift.io", "apps.openshift.io"),
        (
            *("Build", "BuildConfig", "DeploymentConfig"),
            *("ImageStream", "ImageStreamImport", "ImageStreamTag"),
        ),
    ),
    _Sign("operators"),
)
# Groups of Kubernetes itself with a dot in their name, which is in the name of every project's.
_BUILT_IN = frozenset({"networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"})

NAMES = tuple(sign.module.replace("_", "-") for sign in _SIGNS)
"""The names that uses may carry as their place, in the order in which the kinds are asked."""


def load(name: str) -> "Kind":
    """The kind of this name."""
    kind: Kind = import_module(f"boltseal_rules.kinds.{name.replace('-', '_')}").KIND
    return kind


def kind_of(found: "ObjectType") -> "Kind | None":
    """The kind that reads objects of a type; None where they name images in containers only."""
    for sign in _SIGNS:
        if _may_be(sign, found) and (kind := load(sign.module)).matches(found):
            return kind
    return None


def _may_be(sign: _Sign, found: "ObjectType") -> bool:
    if sign.groups:
        return found.group in sign.groups and (not sign.kinds or found.kind in sign.kinds)
    return "." in found.group and found.group not in _BUILT_IN
