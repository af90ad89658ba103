"""Variables of Ansible roles: defaults that are the whole of an image in the role's tasks."""

import re

from boltseal.example import Example
from boltseal.place import Found, Guide, Place
from boltseal.source import Source
from boltseal_rules.ansible.roles import is_variables
from boltseal_rules.places.ansible import find_variables

NAME = "ansible-variables"
_FILE = re.compile(r"\.ya?ml$", re.IGNORECASE)


def claims(path: str) -> bool:
    """Whether a file of a role's variables is at the path."""
    return _FILE.search(path) is not None and is_variables(path)


def find(source: Source) -> Found | None:
    """The images among a role's variables; None where the file is none of a role or has none."""
    return find_variables(source, NAME) if claims(source.path) else None


PLACE = Place(
    NAME,
    "Variables of Ansible roles: YAML below defaults and vars",
    claims,
    (b":",),
    find,
    Guide(
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
    ),
)
