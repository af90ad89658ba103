"""The guide of ``places/gitlab_ci.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "GitLab CI configurations, the files that they include, and components",
    finds=(
        "`image` and `services`, as text or with `name`, at the top, in `default`, in every job",
        "variables that are an image as a whole (also in a matrix), across all local includes",
        "defaults of inputs (`spec:inputs`) and what local includes are given for them",
        "images behind the prefix of a dependency proxy",
    ),
    rewrites="the reference in place, or in the variable or input that is the whole of it",
    passes_over=(
        "what is included from elsewhere (`project`, `remote`, `template`, `component`)",
        "`!reference` and `extends`: judged where the image is written",
        "variables whose value a script of the pipeline builds or pushes",
        "images put together from variables: reported, not rewritten; a note where one is not known",
    ),
    examples=(
        Example(
            ".gitlab-ci.yml",
            "variables:\n  PYTHON: python:3.12\ntest:\n  image: $PYTHON\n  script: [pytest]\n",
            f"variables:\n  PYTHON: python:3.12@{SHOWN_DIGEST}\n"
            "test:\n  image: $PYTHON\n  script: [pytest]\n",
        ),
        Example(
            "templates/lint.yml",
            "spec:\n  inputs:\n    image: {default: 'alpine:3.20'}\n---\n"
            "lint:\n  image: $[[ inputs.image ]]\n  script: [./lint]\n",
            f"spec:\n  inputs:\n    image: {{default: 'alpine:3.20@{SHOWN_DIGEST}'}}\n---\n"
            "lint:\n  image: $[[ inputs.image ]]\n  script: [./lint]\n",
        ),
    ),
    peers=Peers(
        renovate="`image` and `services` of `.gitlab-ci.yml` and local includes, dependency "
        "proxies; no variables, matrices, inputs",
        ratchet="images of jobs",
        frizbee="`image:` text in any YAML",
        pindock="`image:` lines",
    ),
)
