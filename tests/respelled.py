"""The same YAML in other words: every way that its grammar has to write a key, a break, a document."""

import json
import re
from collections.abc import Callable

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Respelling = Callable[[str], str]

_KEY = re.compile(r"(?m)^([ \t]*(?:- )*)([A-Za-z][\w./-]*):(?=[ \t\n])")
_DOCUMENT = re.compile(r"(?m)^---[ \t]*\n")
SCHEMA = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n"
    "spec:\n  group: b.c\n  names: {kind: A, plural: a}\n"
)
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - {name: a, image: 'nginx:1.27'}\n"


def _keys(written: Callable[[str, str], str]) -> Respelling:
    """Every key of a block, written as ``written`` says, which is given the margin and the key."""
    return lambda text: _KEY.sub(lambda key: key[1] + written(" " * len(key[1]), key[2]), text)


def _escaped(form: str) -> Respelling:
    return _keys(lambda _, key: '"' + "".join(form.format(ord(letter)) for letter in key) + '":')


def _documents(written: str) -> Respelling:
    """The text behind a schema of a custom resource, with ``written`` between them."""
    return lambda text: SCHEMA + written + _DOCUMENT.sub("---\n", text)


def _indented(text: str) -> str:
    return re.sub(r"(?m)^(?=[^\n])(?!---)", "  ", text)


def _json(text: str) -> str:
    """Every document on a line of its own, as JSON writes it; a text that is no YAML as it is."""
    try:
        found = list(YAML(typ="safe").load_all(text))
        return "".join(f"--- {json.dumps(it, default=str)}\n" for it in found)
    except (YAMLError, TypeError):
        return text


RESPELLINGS: dict[str, Respelling] = {
    "quotes": _keys(lambda _, key: f'"{key}":'),
    "single quotes": _keys(lambda _, key: f"'{key}':"),
    "blanks before the colon": _keys(lambda _, key: f"{key} \t:"),
    "escapes of two digits": _escaped("\\x{:02x}"),
    "escapes of four digits": _escaped("\\u{:04X}"),
    "escapes of eight digits": _escaped("\\U{:08x}"),
    "one letter escaped": _keys(lambda _, key: f'"{key[:-1]}\\x{ord(key[-1]):02x}":'),
    "keys with a mark of their own": _keys(lambda margin, key: f"? {key}\n{margin}:"),
    "tags": _keys(lambda _, key: f"!!str {key}:"),
    "anchors": _keys(lambda _, key: f"&a {key}:"),
    "a tag and an anchor": _keys(lambda _, key: f"!!str &a '{key}':"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "NEL": lambda text: text.replace("\n", "\x85"),
    "LS": lambda text: text.replace("\n", "\u2028"),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "a margin": _indented,
    "a margin behind a comment": lambda text: f"# é\n\n--- # é\n{_indented(text)}",
    "directives": lambda text: f"%YAML 1.2\n%TAG !e! tag:example.com,2000:\n---\n{text}",
    "a tag behind the mark": lambda text: f"--- !!map # é\n{text}",
    "JSON": _json,
    "behind a schema": _documents("---\n"),
    "behind a schema and a comment": _documents("--- # a Pod\n"),
    "behind a schema that is ended": _documents("...\n"),
    "behind a schema, with a directive": _documents("...\n%YAML 1.2\n---\n"),
    "before a schema": lambda text: f"{text}\n---\n{SCHEMA}",
    "beside the name of a schema": lambda text: (
        f"x-a: |\n  kind: CustomResourceDefinition\nx-b: >-\n  a\n\n  {SCHEMA[:36]}\n{text}"
    ),
    "behind a quoted schema": lambda text: f'x-a: "\nkind: CustomResourceDefinition\n"\n{text}',
}
