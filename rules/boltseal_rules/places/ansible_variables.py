"""Variables of Ansible roles: defaults that are the whole of an image in the role's tasks."""

from boltseal.place import Found
from boltseal.source import Source
from boltseal_rules.ansible.roles import is_variables
from boltseal_rules.places.ansible import find_variables

NAME = "ansible-variables"


def find(source: Source) -> Found | None:
    """The images among a role's variables; None where the file is none of a role or has none."""
    return find_variables(source, NAME) if is_variables(source.path) else None
