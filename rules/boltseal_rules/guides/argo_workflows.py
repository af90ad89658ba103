"""The guide of ``kinds/argo_workflows.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_WORKFLOW = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  arguments:\n    parameters:\n"
    "      - name: image\n        value: alpine:3.22{}\n  templates:\n    - name: main\n"
    '      container:\n        image: "{{{{workflow.parameters.image}}}}"\n'
)

GUIDE = Guide(
    "Argo Workflows: workflows, their templates, cron workflows",
    finds=(
        "containers, scripts, init containers, sidecars, container sets, template defaults",
        (
            "a parameter's value that is the whole of an image in the same file, also where it is "
            "passed from step to step"
        ),
        "loop items (`withItems`): whole references, and names with a tag beside them",
    ),
    rewrites="the reference in place, a parameter's value where it is written; behind the tag "
    "of a loop item only with `--unsafe-fixes`",
    passes_over=(
        "parameters and items that no image of the file is filled from",
        "an image put together from other parameters is judged and not rewritten",
    ),
    examples=(
        Example("workflow.yaml", _WORKFLOW.format(""), _WORKFLOW.format(f"@{SHOWN_DIGEST}")),
    ),
    peers=Peers(
        renovate="`image:` lines; no parameters",
        dependabot="`image` keys",
        frizbee="`image:` text in any YAML",
    ),
)
