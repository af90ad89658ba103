"""Manifests and Compose files in the texts of other files: blocks of YAML, heredocs of scripts."""

import re
from collections.abc import Iterable, Iterator

from boltseal.place import Found
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque
from boltseal_rules.block import block_of_lines
from boltseal_rules.embedded_yaml import document_uses, embedded_uses, moved
from boltseal_rules.formats import templates
from boltseal_rules.formats.shell_words import read
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, documents, join, sites
from boltseal_rules.kubernetes.manifest import is_object
from boltseal_rules.kubernetes.objects import uses_of
from boltseal_rules.places import compose
from boltseal_rules.text_use import distinct

NAME = "embedded"
_YAML = re.compile(r"\.ya?ml(?:\.(?:j2|jinja2?|tpl|tmpl|template))?$", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|ksh|bats)$")
_VERSION = re.compile(r"^[ \t-]*[\"']?apiVersion[\"']?:", re.MULTILINE)
_KIND = re.compile(r"^[ \t-]*[\"']?kind[\"']?:", re.MULTILINE)
_SERVICES = re.compile(r"^[\"']?services[\"']?:", re.MULTILINE)
_BEGINS = re.compile(r"\s*(?:---|#|\{[{%]|- |[\"']?[\w./-]+[\"']?:)")
_FILLED_IN = Opaque(
    "a template or a shell fills in parts of the text around it",
    "write the digest behind it by hand",
)
_TABS = re.compile(rb"^\t+", re.MULTILINE)
_SHELL_SPECIAL = re.compile(rb"[$`\\]")


def claims(path: str) -> bool:
    """Whether a file of this name may hold texts with manifests in them."""
    return _YAML.search(path) is not None or _SCRIPT.search(path) is not None


def find(source: Source) -> Found | None:
    """The images of what stands in texts; a text that cannot be read has none."""
    uses = _script_uses(source) if _SCRIPT.search(source.path) else _block_uses(source)
    return Found(distinct(use._replace(place=NAME) for use in uses))


def _block_uses(source: Source) -> Iterator[ImageUse]:
    try:
        found = documents(source)
    except Unparsable:
        return  # The place that keeps the file says so.
    for document in found:
        for route, scalar in _texts(document.root):
            if "\n" not in scalar.value or not _may_hold(scalar.value):
                continue
            try:
                uses = embedded_uses(source, NAME, route, scalar, _object_uses)
            except Unparsable:
                continue
            filled = templates.is_templated(scalar.value)
            yield from map(_reported, uses) if filled else uses


def _texts(root: Node | None) -> Iterator[tuple[str, Scalar]]:
    """The scalars below ``root``, with the ways to them."""
    if isinstance(root, Scalar):
        yield "", root
    for site in sites(root):
        for key, value in site.mapping.scalars():
            route = join(site.route, key)
            if isinstance(value, Scalar):
                yield route, value
            elif isinstance(value, Sequence):
                for index, item in enumerate(value.items):
                    if isinstance(item, Scalar):
                        yield f"{route}[{index}]", item


def _may_hold(text: str) -> bool:
    """Whether a text begins like YAML and has the keys of what is looked for; prose may have both."""
    if not _BEGINS.match(text):
        return False
    names_object = _VERSION.search(text) and _KIND.search(text)
    return bool(names_object or _SERVICES.search(text))


def _object_uses(source: Source, place: str, root: Node) -> Iterable[ImageUse]:
    """The images of a document that is an object, a list of objects, or a Compose file."""
    if isinstance(root, Sequence):
        for index, item in enumerate(root.items):
            for use in _object_uses(source, place, item) if isinstance(item, Mapping) else ():
                yield use._replace(route=join(f"[{index}]", use.route))
    elif isinstance(root, Mapping) and is_object(root):
        yield from uses_of(source, place, root)
    elif isinstance(root, Mapping) and compose.is_definition(root):
        yield from compose.definition_uses(source, root)


def _script_uses(source: Source) -> Iterator[ImageUse]:
    """The images of heredocs. The characters that are read are the bytes of the file."""
    heredocs = read(source.data.decode("latin-1"), source.bom).heredocs
    for index, heredoc in enumerate(heredocs):
        data = source.data[heredoc.start : heredoc.end]
        body = _TABS.sub(b"", data) if heredoc.tabs else data
        if not _may_hold(body.decode("latin-1")):
            continue
        try:
            uses = document_uses(Source(source.path, body, source.tree), NAME, _object_uses)
        except Unparsable:
            continue
        whole = Span(heredoc.start, heredoc.end)
        where = block_of_lines(source.data, *whole, tabs=heredoc.tabs)
        filled = not heredoc.quoted and _SHELL_SPECIAL.search(data) is not None
        filled = filled or templates.is_templated(body.decode("latin-1"))
        for use in uses:
            use = moved(use, source, where, whole, f"heredocs[{index}]")
            yield _reported(use) if filled else use


def _reported(use: ImageUse) -> ImageUse:
    return use if isinstance(use.spelling, Opaque) else use._replace(spelling=_FILLED_IN)
