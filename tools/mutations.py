"""Small damage to a file: each mutation takes bytes and gives others that are still nearly a file."""

from collections.abc import Callable, Sequence
from random import Random

LARGEST = 64 * 1024
"""Bytes beyond which a mutated file is cut."""
_USUAL, _LARGE = 4 * 1024, 0.05  # most are cut earlier, so that more are tried

_YAML = (
    *(": ", "- ", "? ", "&a ", "*a", "<<: *a", "<<: [*a, *b]", "!!str ", "!reference [a, image]"),
    *("|", ">-", "|2", "---\n", "...\n", "%YAML 1.1\n", "{", "}", "[", "]", '"', "'", "''", "\t"),
    *("# ", "~", "null", "1.10", "0x1f", "image: ", "image: &b nginx", "tag: v1", "digest: ''"),
    *("repository: a/b", "registry: ghcr.io", "kind: List\nitems:\n", "name: ", "args: [", "\\x41"),
)
_TEMPLATE = (
    *("{{ ", " }}", "{{- if .x }}", "{{ end }}", "{{ else }}", "{{/* ", " */}}", "{% if x %}"),
    *("{# ", " #}", "{{ .Values.image.tag }}", "{{ range }}", '{{ define "a" }}', "| default"),
    *("{{ include ", "{{ with .Values.a }}", "`", "$x := "),
)
_SHELL = (
    *("${", "}", "$A", "${A:-b}", "${A:-${B:-c}}", "$(", ")", "$[", "\\", "\\\n", "`", "<<EOF\n"),
    *("EOF\n", "&& ", "; ", "docker run ", "$$", "${{ ", "}}", "--platform=", "[[", "]]", "%{"),
)
_DOCKERFILE = (
    *(
        "FROM ",
        " AS a\n",
        "ARG A=",
        "ARG A\n",
        "COPY --from=",
        "RUN --mount=type=bind,from=",
        "\\\n",
    ),
    *("ONBUILD ", "# escape=`\n", "# syntax=", "#", "`\n", "HEALTHCHECK ", "scratch", "ENV A b\n"),
    *('["a", "b"]', "<<-'A' <<B\n", "A\n", "SAVE IMAGE ", "BUILD ", "+a", "VERSION 0.8\n", "IF "),
)
_HCL = (
    *(
        'image = "',
        "${var.a}",
        "locals {",
        "variable a {",
        'default = "',
        "<<-EOT\n",
        "EOT\n",
        "%{",
    ),
    *("/*", "*/", "//", "for x in", "? :", "[", "]", "(", ")", "{", "}", 'format("%s:%s", a, b)'),
    *("target a {", "contexts = {", "jsonencode({", "yamldecode(", '"', "=", "...", "=>"),
)
_GROOVY = (
    *("'''", '"""', "${", "$a", "docker.image('", "docker { image '", "def a = ", "//", "/*", "*/"),
    *(
        "pipeline {",
        "agent {",
        "}",
        "(",
        ")",
        "[",
        "]",
        "/",
        "$/",
        "/$",
        "yaml '''",
        "'",
        '"',
        "?:",
    ),
)
_PYTHON = (
    *(
        "f'",
        "'''",
        '"""',
        "rb'",
        "image=",
        "def f(image='",
        "lambda: ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
    ),
    *(
        "\\\n",
        "    ",
        "\t",
        "if x:\n",
        "class A:\n",
        "from a import *\n",
        "async ",
        "\\N{DASH}",
        "%s",
    ),
    *('"a" "b"', ".format(", ":=", "match x:\n", "@", "IMAGE = ", "DockerContainer(", "print 1\n"),
)
_JSON = ('"', ",", ":", "{", "}", "[", "]", "\\ud800", "\\u0041", "//", "/*", "*/", "1e999", "null")
_UNIT = (
    "[Container]\n",
    "Image=",
    "\\\n",
    ";",
    "#",
    "[",
    "]",
    "=",
    "%i",
    "[Volume]\n",
    "Driver=image\n",
)
_REFERENCES = (
    *(
        "nginx",
        "nginx:1.27",
        "ghcr.io/acme/app:v1",
        "localhost:5000/x",
        "a/b",
        "Bad Name",
        "<image>",
    ),
    *(
        "x@sha256:" + "0" * 64,
        "docker://a/b",
        "oci://a/b",
        "@",
        ":",
        "sha256:" + "0" * 64,
        "latest",
    ),
)
_ODD = (
    "\0",
    "\ufeff",
    "\u2028",
    "\x85",
    "é",
    "😀",
    "\r",
    "\r\n",
    "\n",
    "\x1b",
    "\x0c",
    " ",
    "\t",
    "\x7f",
)

