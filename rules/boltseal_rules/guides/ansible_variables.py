"""The guide of ``places/ansible_variables.py``."""

from boltseal.example import Example
from boltseal.guide import Guide

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
