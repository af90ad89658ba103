"""A tree of files for measuring, the same for the same seed.

`DENSE` has the mix of 23 repositories about Kubernetes: two files in five are YAML, one YAML file
in fifty-five defines a custom resource and these are most of the bytes, three in ten are of Helm
charts. `SPARSE` has the mix of repositories that are mostly code.
"""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

from bench.contents import builds, code, helm, kubernetes
from bench.contents.file import File

SEED = 5
Make = Callable[[Random, str], Iterator[File]]
Mix = Mapping[Make, float]
"""How often each kind is made, of any sum; a Helm chart is eight files."""

DENSE: Mix = {
    kubernetes.workload: 5,
    kubernetes.bundle: 6,
    kubernetes.plain: 9,
    kubernetes.definition: 0.8,
    helm.chart: 2.6,
    builds.compose: 1,
    builds.dockerfile: 0.8,
    builds.workflow: 0.7,
    builds.pipeline: 0.3,
    code.settings: 5.5,
    code.python: 7.3,
    code.pictures: 1.2,
    code.containers: 0.6,
    code.go: 25,
    code.markdown: 13,
    code.data: 12,
}
SPARSE: Mix = {
    kubernetes.workload: 0.2,
    builds.dockerfile: 0.2,
    builds.workflow: 0.2,
    code.settings: 2,
    code.python: 10,
    code.pictures: 0.5,
    code.go: 50,
    code.markdown: 17,
    code.data: 20,
}
_FOLDERS = 40
"""How many folders are in one, about the most that people can look through."""


def files(number: int, mix: Mix = DENSE, seed: int = SEED) -> Iterator[File]:
    """That many files of a mix; the last chart may be cut short."""
    chance = Random(seed)
    kinds, weights = list(mix), list(mix.values())
    made = unit = 0
    while True:
        make = chance.choices(kinds, weights)[0]
        for file in make(chance, f"{unit // _FOLDERS // _FOLDERS}/{unit // _FOLDERS}/{unit}"):
            if made == number:
                return
            made += 1
            yield file
        unit += 1


def write(folder: Path, number: int, mix: Mix = DENSE, seed: int = SEED) -> int:
    """Write a tree into an empty folder and add it to a new git repository.

    Out: the number of image uses in it.
    """
    images = 0
    for file in files(number, mix, seed):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")
        images += file.images
    git = ("git", "-C", str(folder), "-c", "core.looseCompression=0", "-c", "core.autocrlf=false")
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    return images