_DOCKERFILES, _HCLS = ("dockerfile", "earthfile"), ("docker-bake", "terraform", "nomad")
_FAMILIES = {
    **dict.fromkeys(_DOCKERFILES, (*_DOCKERFILE, *_SHELL)),
    **dict.fromkeys(_HCLS, (*_HCL, *_SHELL)),
    "jenkinsfile": (*_GROOVY, *_SHELL, *_YAML),
    "python": _PYTHON,
    "devcontainer": (*_JSON, *_SHELL),
    "quadlet": (*_UNIT, *_SHELL),
}


def words(place: str) -> tuple[str, ...]:
    """What is likely to mean something in the files of a place."""
    own = _FAMILIES.get(place, (*_YAML, *_TEMPLATE, *_SHELL))
    return (*own, *_REFERENCES, *_ODD)


def mutated(
    random: Random, data: bytes, others: Sequence[bytes], dictionary: Sequence[str]
) -> bytes:
    """``data`` with one to five mutations; pieces of ``others`` and words may come into it."""
    limit = LARGEST if random.random() < _LARGE else _USUAL
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        mutation = random.choice(_MUTATIONS)
        data = mutation(random, data, others, dictionary)[:limit]
    return data


def _flip(random: Random, data: bytes, *_: object) -> bytes:
    changed = bytearray(data)
    for _index in range(random.randint(1, 4)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _insert(random: Random, data: bytes, _: object, dictionary: Sequence[str]) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(dictionary).encode() + data[at:]


def _replace_word(random: Random, data: bytes, _: object, dictionary: Sequence[str]) -> bytes:
    parts = data.split(b" ")
    parts[random.randrange(len(parts))] = random.choice(dictionary).encode()
    return b" ".join(parts)


def _lines(random: Random, data: bytes, *_: object) -> bytes:
    """Some lines twice, gone, moved, or further in."""
    lines = data.split(b"\n")
    start = random.randrange(len(lines))
    end = min(len(lines), start + random.randint(1, 4))
    some, to = lines[start:end], random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            lines[to:to] = some
        case 1:
            del lines[start:end]
        case 2:
            del lines[start:end]
            lines[to:to] = some
        case _:
            lines[start:end] = [b"  " + line for line in some]
    return b"\n".join(lines)


def _splice(random: Random, data: bytes, others: Sequence[bytes], _: object) -> bytes:
    other = random.choice(others)
    start, at = random.randint(0, len(other)), random.randint(0, len(data))
    return data[:at] + other[start : start + random.randint(0, 400)] + data[at:]


def _truncate(random: Random, data: bytes, *_: object) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] if random.random() < 0.7 else data[at:]


def _line_ends(random: Random, data: bytes, *_: object) -> bytes:
    ends = (b"\n", b"\r\n") if random.random() < 0.7 else (b"\n", b"\r\n", b"\r", b"\n\n")
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    joined = b"".join(line + random.choice(ends) for line in lines)
    return random.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe")) + joined


def _deepen(random: Random, data: bytes, *_: object) -> bytes:
    opening = random.choice(
        (b"{", b"[", b"(", b"{a: ", b"- ", b"${A:-", b"{{ if x }}", b"f(", b"'")
    )
    depth, at = random.choice((3, 30, 99, 101, 1000, 5000)), random.randint(0, len(data))
    closing = (
        opening.translate(bytes.maketrans(b"{[(", b"}])"))[:1] if random.random() < 0.5 else b""
    )
    return data[:at] + opening * depth + closing * depth + data[at:]


def _lengthen(random: Random, data: bytes, _: object, dictionary: Sequence[str]) -> bytes:
    word = random.choice(dictionary).encode()
    at, times = random.randint(0, len(data)), random.choice((10, 100, 3000, 20000))
    return data[:at] + word * min(times, LARGEST // len(word)) + data[at:]


def _repeat(random: Random, data: bytes, *_: object) -> bytes:
    between = random.choice((b"", b"\n", b"\n---\n", b" "))
    return (data + between) * random.choice((2, 3, 20))


_Mutation = Callable[[Random, bytes, Sequence[bytes], Sequence[str]], bytes]
# The cheap and mild ones stand here more than once, so that most inputs are still nearly a file.
_MUTATIONS: tuple[_Mutation, ...] = (
    *(_flip, _insert, _replace_word, _lines, _splice) * 5,
    *(_truncate, _line_ends) * 2,
    *(_deepen, _lengthen, _repeat),
)
