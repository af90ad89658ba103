"""The options that several commands take, and what they mean together."""

from typing import NamedTuple

from boltseal.answers import Answers
from boltseal.cli.parameters import (
    AllowRegistry,
    AuthFile,
    ConfigFile,
    Disable,
    Enable,
    Exclude,
    ExitZero,
    Form,
    FromLayout,
    Ignore,
    Include,
    Isolated,
    Least,
    Mirrors,
    NoIgnores,
    Output,
    Paths,
    PlainHttp,
    Pragmas,
    Quiet,
    Select,
    Since,
    StdinName,
    Verbose,
)
from boltseal.errors import UsageError, unknown
from boltseal.finding import Severity
from boltseal.intake import Request
from boltseal.printable import brief
from boltseal.repertoire import Options, rule_pages
from boltseal.report.form import Format
from boltseal.report.reporter import Reporting
from boltseal.resolve.observer import Observer


class LookedAt(NamedTuple):
    """What is looked at."""

    paths: Paths = None
    include: Include = None
    exclude: Exclude = None
    stdin_filename: StdinName = None

    def request(self) -> Request:
        """The files that are looked at."""
        return Request(
            tuple(self.paths or (".",)),
            tuple(self.include or ()),
            tuple(self.exclude or ()),
            self.stdin_filename,
        )


class Configured(NamedTuple):
    """Where images are looked for, and by which configuration."""

    place: Enable = None
    no_place: Disable = None
    config: ConfigFile = None
    isolated: Isolated = False

    def options(self) -> Options:
        """What goes before the configuration. Raises UsageError for what contradicts itself."""
        if self.config and self.isolated:
            raise UsageError("--config and --isolated contradict each other")
        places = tuple(self.place or ()), tuple(self.no_place or ())
        return Options(str(self.config or ""), self.isolated, *places)


class Chosen(NamedTuple):
    """Which findings count."""

    select: Select = None
    ignore: Ignore = None
    severity: Least = Severity.NOTE
    since: Since = None
    pragmas: Pragmas = None
    no_ignores: NoIgnores = False

    def added_to(self, options: Options) -> Options:
        """The options with these. Raises UsageError for a revision that is none."""
        if self.since is not None and not self.since.strip():
            raise UsageError("--since needs a revision, such as origin/main")
        return options._replace(
            select=tuple(self.select or ()),
            ignore=tuple(self.ignore or ()),
            pragmas=tuple(self.pragmas or ()),
            least=self.severity,
            heeds_ignores=not self.no_ignores,
            since=self.since or "",
        )


class Reported(NamedTuple):
    """How findings are reported."""

    form: Form = Format.TEXT
    output: Output = None
    exit_zero: ExitZero = False

    def reporting(self, *, statistics: bool = False) -> Reporting:
        """What is shown, and where. Raises UsageError."""
        if statistics and self.form not in (Format.TEXT, Format.JSON):
            raise UsageError(f"--statistics has the forms text and json, not {self.form}")
        files = tuple(map(_file, self.output or ()))
        paths = [path for _, path in files]
        if twice := [path for path in paths if paths.count(path) > 1]:
            raise UsageError(f"--output: {brief(twice[0])!r} cannot hold two reports")
        return Reporting(self.form, files, statistics, self.exit_zero, rule_pages)


class Asked(NamedTuple):
    """Which registries are asked, and what is said of it."""

    from_layout: FromLayout = None
    plain_http: PlainHttp = None
    auth_file: AuthFile = None
    allow_registry: AllowRegistry = None
    mirrors: Mirrors = None
    quiet: Quiet = False
    verbose: Verbose = False

    def answers(self) -> Answers:
        """Who answers for digests."""
        allowed = None if self.allow_registry is None else tuple(self.allow_registry)
        plain_http = tuple(self.plain_http or ())
        return Answers(self.from_layout, plain_http, allowed, self.auth_file, self.mirrors)

    def observer(self) -> Observer:
        """Who watches the exchanges with registries. Raises UsageError."""
        if self.quiet and self.verbose:
            raise UsageError("--quiet and --verbose contradict each other")
        from boltseal.report.watch import observer

        return observer(quiet=self.quiet, verbose=self.verbose)


def _file(text: str) -> tuple[Format, str]:
    """A form and the file to write it to, as ``--output`` takes them."""
    form, equals, path = text.partition("=")
    if not equals or not path:
        shown = brief(text)
        raise UsageError(f"--output {shown!r} is not of the form FORM=FILE, as sarif=out.sarif")
    if form not in tuple(Format):
        problem = unknown("form", brief(form), map(str, Format))
        raise UsageError(f"--output: {problem}")
    return Format(form), path
