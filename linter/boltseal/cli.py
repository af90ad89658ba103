"""The command line: what can be typed, and what it means."""

from pathlib import Path
from typing import Annotated

import typer

from boltseal import __version__, console
from boltseal.answers import Answers, credentials
from boltseal.answers import resolver as resolver_of
from boltseal.config import Configs
from boltseal.engine import Task
from boltseal.errors import UsageError
from boltseal.intake import Request
from boltseal.parameters import (
    AllowRegistry,
    AuthFile,
    Disable,
    Enable,
    Exclude,
    Form,
    FromLayout,
    Include,
    Mirrors,
    Paths,
    PlainHttp,
    Quiet,
    StdinName,
    Verbose,
)
from boltseal.printable import brief
from boltseal.repertoire import repertoire
from boltseal.report.form import Format, SettingsFormat
from boltseal.resolve.observer import Observer
from boltseal.resolve.options import MirrorUse
from boltseal.resolve.platform import Platform, parse_platform
from boltseal.resolve.target import ALL_PLATFORMS, Target
from boltseal.tally import Exit

_EXIT_CODES = (
    "Exit codes: 0 nothing left to report; 1 findings; 2 wrong usage or configuration; "
    "3 some reference could not be resolved, and nothing worse; 4 a bug in boltseal."
)

app = typer.Typer(
    name="boltseal",
    help=(
        "Find every container image reference in a repository, say which of them can change "
        "under your feet, and seal them to the digest that their registry answers, changing no "
        "other byte."
    ),
    epilog=_EXIT_CODES,
    rich_markup_mode="markdown",  # joins the lines of a docstring to paragraphs
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

registry = typer.Typer(help="Ask about registries.", no_args_is_help=True)
app.add_typer(registry, name="registry")
config_ = typer.Typer(help="Show the configuration, and what it may say.", no_args_is_help=True)
app.add_typer(config_, name="config")


def _answers(
    layout: Path | None,
    plain_http: list[str] | None,
    auth_file: Path | None,
    allow_registry: list[str] | None,
    mirrors: MirrorUse | None,
) -> Answers:
    allowed = None if allow_registry is None else tuple(allow_registry)
    return Answers(layout, tuple(plain_http or ()), allowed, auth_file, mirrors)


def _request(
    paths: list[str] | None,
    include: list[str] | None,
    exclude: list[str] | None,
    stdin_filename: str | None,
) -> Request:
    return Request(
        tuple(paths or (".",)), tuple(include or ()), tuple(exclude or ()), stdin_filename
    )


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        console.out([f"boltseal {__version__}"])
        raise typer.Exit


@app.command(epilog=_EXIT_CODES)
def check(
    paths: Paths = None,
    form: Form = Format.TEXT,
    include: Include = None,
    exclude: Exclude = None,
    stdin_filename: StdinName = None,
    place: Enable = None,
    no_place: Disable = None,
) -> None:
    """Report the images that can change under your feet. Opens no network connection.

    What git ignores is left out, and so are virtual environments and node_modules; a file that is
    named is always looked at.
    """
    from boltseal.commands.check import run_check

    request = _request(paths, include, exclude, stdin_filename)
    raise typer.Exit(run_check(request, repertoire(place or (), no_place or ()), form))


@app.command(epilog=_EXIT_CODES)
def fix(
    paths: Paths = None,
    form: Form = Format.TEXT,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print the change as a unified diff; write nothing.")
    ] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option(
            "--unsafe-fixes",
            help="Also make fixes that can break what reads the file, such as a digest in the tag "
            "of a Helm chart.",
        ),
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Also ask what the tag beside a digest is now, and write its new digest. A digest "
            "of one platform is followed by the same platform's.",
        ),
    ] = False,
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform",
            metavar="OS/ARCH[/VARIANT]",
            help="Seal to the image for one platform, such as linux/arm64, not to the index of "
            "all of them.",
            show_default=False,
        ),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Fetch each manifest and hash it, where otherwise the registry is taken at its "
            "word. Counts as a pull where pulls are counted.",
        ),
    ] = False,
    from_layout: FromLayout = None,
    plain_http: PlainHttp = None,
    auth_file: AuthFile = None,
    allow_registry: AllowRegistry = None,
    mirrors: Mirrors = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    include: Include = None,
    exclude: Exclude = None,
    stdin_filename: StdinName = None,
    place: Enable = None,
    no_place: Disable = None,
) -> None:
    """Seal images to the digest that their registry answers, changing no other byte.

    What cannot be resolved stays as it is and is reported; the rest is still fixed. With '-' the
    fixed text goes to standard output. The exit code tells what is left: with --diff, all of it.
    """
    from boltseal.commands.fix import run_fix

    if diff and form is Format.JSONL:
        raise UsageError("--diff prints a diff, which --format jsonl cannot hold")
    request = _request(paths, include, exclude, stdin_filename)
    target = Target(_platform(platform), update, verify)
    watch = _watch(quiet=quiet, verbose=verbose)
    answers = _answers(from_layout, plain_http, auth_file, allow_registry, mirrors)
    resolver = resolver_of(answers, target, watch)
    knowledge = repertoire(place or (), no_place or (), asked=True)
    task = Task(unsafe_fixes, update, target.platform)
    code = run_fix(request, knowledge, form, resolver, task=task, diff=diff, quiet=quiet)
    raise typer.Exit(code)


