"""What a report about a bug should say of the machine: versions and files, nothing that is secret."""

import os
import platform
import re
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec

from boltseal import __version__, git
from boltseal.home import home
from boltseal.printable import brief
from boltseal.report.text import count
from boltseal.workers import processors

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_NONE = "none"
_SERVICES = (
    ("GITHUB_ACTIONS", "GitHub Actions"),
    ("GITLAB_CI", "GitLab CI"),
    ("TF_BUILD", "Azure Pipelines"),
    ("JENKINS_URL", "Jenkins"),
    ("CIRCLECI", "CircleCI"),
    ("BITBUCKET_BUILD_NUMBER", "Bitbucket Pipelines"),
    ("BUILDKITE", "Buildkite"),
    ("DRONE", "Drone"),
    ("TEAMCITY_VERSION", "TeamCity"),
    ("CODEBUILD_BUILD_ID", "AWS CodeBuild"),
)
"""Variables that a service sets, as its documentation says. None of their values is shown."""


def about_lines(
    configuration: str, user_file: str, environment: Mapping[str, str]
) -> Iterator[str]:
    """The lines of ``--version --verbose``.

    In: the configuration file in effect and the user's own, as shown, '' for none.
    """
    rows = (
        ("installed", _installed()),
        ("python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("platform", f"{platform.platform()}, {count(processors(), 'processor')} used"),
        ("libraries", ", ".join(_libraries())),
        ("YAML parser", "C" if find_spec("_ruamel_yaml") else "Python, which is slower"),
        ("configuration", _path(configuration)),
        ("user's file", _path(user_file)),
        ("git", git.version() or _NONE),
        ("CI", _service(environment)),
    )
    yield f"boltseal {__version__}"
    for label, value in rows:
        yield f"  {label + ':':<15}{brief(value, 1000)}"


def _installed() -> str:
    """What installed boltseal, as a package says of itself (PEP 376, PEP 610)."""
    try:
        package = metadata.distribution("boltseal")
    except metadata.PackageNotFoundError:
        return "run from its source"
    installer = (package.read_text("INSTALLER") or "unknown").strip()
    editable = '"editable": true' in (package.read_text("direct_url.json") or "")
    return f"by {installer}, editable" if editable else f"by {installer}"


def _libraries() -> Iterator[str]:
    """What boltseal asks to be installed beside it, and what is; others' markers may not apply."""
    try:
        wanted = metadata.requires("boltseal") or []
    except metadata.PackageNotFoundError:
        return
    for requirement in wanted:
        name = _NAME.match(requirement)
        if name is None:
            continue
        try:
            yield f"{name[0]} {metadata.version(name[0])}"
        except metadata.PackageNotFoundError:
            if ";" not in requirement:
                yield f"{name[0]} missing"


def _path(path: str) -> str:
    """A path as shown, without the name of the user."""
    inside = path.removeprefix(f"{home()}{os.sep}")
    return _NONE if not path else path if inside == path else f"~{os.sep}{inside}"


def _service(environment: Mapping[str, str]) -> str:
    for variable, name in _SERVICES:
        if environment.get(variable):
            return name
    return "one that is not known" if environment.get("CI") else _NONE
