"""Who answers for digests: an image layout or registries, as the user's options and files say."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from boltseal.errors import UsageError
from boltseal.home import home
from boltseal.resolve.observer import Observer
from boltseal.resolve.options import MirrorUse
from boltseal.resolve.resolver import Resolver
from boltseal.resolve.target import Target

if TYPE_CHECKING:
    from boltseal.resolve.credentials import ConfiguredCredentials


class Answers(NamedTuple):
    """Options of the command line; they go before what the user's files say.

    ``layout``: an image layout in place of registries. ``plain_http``: registries that may be asked
    without TLS. ``allowed``: the only ones to ask, or parts of them. ``auth_file``: logins to look
    in first. ``mirrors``: what mirrors are asked for.
    """

    layout: Path | None = None
    plain_http: tuple[str, ...] = ()
    allowed: tuple[str, ...] | None = None
    auth_file: Path | None = None
    mirrors: MirrorUse | None = None


def resolver(answers: Answers, target: Target, observer: Observer) -> Resolver:
    """What resolves references. Nothing is asked yet.

    In: the options, which digest is wanted, and who watches. Raises UsageError for a layout or a
    file that cannot be used.
    """
    if answers.layout is not None:
        return _layout(answers.layout, target)
    from boltseal import console, userconfig
    from boltseal.resolve.registry import RegistryResolver

    config = userconfig.load(os.environ, home())
    for warning in config.warnings:
        console.say(warning)
    options = config.options._replace(
        plain_http=config.options.plain_http | userconfig.hosts(answers.plain_http, "--plain-http")
    )
    if answers.allowed is not None:
        parts = userconfig.allowed(answers.allowed, "--allow-registry")
        options = options._replace(allowed=parts)
    if answers.mirrors is not None:
        options = options._replace(mirrors=answers.mirrors)
    logins = credentials(answers.auth_file, config.auth_file)
    return RegistryResolver(options, target, credentials=logins, observer=observer)


def credentials(auth_file: Path | None, configured: str | None = None) -> "ConfiguredCredentials":
    """Where logins are looked for.

    In: the file that the command line names, and the one that the user's configuration does; None
    to read that configuration. Raises UsageError for a file that cannot be used.
    """
    from boltseal.resolve.authfile import AuthFileError, explicit
    from boltseal.resolve.credentials import ConfiguredCredentials

    if configured is None:
        from boltseal import userconfig

        configured = userconfig.load(os.environ, home()).auth_file
    named = auth_file or (Path(configured) if configured else None)
    try:
        return ConfiguredCredentials(explicit=explicit(named) if named else None)
    except AuthFileError as error:
        raise UsageError(f"{'--auth-file' if auth_file else 'auth-file'}: {error}") from None


def _layout(path: Path, target: Target) -> Resolver:
    from boltseal.resolve.layout import LayoutResolver
    from boltseal.resolve.layoutfiles import LayoutError

    try:
        return LayoutResolver(path, target)
    except LayoutError as error:
        raise UsageError(str(error)) from None