@app.command(epilog=_EXIT_CODES)
def verify(
    paths: Paths = None,
    form: Form = Format.TEXT,
    from_layout: FromLayout = None,
    plain_http: PlainHttp = None,
    auth_file: AuthFile = None,
    allow_registry: AllowRegistry = None,
    mirrors: Mirrors = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    include: Include = None,
    exclude: Exclude = None,
    stdin_filename: StdinName = None,
    place: Enable = None,
    no_place: Disable = None,
) -> None:
    """Ask registries whether every digest in the files is still there. Writes no file.

    Images without a digest are not asked for: 'boltseal check' reports them.
    """
    from boltseal.commands.verify import run_verify

    request = _request(paths, include, exclude, stdin_filename)
    watch = _watch(quiet=quiet, verbose=verbose)
    answers = _answers(from_layout, plain_http, auth_file, allow_registry, mirrors)
    resolver = resolver_of(answers, ALL_PLATFORMS, watch)
    knowledge = repertoire(place or (), no_place or (), asked=True)
    raise typer.Exit(run_verify(request, knowledge, form, resolver, quiet=quiet))


def _watch(*, quiet: bool, verbose: bool) -> Observer:
    if quiet and verbose:
        raise UsageError("--quiet and --verbose contradict each other")
    from boltseal.report.watch import observer

    return observer(quiet=quiet, verbose=verbose)


def _platform(text: str | None) -> Platform | None:
    if text is None:
        return None
    platform = parse_platform(text)
    if platform is None:
        raise UsageError(f"--platform {text!r} is not of the form os/arch or os/arch/variant")
    return platform


@app.command(name="list", epilog=_EXIT_CODES)
def list_(
    paths: Paths = None,
    form: Form = Format.TEXT,
    include: Include = None,
    exclude: Exclude = None,
    stdin_filename: StdinName = None,
    place: Enable = None,
    no_place: Disable = None,
) -> None:
    """List every image use: pinned, mutable, or not to be known from the file."""
    from boltseal.commands.listing import run_list

    request = _request(paths, include, exclude, stdin_filename)
    raise typer.Exit(run_list(request, repertoire(place or (), no_place or ()), form))


@registry.command()
def login_info(
    scope: Annotated[
        str,
        typer.Argument(
            metavar="HOST[/REPOSITORY]",
            help="The registry as references name it, 'docker.io' for Docker Hub; logins may be "
            "kept for a part of it.",
            show_default=False,
        ),
    ],
    form: Form = Format.TEXT,
    auth_file: AuthFile = None,
) -> None:
    """Say which login is used for a registry, and where it was looked for. Never the login itself.

    Opens no network connection. The credential helpers that the user's files name are run, as for
    'fix': one may ask to unlock a key chain.
    """
    from boltseal.commands.login import run_login_info
    from boltseal.reference import InvalidReference
    from boltseal.resolve.scope import parse_scope

    parsed = parse_scope(scope)
    if isinstance(parsed, InvalidReference):
        raise UsageError(
            f"{brief(scope)!r} is no HOST[/REPOSITORY]: {parsed.reason}; {parsed.hint}"
        )
    raise typer.Exit(run_login_info(parsed, credentials(auth_file), form))


@config_.command()
def show(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="The file or folder for which it holds.")
    ] = ".",
    form: Annotated[
        SettingsFormat, typer.Option("--format", help="TOML with comments, or JSON.")
    ] = SettingsFormat.TOML,
    place: Enable = None,
    no_place: Disable = None,
) -> None:
    """Print what holds for a path, and where it is from: a file, the command line, or the defaults.

    The text could be pasted into boltseal.toml. Below it stands what your own file says.
    """
    from boltseal.commands.config import run_show
    from boltseal_rules.knowledge import places, refuse_unknown_names

    located = Configs().of(path if Path(path).is_dir() else str(Path(path).parent))
    refuse_unknown_names(located.config, located.path)
    config = located.config
    config = config._replace(
        enable_places=(*config.enable_places, *(place or ())),
        disable_places=(*config.disable_places, *(no_place or ())),
    )
    places(config, where=located.path)
    raise typer.Exit(run_show(path, located, config, form))


@config_.command()
def schema(
    user: Annotated[
        bool, typer.Option("--user", help="That of your own file, not of a repository's.")
    ] = False,
) -> None:
    """Print the JSON Schema of boltseal.toml, for editors and other checks."""
    from boltseal.commands.config import run_schema
    from boltseal_rules.knowledge import place_names, rule_names

    raise typer.Exit(run_schema({"rule": rule_names(), "place": place_names()}, user=user))


@app.command()
def rule(
    name: Annotated[
        str | None, typer.Argument(help="The rule; without it all are listed.", show_default=False)
    ] = None,
) -> None:
    """Show what a rule finds, why it matters, and how it is fixed."""
    from boltseal.report.rule import rule_page, table
    from boltseal_rules.knowledge import pages

    rules = pages()

    if name is None:
        console.out(table(rules))
        return
    for known, page in rules.items():
        if known.name == name:
            console.out(rule_page(known, page))
            return
    raise UsageError(f"no rule {name!r}; the rules are {', '.join(it.name for it in rules)}")


def typed(arguments: list[str]) -> int:
    """Let Typer read the arguments and run the command; returns the exit code.

    Raises UsageError and OutputClosed, which the commands do.
    """
    try:
        app(arguments)
    except SystemExit as end:  # every run of Typer's ends with it
        return end.code if isinstance(end.code, int) else Exit.CLEAN
    return Exit.CLEAN
