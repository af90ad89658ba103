"""Kubernetes objects that name images in ways of their own: one module a project, listed here.

A manifest may hold objects of many kinds, so these are not places: the place for Kubernetes asks
them, object by object. Each has a name, which its uses carry as their place.
"""

from importlib import import_module

from boltseal_rules.kubernetes.kind import Kind

_KINDS: tuple[str, ...] = (
    "argo_cd",
    "argo_workflows",
    "flux",
    "tekton",
    "openshift",
    "operators",
)

KINDS: tuple[Kind, ...] = tuple(
    import_module(f"boltseal_rules.kinds.{name}").KIND for name in _KINDS
)
