"""The guide of ``kinds/tekton.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_TASK = (
    "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  params:\n    - name: image\n"
    "      default: docker.io/library/alpine:3.22{}\n  steps:\n    - image: $(params.image)\n"
)

GUIDE = Guide(
    "Tekton: tasks, pipelines, their runs and step actions",
    finds=(
        "steps, sidecars and step templates, also of embedded tasks; `spec.image` of a StepAction",
        (
            "a parameter's default or value that is the whole of an image in the same file, "
            "also where a pipeline or a run passes it on"
        ),
        "bundles: `bundle` and the parameter of the `bundles` resolver",
    ),
    rewrites="the reference in place, a parameter's value where it is written",
    passes_over=(
        "parameters that no image of the file is filled from, whatever they are called",
        "an image put together from parameters is judged and not rewritten",
    ),
    examples=(Example("task.yaml", _TASK.format(""), _TASK.format(f"@{SHOWN_DIGEST}")),),
    peers=Peers(
        renovate="steps, sidecars, stepTemplate, StepAction, bundles; no parameters",
        dependabot="`image` keys",
        ratchet="steps and sidecars",
        frizbee="`image:` text in any YAML",
    ),
)
