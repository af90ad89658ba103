"""Python source: images in calls, keywords, constants, defaults, dicts and manifests in strings."""

import ast
import re

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Found, Guide, Place
from boltseal.settings import PythonNames
from boltseal.source import Source, Unparsable
from boltseal_rules.python import prefilter
from boltseal_rules.python.known import Names, names
from boltseal_rules.python.relevant import relevant

NAME = "python"
_FILE = re.compile(r"\.pyw?$")
_SCRIPT = re.compile(rb"(?:\xef\xbb\xbf)?#![^\n]*python")
_NEEDLES = (
    b"mage",
    b"IMAGE",
    b"img",
    b"IMG",
    b"ontainer",
    b"ocker",
    b"pull",
    b"from_",
    b"fetch",
    b"services",
    b"inspect_distribution",
    b"idecar",
)


def find(source: Source) -> Found | None:
    """The images of a module; None where neither its name nor its first line says that it is one.

    Raises Unparsable where it cannot be read and seems to name an image.
    """
    return _find(source, names(), _NEEDLES)


def _claims(path: str) -> bool:
    return _FILE.search(path) is not None


def _find(source: Source, known: Names, needles: tuple[bytes, ...]) -> Found | None:
    if not _claims(source.path) and not _SCRIPT.match(source.data):
        return None
    try:
        text = source.text
    except Unparsable:
        if prefilter.looks_like_image(source.data.decode("latin-1")):
            raise
        return Found()
    try:
        quick = prefilter.read(text)
        if quick and not prefilter.may_hold(quick, known):
            return Found()
        if quick and prefilter.is_too_deep(quick):
            return _unreadable(text, "nested too deeply")
    except (RecursionError, MemoryError):
        return _unreadable(text, "nested too deeply")
    from boltseal_rules.python.module import module_uses
    from boltseal_rules.python.syntax import is_too_deep, parse

    if quick is None and is_too_deep(text):
        return _unreadable(text, "nested too deeply")
    try:
        tree = parse(source, _relevant(text, quick, known, needles) if quick else text)
    except Unparsable as problem:
        return _unreadable(text, problem.reason, problem.offset)
    return Found(tuple(module_uses(tree, NAME, known, quick)))


def _relevant(text: str, tree: ast.Module, known: Names, needles: tuple[bytes, ...]) -> str:
    others = prefilter.aliases(ast.walk(tree), known)
    return relevant(text, tree, (*needles, *(name.encode() for name in others)))


def _unreadable(text: str, reason: str, offset: int = 0) -> Found:
    """Nothing for a file that names no image, as most of those in Python 2 do not."""
    if prefilter.looks_like_image(text):
        raise Unparsable(reason, offset)
    return Found()


def configured(added: PythonNames) -> Place:
    """The place with the calls and keywords of a configuration.

    Raises UsageError for an entry that is none.
    """
    known = names(added)
    needles = (
        *(call.rpartition(":")[0].rpartition(".")[2].encode() for call in added.calls),
        *(keyword.encode() for keyword in added.keywords),
    )
    needles = (*_NEEDLES, *needles)
    return PLACE._replace(needles=needles, find=lambda source: _find(source, known, needles))


PLACE = Place(
    NAME,
    "Python source: calls, keywords, constants, defaults and dicts that name images",
    _claims,
    _NEEDLES,
    find,
    Guide(
        finds=(
            "known calls: Docker SDK, Testcontainers, Airflow, Kubeflow, the Kubernetes client",
            "known calls: Dagster, Prefect, Metaflow, Flyte, Modal, Dagger, hera, Pulumi, AWS CDK",
            "keywords such as `image=`, `base_image=`, `container_image=` with a reference",
            "constants, class attributes and defaults that flow into these, once, where they are set",
            "constants named `IMAGE` with a tag or a registry",
            "defaults of parameters, fields, options and environment variables",
            "dicts that are shaped like a container",
            "manifests in strings, f-strings and `.format`: reported",
            "calls and keywords of `[tool.boltseal.python]`",
        ),
        rewrites=(
            "the literal, also the last of several that stand side by side; only with "
            "`--unsafe-fixes` where the file also compares it, takes it apart or passes it on"
        ),
        passes_over=(
            "pictures, files and MIME types, calls of GUI and drawing packages",
            "disks of virtual machines: `create_vm(image=…)`",
            "what is compared or asserted, docstrings, what a build makes here",
            "files that no parser reads, unless they seem to name an image",
        ),
        examples=(
            Example(
                "jobs.py",
                'import docker\n\nIMAGE = "alpine:3.22"\n'
                'docker.from_env().containers.run(IMAGE, "true")\n',
                f'import docker\n\nIMAGE = "alpine:3.22@{SHOWN_DIGEST}"\n'
                'docker.from_env().containers.run(IMAGE, "true")\n',
            ),
            Example(
                "test_db.py",
                "from testcontainers.postgres import PostgresContainer\n\n"
                'with PostgresContainer("postgres:16") as db:\n    pass\n',
                "from testcontainers.postgres import PostgresContainer\n\n"
                f'with PostgresContainer("postgres:16@{SHOWN_DIGEST}") as db:\n    pass\n',
            ),
        ),
    ),
)
