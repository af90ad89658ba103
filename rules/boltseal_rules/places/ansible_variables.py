"""Variables of Ansible roles: defaults that are the whole of an image in the role's tasks."""

from boltseal.example import Example
from boltseal.guide import Guide
from boltseal.place import Found
from boltseal.source import Source
from boltseal_rules.ansible.roles import is_variables
from boltseal_rules.places.ansible import find_variables

NAME = "ansible-variables"


def find(source: Source) -> Found | None:
    """The images among a role's variables; None where the file is none of a role or has none."""
    return find_variables(source, NAME) if is_variables(source.path) else None


GUIDE = Guide(
    "Variables of Ansible roles: YAML below defaults and vars",
    finds=(
        "variables that are the whole of an image in tasks or templates of the same role",
        "variables called `image` or `…_image` whose value has a tag or a digest",
    ),
    rewrites="the reference where the variable is set",
    passes_over=(
        "a variable that is a part of an image: reported in the task",
        "other variables that no task of the role reads as an image",
    ),
    examples=(Example("roles/web/defaults/main.yml", "web_image: nginx:1.27\n"),),
)
