"""The guide of ``places/skaffold.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide

GUIDE = Guide(
    "Skaffold files, by their apiVersion",
    finds=(
        "`buildpacks.builder` and `runImage`, `ko.fromImage`, `jib.fromImage`",
        "`kaniko.image` and `initImage`, `googleCloudBuild.kanikoImage` and `packImage`",
        "containers of `customActions` and `verify`",
        "`buildArgs` whose argument is all that a `FROM` of the Dockerfile names",
        "the same in `profiles`",
    ),
    rewrites="the reference in place",
    passes_over=("what the artifacts build, also where it is run by `verify`", "Helm releases"),
    examples=(
        Example(
            "skaffold.yaml",
            "apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n"
            "    - image: app\n      ko:\n        fromImage: alpine:3.20\n",
            "apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n"
            f"    - image: app\n      ko:\n        fromImage: alpine:3.20@{SHOWN_DIGEST}\n",
        ),
    ),
)
