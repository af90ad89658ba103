"""From what was typed to what commands are handed."""

from pathlib import Path

from boltseal.answers import Answers
from boltseal.errors import UsageError, unknown
from boltseal.finding import Severity
from boltseal.intake import Request
from boltseal.printable import brief
from boltseal.repertoire import Options, rule_pages
from boltseal.report.form import Format
from boltseal.report.reporter import Reporting
from boltseal.resolve.observer import Observer
from boltseal.resolve.options import MirrorUse
from boltseal.resolve.platform import Platform, parse_platform


def request(
    paths: list[str] | None,
    include: list[str] | None,
    exclude: list[str] | None,
    stdin_filename: str | None,
) -> Request:
    """What is to be looked at."""
    return Request(
        tuple(paths or (".",)), tuple(include or ()), tuple(exclude or ()), stdin_filename
    )


def options(
    *,
    config: Path | None,
    isolated: bool,
    place: list[str] | None,
    no_place: list[str] | None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    pragmas: list[str] | None = None,
    severity: Severity = Severity.NOTE,
    no_ignores: bool = False,
    since: str | None = None,
) -> Options:
    """What goes before the configuration. Raises UsageError for options that contradict each other."""
    if config and isolated:
        raise UsageError("--config and --isolated contradict each other")
    if since is not None and not since.strip():
        raise UsageError("--since needs a revision, such as origin/main")
    return Options(
        str(config or ""),
        isolated,
        tuple(place or ()),
        tuple(no_place or ()),
        tuple(select or ()),
        tuple(ignore or ()),
        tuple(pragmas or ()),
        severity,
        not no_ignores,
        since or "",
    )


def reporting(
    form: Format,
    output: list[str] | None,
    *,
    statistics: bool = False,
    exit_zero: bool = False,
) -> Reporting:
    """What is to be shown, and where. Raises UsageError."""
    files = tuple(map(_file, output or ()))
    if statistics and form not in (Format.TEXT, Format.JSON):
        raise UsageError(f"--statistics has the forms text and json, not {form}")
    return Reporting(form, files, statistics, exit_zero, rule_pages)


def _file(text: str) -> tuple[Format, str]:
    """A form and the file to write it to, as ``--output`` takes them."""
    form, equals, path = text.partition("=")
    if not equals or not path:
        shown = brief(text)
        raise UsageError(f"--output {shown!r} is not of the form FORM=FILE, as sarif=out.sarif")
    if form not in tuple(Format):
        raise UsageError(f"--output: {unknown('form', brief(form), map(str, Format))}")
    return Format(form), path


def answers(
    layout: Path | None,
    plain_http: list[str] | None,
    auth_file: Path | None,
    allow_registry: list[str] | None,
    mirrors: MirrorUse | None,
) -> Answers:
    """Who is to answer for digests."""
    allowed = None if allow_registry is None else tuple(allow_registry)
    return Answers(layout, tuple(plain_http or ()), allowed, auth_file, mirrors)


def watch(*, quiet: bool, verbose: bool) -> Observer:
    """Who watches the exchanges with registries. Raises UsageError."""
    if quiet and verbose:
        raise UsageError("--quiet and --verbose contradict each other")
    from boltseal.report.watch import observer

    return observer(quiet=quiet, verbose=verbose)


def platform(text: str | None) -> Platform | None:
    """The platform of which images are wanted; None for all. Raises UsageError."""
    if text is None:
        return None
    found = parse_platform(text)
    if found is None:
        raise UsageError(f"--platform {text!r} is not of the form os/arch or os/arch/variant")
    return found
