"""The grammar of references against a parser of other people, and against itself.

The oracle is docker-image-py, a port of Go's ``distribution/reference``. Where it accepts more than
boltseal does, ``DIFFERENCES`` says why; it never may accept less.
"""

import string
from collections.abc import Callable
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

import pytest
from docker_image.digest import InvalidDigest
from docker_image.reference import InvalidReference as Refused
from docker_image.reference import Reference
from hypothesis import assume, given
from hypothesis import strategies as st

from boltseal.reference import ImageReference, InvalidReference, parse

LOWER = string.ascii_lowercase + string.digits
MIXED = string.ascii_letters + string.digits


class Parts(NamedTuple):
    """A reference in pieces: '' where a piece is left out."""

    host: str
    path: str
    tag: str
    digest: str

    @property
    def text(self) -> str:
        """The reference, put together."""
        host = f"{self.host}/" if self.host else ""
        tag = f":{self.tag}" if self.tag else ""
        return host + self.path + tag + (f"@{self.digest}" if self.digest else "")


class Oracle(NamedTuple):
    """What the other parser read."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None


def oracle(text: str) -> Oracle | None:
    try:
        read = Reference.parse_normalized_named(text)
    except (InvalidDigest, Refused):
        return None
    return Oracle(read.domain(), read.path(), read["tag"], read["digest"])


# The grammar of docs/references.md, written once more: as what makes references, not what reads them.
_words = st.text(LOWER, min_size=1, max_size=4)
_joints = st.sampled_from([".", "_", "__", "-", "--", "---"])
_labels = st.builds(
    lambda first, middle, last: first + middle + last,
    st.sampled_from(MIXED),
    st.text(MIXED + "-", max_size=3),
    st.sampled_from(MIXED),
)
_ports = st.builds(
    lambda zeros, port: f":{'0' * zeros}{port}", st.integers(0, 2), st.integers(1, 65535)
)
_names = st.lists(_labels, min_size=2, max_size=3).map(".".join)
_addresses = st.ip_addresses(v=6).map(
    lambda address: f"[{address.exploded if address.ipv4_mapped else address}]"
)
_hosts = st.one_of(
    st.sampled_from(["", "", "localhost", "docker.io", "index.docker.io", "registry-1.docker.io"]),
    st.builds(str.__add__, _names | _addresses, st.just("") | _ports),
    st.builds(str.__add__, _labels, _ports),
)


@st.composite
def _parts(draw: st.DrawFn) -> str:
    text = draw(_words)
    for _ in range(draw(st.integers(0, 2))):
        text += draw(_joints) + draw(_words)
    return text


_paths = st.lists(_parts(), min_size=1, max_size=3).map("/".join)
_tags = st.just("") | st.builds(
    str.__add__, st.sampled_from(MIXED + "_"), st.text(MIXED + "_.-", max_size=8)
)
_digests = st.just("") | st.one_of(
    st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:".__add__),
    st.text("0123456789abcdef", min_size=128, max_size=128).map("sha512:".__add__),
)
references = st.builds(Parts, _hosts, _paths, _tags, _digests)


def is_read_as_a_host(path: str) -> bool:
    """Whether a path that stands alone would be taken for a host and a path."""
    first, slash, _ = path.partition("/")
    return bool(slash) and (first == "localhost" or "." in first)


@given(references)
def test_what_the_grammar_makes_is_read_in_the_same_pieces(parts: Parts) -> None:
    assume(parts.host or not is_read_as_a_host(parts.path))
    read = parse(parts.text)
    assert isinstance(read, ImageReference), read
    on_hub = parts.host in ("", "docker.io", "index.docker.io")
    assert read.registry == ("docker.io" if on_hub else parts.host)
    implied = "library/" if on_hub and "/" not in parts.path else ""
    assert read.repository == implied + parts.path
    assert read.tag == (parts.tag or None)
    assert read.digest == (parts.digest or None)
    assert read.original == parts.text


@given(references)
def test_the_canonical_form_is_read_as_itself(parts: Parts) -> None:
    assume(parts.host or not is_read_as_a_host(parts.path))
    read = parse(parts.text)
    assert isinstance(read, ImageReference)
    again = parse(read.canonical)
    assert isinstance(again, ImageReference)
    assert again.canonical == again.original == read.canonical
    assert (again.registry, again.repository, again.digest) == (
        read.registry,
        read.repository,
        read.digest,
    )


@given(references, st.data())
def test_no_foreign_character_stands_anywhere(parts: Parts, data: st.DataObject) -> None:
    text = parts.text
    position = data.draw(st.integers(0, len(text)))
    allowed = MIXED + "._-/:@[]"
    foreign = data.draw(st.characters(exclude_characters=allowed, exclude_categories=()))
    assert isinstance(parse(text[:position] + foreign + text[position:]), InvalidReference)


BREAKS: dict[str, Callable[[Parts], str]] = {
    "slash before": lambda parts: "/" + parts.text,
    "slash after the path": lambda parts: parts._replace(path=parts.path + "/").text,
    "slash doubled": lambda parts: parts._replace(path=f"{parts.path}//x").text,
    "three underscores": lambda parts: parts._replace(path=f"{parts.path}___x").text,
    "dot and dash": lambda parts: parts._replace(path=f"{parts.path}.-x").text,
    "two dots": lambda parts: parts._replace(path=f"{parts.path}..x").text,
    "dash after the path": lambda parts: parts._replace(path=f"{parts.path}-").text,
    "capital in the path": lambda parts: parts._replace(path=f"{parts.path}/X").text,
    "tag that starts with a dash": lambda parts: parts._replace(tag=f"-{parts.tag}").text,
    "tag that starts with a dot": lambda parts: parts._replace(tag=f".{parts.tag}").text,
    "long tag": lambda parts: parts._replace(tag=f"{parts.tag:_<129}").text,
    "long path": lambda parts: parts._replace(host="a.example", path="x" * 256).text,
    "short digest": lambda parts: parts._replace(digest=(parts.digest or "sha256:0")[:-1]).text,
    "long digest": lambda parts: parts._replace(digest=f"{parts.digest or 'sha256:'}0").text,
    "capital in the digest": lambda parts: parts._replace(digest=f"sha256:{'A' * 64}").text,
    "two digests": lambda parts: f"{parts.text}@sha256:{'0' * 64}@sha256:{'0' * 64}",
    "no port": lambda parts: parts._replace(host="a.example:").text,
    "port 0": lambda parts: parts._replace(host="a.example:0").text,
    "port 65536": lambda parts: parts._replace(host="a.example:65536").text,
    "underscore in the host": lambda parts: parts._replace(host="a_b.example").text,
    "scheme": lambda parts: "https://" + parts._replace(host="a.example").text,
    "line end": lambda parts: parts.text + "\n",
}


@pytest.mark.parametrize("name", BREAKS)
@given(parts=references)
def test_a_broken_reference_is_refused(name: str, parts: Parts) -> None:
    read = parse(BREAKS[name](parts))
    assert isinstance(read, InvalidReference), read
    assert read.reason
    assert read.hint


def _is_no_address(host: str) -> bool:
    try:
        IPv6Address(host.partition("]")[0].removeprefix("["))
    except AddressValueError:
        return True
    return False


def _port(read: Oracle) -> str:
    return read.registry.rpartition(":")[2] if ":" in read.registry.rpartition("]")[2] else "1"


# What the oracle accepts and boltseal does not.
DIFFERENCES: dict[str, Callable[[str, Oracle], bool]] = {
    "a host is reached at a port from 1 to 65535": lambda _, read: not 0 < int(_port(read)) < 65536,
    "what stands in brackets is an IPv6 address": lambda _, read: (
        read.registry.startswith("[") and _is_no_address(read.registry)
    ),
    "a capital letter makes no host of a first part": lambda _, read: (
        read.registry.lower() != read.registry and not set(".:") & set(read.registry)
    ),
    "OCI registers sha256 and sha512 alone": lambda _, read: (read.digest or "").startswith(
        "sha384"
    ),
    "Python's $ matches before a last line end, Go's does not": lambda text, _: text.endswith("\n"),
}


@st.composite
def almost_references(draw: st.DrawFn) -> str:
    """References with up to three small changes."""
    text = draw(references).text
    for _ in range(draw(st.integers(0, 3))):
        position = draw(st.integers(0, len(text)))
        removed = draw(st.integers(0, 2))
        added = draw(st.text("aF09._-/:@[]\n", max_size=2))
        text = text[:position] + added + text[position + removed :]
    return text


@given(st.one_of(almost_references(), st.text("aB09._-/:@[]\n", max_size=16), st.text()))
def test_another_parser_reads_the_same(text: str) -> None:
    ours, theirs = parse(text), oracle(text)
    if isinstance(ours, ImageReference):
        assert theirs == (ours.registry, ours.repository, ours.tag, ours.digest)
    elif theirs is not None:
        assert any(is_meant(text, theirs) for is_meant in DIFFERENCES.values()), (ours, theirs)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a.example:0/x", "a host is reached at a port from 1 to 65535"),
        ("a.example:65536/x", "a host is reached at a port from 1 to 65535"),
        ("[1:2]:80/x", "what stands in brackets is an IPv6 address"),
        ("[1]/x", None),
        ("Docker/docker", "a capital letter makes no host of a first part"),
        (f"x@sha384:{'0' * 96}", "OCI registers sha256 and sha512 alone"),
        ("x\n", "Python's $ matches before a last line end, Go's does not"),
    ],
)
def test_each_known_difference_is_there(text: str, name: str | None) -> None:
    assert isinstance(parse(text), InvalidReference)
    theirs = oracle(text)
    holding = [key for key, is_meant in DIFFERENCES.items() if theirs and is_meant(text, theirs)]
    assert holding == ([name] if name else [])
