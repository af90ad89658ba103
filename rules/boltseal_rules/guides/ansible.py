"""The guide of ``places/ansible.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_TASK = "- hosts: all\n  tasks:\n    - community.docker.docker_container:\n        name: web\n"

GUIDE = Guide(
    "Ansible: playbooks, tasks, Molecule, execution environments",
    finds=(
        "modules that run and pull images, by short or full name, in plays, blocks and loops",
        "Compose files, Kubernetes objects and chart values written out in tasks",
        "variables of a play or of a task that are the whole of an image there",
        "`molecule.yml` for containers, `ansible-navigator.yml`, `execution-environment.yml`",
    ),
    rewrites="the reference where it is written: in the task, the loop, the variable or the "
    "default of a filter; never where it is put together from several variables",
    passes_over=(
        "what a task builds, loads or removes; `image` of machines in clouds",
        "images put together from variables: reported where they are read",
        "variables of inventories, and definitions in block scalars",
    ),
    examples=(
        Example(
            "playbook.yml",
            _TASK + "        image: nginx:1.27\n",
            _TASK + f"        image: nginx:1.27@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(renovate="`image:` lines in `tasks/*.yml`", frizbee="`image:` text in any YAML"),
)
