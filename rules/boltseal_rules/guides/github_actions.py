"""The guide of ``places/github_actions.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_TEST = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
_MATRIX = (
    "    strategy: {matrix: {image: ['debian:12%s', '']}}\n    container: ${{ matrix.image }}\n"
)

GUIDE = Guide(
    "Workflows and actions of GitHub, Gitea and Forgejo, by name or by the shape of their jobs",
    finds=(
        "`jobs.*.container` and `jobs.*.services.*`, as text or with `image`",
        "`uses: docker://…`, and `runs.image: docker://…` of an action",
        "what an expression leads to: entries of the matrix, `env`, defaults of inputs",
        "outputs that another job writes out, literals behind `||` and `&&`",
        "inputs of well-known actions: `driver-opts`, `build-contexts`, kind, QEMU, wheels",
        "inputs of workflows and actions in the same repository that run them",
    ),
    rewrites="the reference where it is written, once, also where several jobs read it; "
    "only with `--unsafe-fixes` where the file compares the text or puts it together with other text",
    passes_over=(
        "`runs-on`, empty entries of a matrix, Dockerfiles, inputs of unknown actions",
        "what a step builds here, by its name everywhere in the file",
        "`run` scripts; a reference that an expression fills in: a note",
    ),
    examples=(
        Example(
            ".github/workflows/test.yml",
            _TEST + _MATRIX % "",
            _TEST + _MATRIX % f"@{SHOWN_DIGEST}",
        ),
        Example(
            "action.yml",
            "runs:\n  using: docker\n  image: docker://alpine:3.20\n",
            f"runs:\n  using: docker\n  image: docker://alpine:3.20@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="containers, services, `docker://` steps, some inputs; no matrix, no `runs.image`",
        ratchet="`container.image`, services, `docker://` steps; no `container` as text",
        frizbee="`image:` text in any YAML",
        zizmor="containers and services, also from a matrix; reports, no fix",
    ),
)
