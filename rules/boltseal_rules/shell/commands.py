"""Which words of a command name an image that it pulls, and which the name of one that it makes."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from boltseal.reference import ImageReference, parse
from boltseal_rules.shell.options import (
    CRANE,
    GLOBAL,
    KUBECTL,
    PULL,
    RUN,
    Options,
    first_operand,
)
from boltseal_rules.shell.programs import ENGINES, program_at, program_of
from boltseal_rules.shell.terms import Term

_IMAGE_NAME = re.compile(r"image|img|tag|repo|registry", re.IGNORECASE)
_OPTIONS_NAME = re.compile(
    r"opt|arg|flag|param|env|vol|mount|port|secret|net|label|tty|interactive|device|user|gpu|run",
    re.IGNORECASE,
)
# Functions of make, which put options together where they stand before an image.
_MAKES_OPTIONS = re.compile(r"\$\((?:if|call|foreach|addprefix|patsubst|and|or)\s[^)]*-")
_TRANSPORT = re.compile(
    r"(?:docker|docker-archive|docker-daemon|oci|oci-archive|dir|containers-storage|ostree|sif|tarball):"
)
_CONTAINER_EQUALS = re.compile(r"[\w.*-]+=(?=\S)")
# Of whatever tool: what it builds has its tags as names on the machine.
_BUILDS = re.compile(r"(?:docker-)?build|bud")
_MAX_VERB = 6
"""Words of a command among which its verb is looked for."""
_OUTPUT_NAME = re.compile(r"(?:^|=)type=image,name=(?=[^,]+)")


class Named(NamedTuple):
    """A word that names an image, after ``skip`` characters of something else.

    ``made`` tells that the command makes the image, ``runs`` that it runs one which may be there,
    ``unclear`` that the word is an option after which the image cannot be told.
    """

    term: Term
    skip: int = 0
    made: bool = False
    runs: bool = False
    unclear: bool = False


def named_in(terms: Sequence[Term]) -> Iterator[Named]:
    """The images that one command names."""
    at = program_at(terms)
    if at >= len(terms):
        return
    program = program_of(terms, at)
    rest = terms[at + 1 :]
    if program in ENGINES:
        yield from _engine(rest)
    elif program in ("kubectl", "oc"):
        yield from _kubectl(rest)
    elif program == "crane":
        yield from _crane(rest)
    elif program == "skopeo":
        yield from _skopeo(rest)
    elif _builds(terms[at:]):
        yield from _made_by_build(rest)


def loads_images(terms: Sequence[Term]) -> bool:
    """Whether one command brings images from an archive."""
    at = program_at(terms)
    if at >= len(terms) or program_of(terms, at) not in ENGINES:
        return False
    return any(term.shown == "load" for term in terms[at + 1 : at + 4])


def _engine(terms: Sequence[Term]) -> Iterator[Named]:
    at = _operand(terms, 0, GLOBAL)
    verb = _shown(terms, at)
    if verb in ("container", "image", "buildx", "builder"):
        group, at = verb, _operand(terms, at + 1, GLOBAL)
        verb = _shown(terms, at)
        if (group, verb) not in _GROUPED:
            return
    rest = terms[at + 1 :]
    if at < len(terms) and terms[at].text is None:  # $(BUILDX), say
        yield from _made_by_build(rest) if _builds(rest) else ()
    elif verb in ("run", "create"):
        if _never_pulls(rest):
            return
        yield from (named._replace(runs=True) for named in _operands(rest, RUN))
    elif verb == "pull":
        yield from _operands(rest, PULL)
    elif verb == "build":
        yield from _made_by_build(rest)
    elif verb in ("tag", "commit", "import"):
        yield from (Named(term, made=True) for term in rest[-1:])


def _never_pulls(terms: Sequence[Term]) -> bool:
    words = [term.shown for term in terms]
    return "--pull=never" in words or ("--pull", "never") in pairwise(words)


_GROUPED = frozenset(
    {
        *(("container", verb) for verb in ("run", "create", "commit")),
        *(("image", verb) for verb in ("pull", "build", "tag", "import")),
        *(("buildx", "build"), ("builder", "build")),
    }
)


def _operands(terms: Sequence[Term], options: Options) -> Iterator[Named]:
    """The image: the first word behind the options, and those that variables hold."""
    texts = [term.shown for term in terms]
    at = 0
    while True:
        position = first_operand(texts, at, options)
        at = position.at
        if at >= len(terms):
            return
        if position.unclear:
            yield Named(terms[at], unclear=True)
            return
        lone = terms[at].lone if terms[at].text is None else None
        if lone and lone.name in ("@", "*"):
            return  # A wrapper: its callers name the image.
        if terms[at].text is None and _holds_options(terms, at):
            at += 1
            continue
        yield Named(terms[at])
        return


def _holds_options(terms: Sequence[Term], at: int) -> bool:
    """Whether a word of which nothing is known stands for options, by its name and what follows."""
    lone = terms[at].lone
    if at + 1 >= len(terms):
        return False
    if lone is None:
        is_output = terms[at].raw.startswith("$(") and terms[at].raw.endswith(")")
        return is_output and (
            _MAKES_OPTIONS.match(terms[at].raw) is not None or _is_image(terms[at + 1])
        )
    if lone.many or lone.operator.lstrip(":").startswith("+"):
        return True
    if lone.quoted or (_IMAGE_NAME.search(lone.name) and not _OPTIONS_NAME.search(lone.name)):
        return False
    return bool(_OPTIONS_NAME.search(lone.name)) or _is_image(terms[at + 1])


def _is_image(term: Term) -> bool:
    """Whether a word is an image and can hardly be a command that one runs."""
    reference = parse(term.text) if term.text else None
    if isinstance(reference, ImageReference):
        return reference.tag is not None or reference.is_pinned or "/" in reference.original
    return term.lone is not None and _IMAGE_NAME.search(term.lone.name) is not None


def _builds(terms: Sequence[Term]) -> bool:
    return any(_BUILDS.fullmatch(term.shown) for term in terms[:_MAX_VERB])


def _made_by_build(terms: Sequence[Term]) -> Iterator[Named]:
    """The tags that a build gives to what it makes."""
    for index, term in enumerate(terms):
        text = term.shown
        if text in ("-t", "--tag") and index + 1 < len(terms):
            yield Named(terms[index + 1], made=True)
        elif output := _OUTPUT_NAME.search(text):
            yield Named(term, output.end(), made=True)
        elif text.startswith("--tag=") or re.match(r"-t=?[^\s-]", text):
            yield Named(term, len("--tag=") if text[1] == "-" else 2 + (text[2] == "="), made=True)


def _kubectl(terms: Sequence[Term]) -> Iterator[Named]:
    texts = [term.shown for term in terms]
    end = texts.index("--") if "--" in texts else len(texts)
    at = _operand(terms, 0, KUBECTL)
    verb = _shown(terms, at)
    if verb == "set" and "image" in texts[at + 1 : end]:
        yield from _set_image(terms[texts.index("image", at + 1) + 1 : end])
    if verb not in ("run", "create", "debug"):
        return
    for index in range(at + 1, end):
        if texts[index] == "--image" and index + 1 < end:
            yield Named(terms[index + 1])
        elif texts[index].startswith("--image="):
            yield Named(terms[index], len("--image="))


def _set_image(terms: Sequence[Term]) -> Iterator[Named]:
    at = 0
    while at < len(terms):
        text = terms[at].shown
        if text.startswith("-"):
            at += 2 if text in KUBECTL.valued else 1
            continue
        container = _CONTAINER_EQUALS.match(text)
        if container:
            yield Named(terms[at], container.end())
        at += 1


def _crane(terms: Sequence[Term]) -> Iterator[Named]:
    at = _operand(terms, 0, CRANE)
    if _shown(terms, at) in ("digest", "manifest", "pull", "copy", "cp", "config", "export"):
        yield from (it for it in _operands(terms[at + 1 :], CRANE) if not it.unclear)


def _skopeo(terms: Sequence[Term]) -> Iterator[Named]:
    """The first word with a transport is the source; what is no registry is nothing to pull."""
    if not any(term.shown in ("copy", "inspect") for term in terms):
        return
    for term in terms:
        if _TRANSPORT.match(term.shown):
            if term.shown.startswith("docker://"):
                yield Named(term, len("docker://"))
            return


def _operand(terms: Sequence[Term], at: int, options: Options) -> int:
    """Where the options end; at the end of the command if one of them is not known."""
    position = first_operand([term.shown for term in terms], at, options)
    return len(terms) if position.unclear else position.at


def _shown(terms: Sequence[Term], at: int) -> str:
    return terms[at].shown if at < len(terms) else ""
