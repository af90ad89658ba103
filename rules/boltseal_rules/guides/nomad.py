"""The guide of ``places/nomad.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Nomad jobs: *.nomad, *.job, *.hcl with a job in it",
    finds=(
        "`config.image` of tasks of the docker, podman and containerd drivers",
        "`config.image` of a `sidecar_task`",
        "the default of a variable, or a local value, that is the whole of it",
    ),
    rewrites="the reference where it is written out; for the podman driver, which takes no tag "
    "beside a digest, only with `--unsafe-fixes`",
    passes_over=(
        "tasks of other drivers: their image is a disk, a folder, nothing",
        "what a `template` renders",
        "packs that are no HCL before `[[ ]]` is filled in; an image that it fills in: a note",
    ),
    examples=(
        Example(
            "web.nomad.hcl",
            'job "web" {\n  group "web" {\n    task "web" {\n      driver = "docker"\n'
            '      config {\n        image = "nginx:1.27"\n      }\n    }\n  }\n}\n',
            'job "web" {\n  group "web" {\n    task "web" {\n      driver = "docker"\n'
            f'      config {{\n        image = "nginx:1.27@{SHOWN_DIGEST}"\n'
            "      }\n    }\n  }\n}\n",
        ),
    ),
    peers=Peers(),
)
