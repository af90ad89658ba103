"""Dockerfiles, Compose files, and what CI services read."""

from collections.abc import Iterator
from random import Random

from bench.contents.file import File
from bench.words import image, name, sentence


def dockerfile(chance: Random, folder: str) -> Iterator[File]:
    """A build of two stages."""
    steps = "".join(
        f"# {sentence(chance, 8)}\nRUN make {name(chance)} \\\n    && make {name(chance)}\n"
        for _ in range(chance.randint(1, 20))
    )
    text = (
        f"FROM {image(chance)} AS build\nWORKDIR /src\nCOPY . .\n{steps}"
        f'FROM {image(chance)}\nCOPY --from=build /src/out /usr/bin/\nCMD ["{name(chance)}"]\n'
    )
    yield File(f"{folder}/Dockerfile", text, 2)


def compose(chance: Random, folder: str) -> Iterator[File]:
    """A few services, one of which is built here."""
    count = chance.randint(1, 5)
    services = "".join(
        f"  {name(chance)}{number}:\n    image: {image(chance)}\n    restart: always\n"
        f'    ports: ["{chance.randint(1024, 9999)}:80"]\n'
        for number in range(count)
    )
    yield File(f"{folder}/compose.yaml", f"services:\n  here:\n    build: .\n{services}", count)


def workflow(chance: Random, folder: str) -> Iterator[File]:
    """A GitHub workflow with a container, a service, and steps that are no images."""
    steps = "".join(
        f"      - uses: example/{name(chance)}@v{chance.randint(1, 5)}\n"
        f"      - run: make {name(chance)}\n"
        for _ in range(chance.randint(1, 8))
    )
    text = (
        f"name: {name(chance)}\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
        f"    container: {image(chance)}\n    services:\n      db:\n"
        f"        image: {image(chance)}\n    steps:\n{steps}"
    )
    # All of a repository's workflows are in one folder.
    yield File(f".github/workflows/{folder.replace('/', '-')}.yaml", text, 2)


def pipeline(chance: Random, folder: str) -> Iterator[File]:
    """A GitLab CI configuration."""
    jobs = "".join(
        f"{name(chance)}-{number}:\n  image: {image(chance)}\n  script:\n  - make {name(chance)}\n"
        for number in range(3)
    )
    yield File(f"{folder}/.gitlab-ci.yml", f"stages: [test]\n{jobs}", 3)
