"""Archives as they are written, and as they are made to harm."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.resolve.tarball import Member, TarError, members
from boltseal.resolve.tarstream import PlainStream
from tests.resolve.archives import BLOCK, END, header, member, pax


def read(data: bytes) -> list[Member]:
    return list(members(PlainStream(io.BytesIO(data), len(data))))


def contents(data: bytes) -> dict[str, bytes]:
    return {it.name: data[it.offset : it.offset + it.size] for it in read(data)}


def refused(data: bytes) -> str:
    with pytest.raises(TarError) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(
    st.dictionaries(names.map(lambda name: name.strip("/") or "a"), st.binary(max_size=1500)),
    st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_what_the_standard_library_writes_is_read(files: dict[str, bytes], form: int) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form, encoding="utf-8") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            try:
                archive.addfile(info, io.BytesIO(data))
            except ValueError:  # ustar has no room for some names
                return
    assert contents(buffer.getvalue()) == files


def test_a_long_name_is_read_in_each_format() -> None:
    name = "/".join(["blobs", "x" * 90, "y" * 90])
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
            archive.addfile(tarfile.TarInfo(name))
        assert [it.name for it in read(buffer.getvalue())] == [name]


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        (b"0", ""),
        (b"\0", ""),
        (b"7", ""),
        (b"1", "is a link, which is not followed in an archive"),
        (b"2", "is a link, which is not followed in an archive"),
        (b"3", "is not a file"),
        (b"4", "is not a file"),
        (b"5", "is not a file"),
        (b"6", "is not a file"),
        (b"V", "is not a file"),
    ],
)
def test_only_a_regular_file_can_be_read(kind: bytes, problem: str) -> None:
    (only,) = read(header(b"a", 0, kind) + END)
    assert only.problem == problem


def test_the_oldest_way_to_mark_a_directory_is_known() -> None:
    (only,) = read(header(b"a/", 0, b"\0", magic=bytes(8)) + END)
    assert only.problem == "is not a file"


def test_a_link_has_no_data_whatever_its_size_says() -> None:
    data = header(b"link", 99999, b"2") + member(b"a", b"text") + END
    assert contents(data) == {"link": b"", "a": b"text"}


def test_a_pax_header_gives_name_and_size() -> None:
    data = pax(path="é", size="4") + header(b"a", 0) + b"text".ljust(BLOCK, b"\0") + END
    assert contents(data) == {"é": b"text"}


def test_what_a_pax_header_says_is_for_the_next_member_only() -> None:
    assert list(contents(pax(path="b") + member(b"a", b"") + member(b"c", b"") + END)) == ["b", "c"]


def test_a_comment_for_all_members_is_passed_over() -> None:
    comment = member(b"pax", b"13 comment=x\n", b"g")
    assert contents(comment + member(b"a", b"text") + END) == {"a": b"text"}


def test_a_sparse_file_is_passed_over_with_its_map() -> None:
    old = bytearray(header(b"sparse", 4, b"S", magic=b"ustar  \0"))
    old[482] = 1
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old)
    more = bytearray(BLOCK)
    more[504] = 1
    data = bytes(old) + bytes(more) + bytes(BLOCK) + b"data".ljust(BLOCK, b"\0")
    sparse, after = read(data + member(b"a", b"text") + END)
    assert sparse.problem == "is a sparse file, which is not read"
    assert after.name == "a"
    (new,) = read(pax(GNU_sparse_major="1", GNU_sparse_name="a") + member(b"a", b"x") + END)
    assert new.problem == "is a sparse file, which is not read"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is cut short"),
        (b"x" * 100, "is cut short"),
        (b"x" * BLOCK, "is damaged, or is no tar archive: a header does not have its checksum"),
        (member(b"a", b"text"), "is cut short"),
        (member(b"a", b"text")[:-1], "is cut short"),
        (header(b"a", 8**11 - 1) + END, "is cut short"),
        (header(b"a", b"\x80" + b"\xff" * 11) + END, "is cut short"),
        (header(b"a", b"\xff" * 12) + END, "is damaged: a member's size is not a number"),
        (header(b"a", b"-0000000001\0") + END, "is damaged: a member's size is not a number"),
        (pax(size="9" * 19) + header(b"a", 0) + END, "is cut short"),
        (
            pax(size="9" * 5000) + header(b"a", 0) + END,
            "is damaged: a member's size is not a number",
        ),
        (pax(size="-1") + header(b"a", 0) + END, "is damaged: a member's size is not a number"),
        (header(b"p", 2**30, b"x") + END, "has an extended header of more than 65536 bytes"),
        (header(b"p", 2**30, b"g") + END, "has an extended header of more than 65536 bytes"),
        (header(b"p", 2**30, b"L") + END, "has an extended header of more than 65536 bytes"),
        (header(b"p", 2**30, b"K") + END, "is cut short"),
        (member(b"p", b"99 a=b\n", b"x") + END, "is damaged: an extended header does not add up"),
        (member(b"p", b"0 a=b\n", b"x") + END, "is damaged: an extended header does not add up"),
        (member(b"p", b"5 ab\n", b"x") + END, "is damaged: an extended header does not add up"),
        (member(b"p", b"9" * 60_000, b"x") + END, "is damaged: an extended header does not add up"),
        (member(b"p", b"9 size=1\n", b"g") + END, "gives one name or one size to all its members"),
        (member(b"p", b"9 path=a\n", b"g") + END, "gives one name or one size to all its members"),
    ],
)
def test_what_cannot_be_read_on_is_refused(data: bytes, words: str) -> None:
    assert refused(data) == words


def test_a_changed_header_is_not_taken_for_the_end() -> None:
    data = bytearray(member(b"a", b"text") + member(b"b", b"") + END)
    data[2 * BLOCK] = ord("c")
    assert "checksum" in refused(bytes(data))


def test_headers_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boltseal.resolve.tarball._MAX_HEADERS", 3)
    assert len(read(member(b"a", b"") * 2 + END)) == 2
    assert refused(member(b"a", b"") * 3 + END) == "has more than 3 headers"
    assert refused(pax(comment="x") * 3 + member(b"a", b"") + END) == "has more than 3 headers"


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except TarError:
        return
    assert not any(data[:BLOCK])


@given(st.data())
def test_any_change_is_read_or_refused(draw: st.DataObject) -> None:
    data = bytearray(pax(path="a" * 200) + member(b"a", b"text") + END)
    place = draw.draw(st.integers(0, len(data) - 1))
    data[place] = draw.draw(st.integers(0, 255))
    try:
        assert len(read(bytes(data))) <= 2
    except TarError:
        return
