"""Which words of a command name an image that it pulls, and which the name of one that it makes."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from boltseal.reference import ImageReference, parse
from boltseal_rules.shell.options import (
    CRANE,
    ENV,
    GLOBAL,
    KUBECTL,
    PULL,
    RUN,
    SUDO,
    TIMEOUT,
    Options,
    first_operand,
)
from boltseal_rules.shell.terms import Term

_ENGINES = frozenset({"docker", "podman", "nerdctl"})
_RESERVED = frozenset(["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"])
_PASSING = frozenset({"command", "nohup", "builtin", "exec", "eval", "caffeinate"})
_WRAPPERS = {"sudo": SUDO, "doas": SUDO, "env": ENV, "timeout": TIMEOUT, "nice": frozenset({"-n"})}
_SET = re.compile(r"[A-Za-z_]\w*\+?=")
_ENGINE_VARIABLE = re.compile(
    r"(?:\w*_)?(?:docker|podman|container|engine)"
    r"(?:_?(?:bin|cmd|cli|tool|engine|runtime|command|exe|executable|client))?",
    re.IGNORECASE,
)
_KUBECTL_VARIABLE = re.compile(
    r"(?:\w*_)?(?:kubectl|oc)(?:_?(?:bin|cmd|cli|command))?", re.IGNORECASE
)
_IMAGE_NAME = re.compile(r"image|img|tag|repo|registry", re.IGNORECASE)
_OPTIONS_NAME = re.compile(
    r"opt|arg|flag|param|env|vol|mount|port|secret|net|label|tty|interactive|device|user|gpu|run",
    re.IGNORECASE,
)
# Functions of make, which put options together where they stand before an image.
_MAKES_OPTIONS = re.compile(r"\$\((?:if|call|foreach|addprefix|patsubst|and|or)\s[^)]*-")
_QUIET_PREFIX = re.compile(r"\$\{?\w+\}?(?=(?:docker|podman|nerdctl|kubectl)$)")
_TRANSPORT = re.compile(
    r"(?:docker|docker-archive|docker-daemon|oci|oci-archive|dir|containers-storage|ostree|sif|tarball):"
)
_CONTAINER_EQUALS = re.compile(r"[\w.*-]+=(?=\S)")
# Whatever tool builds: its tags are names of images on the machine.
_BUILDS = re.compile(r"(?:docker-)?build|bud")
_MAX_VERB = 6
"""Words of a command among which its verb is looked for."""
_OUTPUT_NAME = re.compile(r"(?:^|=)type=image,name=(?=[^,]+)")
_RETRY = re.compile(r"(?:\w+[_-])?retry(?:[_-]\w+)?")
_COUNT = re.compile(r"\d+[smh]?")


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
    at = _program(terms)
    if at >= len(terms):
        return
    program = _name(terms, at)
    rest = terms[at + 1 :]
    if any(_BUILDS.fullmatch(term.shown) for term in terms[at : at + _MAX_VERB]):
        yield from _made_by_build(rest)
    elif program in _ENGINES:
        yield from _engine(rest)
    elif program in ("kubectl", "oc"):
        yield from _kubectl(rest)
    elif program == "crane":
        yield from _crane(rest)
    elif program == "skopeo":
        yield from _skopeo(rest)


def loads_images(terms: Sequence[Term]) -> bool:
    """Whether one command brings images from an archive."""
    at = _program(terms)
    if at >= len(terms) or _name(terms, at) not in _ENGINES:
        return False
    return any(term.shown == "load" for term in terms[at + 1 : at + 4])


def _program(terms: Sequence[Term]) -> int:
    """Where the program is named, behind what may stand before it."""
    at = 0
    while at < len(terms):
        text = terms[at].shown
        wrapper = text.rpartition("/")[2]
        if text in _RESERVED or text in _PASSING or _SET.match(text):
            at += 1
        elif wrapper in _WRAPPERS:
            at = _behind_options(terms, at + 1, _WRAPPERS[wrapper]) + (wrapper == "timeout")
        elif _RETRY.fullmatch(text):
            at += 1
            while at < len(terms) and _COUNT.fullmatch(terms[at].shown):
                at += 1
        elif terms[at].text is None and terms[at].lone and _name(terms, at + 1) in _ENGINES:
            at += 1  # $(SUDO), say
        else:
            break
    return at


def _behind_options(terms: Sequence[Term], at: int, valued: frozenset[str]) -> int:
    while at < len(terms) and terms[at].shown.startswith("-"):
        at += 2 if terms[at].shown in valued else 1
    return at


def _name(terms: Sequence[Term], at: int) -> str:
    """The program, by its last name; a variable by what it is called if no more is known of it."""
    if at >= len(terms):
        return ""
    term = terms[at]
    if term.text is not None:
        return term.text.rpartition("/")[2].lstrip("@+-")
    lone = term.lone
    if lone and _ENGINE_VARIABLE.fullmatch(lone.name):
        return "docker"
    if lone and _KUBECTL_VARIABLE.fullmatch(lone.name):
        return "kubectl"
    return _QUIET_PREFIX.sub("", term.raw).rpartition("/")[2]


def _engine(terms: Sequence[Term]) -> Iterator[Named]:
    at = _operand(terms, 0, GLOBAL)
    verb = _shown(terms, at)
    if verb in ("container", "image"):
        group, at = verb, _operand(terms, at + 1, GLOBAL)
        verb = _shown(terms, at)
        if (group, verb) not in _GROUPED:
            return
    rest = terms[at + 1 :]
    if verb in ("run", "create"):
        if _never_pulls(rest):
            return
        yield from (named._replace(runs=True) for named in _operands(rest, RUN))
    elif verb == "pull":
        yield from _operands(rest, PULL)
    elif verb in ("tag", "commit", "import"):
        yield from (Named(term, made=True) for term in rest[-1:])


def _never_pulls(terms: Sequence[Term]) -> bool:
    words = [term.shown for term in terms]
    return "--pull=never" in words or ("--pull", "never") in pairwise(words)


_GROUPED = frozenset(
    {
        *(("container", verb) for verb in ("run", "create", "commit")),
        *(("image", verb) for verb in ("pull", "tag", "import")),
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
