"""Python with and without images, and files that are not looked at."""

import json
from collections.abc import Iterator
from random import Random

from bench.contents.file import File
from bench.words import image, name, sentence


def python(chance: Random, folder: str) -> Iterator[File]:
    """A module without images that never says the word."""
    yield File(f"{folder}/{name(chance)}.py", _module(chance, "value"))


def pictures(chance: Random, folder: str) -> Iterator[File]:
    """A module about pictures: it says image throughout and runs no container."""
    yield File(f"{folder}/pictures.py", f"from PIL import Image\n\n{_module(chance, 'image')}")


def containers(chance: Random, folder: str) -> Iterator[File]:
    """A module that runs two containers."""
    text = (
        f"import docker\n\nIMAGE = {image(chance)!r}\nclient = docker.from_env()\n"
        f"client.containers.run(IMAGE, 'true')\nclient.containers.run({image(chance)!r})\n\n\n"
    )
    yield File(f"{folder}/containers.py", text + _module(chance, "value"), 2)


def go(chance: Random, folder: str) -> Iterator[File]:
    """A Go package."""
    functions = "".join(
        f"// {sentence(chance, 12)}\nfunc {name(chance).title()}{number}(value int) (int, error) {{\n"
        f"\tif value > {number} {{\n\t\treturn 0, errors.New({sentence(chance, 6)!r})\n\t}}\n"
        f"\treturn value * {chance.randint(2, 99)}, nil\n}}\n\n"
        for number in range(chance.randint(5, 100))
    )
    yield File(f"{folder}/{name(chance)}.go", f'package main\n\nimport "errors"\n\n{functions}')


def markdown(chance: Random, folder: str) -> Iterator[File]:
    """A page of text."""
    text = "\n\n".join(sentence(chance, 40) for _ in range(chance.randint(2, 40)))
    yield File(f"{folder}/README.md", f"# {name(chance)}\n\n{text}\n")


def data(chance: Random, folder: str) -> Iterator[File]:
    """Some JSON."""
    rows = [{name(chance): sentence(chance, 6)} for _ in range(chance.randint(5, 150))]
    yield File(f"{folder}/data.json", json.dumps(rows, indent=1) + "\n")


def settings(chance: Random, folder: str) -> Iterator[File]:
    """YAML that only its own program reads."""
    lines = "".join(
        f"{name(chance)}{number}:\n  title: {sentence(chance, 5)}\n  level: {number}\n"
        for number in range(chance.randint(3, 60))
    )
    yield File(f"{folder}/settings.yaml", lines)


def _module(chance: Random, word: str) -> str:
    return "".join(
        f"def {name(chance)}_{number}({word}):\n"
        f'    """{sentence(chance, 14).replace("image", word)}"""\n'
        f"    if {word} is None:\n        raise ValueError({number})\n"
        f"    return [{word}, {chance.randint(1, 999)}, len(str({word}))]\n\n\n"
        for number in range(chance.randint(10, 80))
    )
