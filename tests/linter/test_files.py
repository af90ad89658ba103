"""Files are read whole or not at all, and replaced whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from boltseal import files
from boltseal.files import Unreadable, WriteRefused, read, write

NOBODY = 65534
OLD, NEW = b"image: a\r\n\xff", b"image: a@sha256:0\r\n\xff"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.yaml"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


# Reading


@pytest.mark.parametrize("data", [b"", b"a", OLD, b"\xef\xbb\xbfa\r\n", b"x" * 200_000])
def test_every_byte_is_read(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert read(str(path), 200_000) == data


def test_a_file_of_exactly_the_limit_is_read_and_one_above_is_not(path: Path) -> None:
    assert read(str(path), len(OLD)) == OLD
    with pytest.raises(Unreadable, match=f"^larger than {len(OLD) - 1} bytes$"):
        read(str(path), len(OLD) - 1)


def test_a_file_that_says_it_is_empty_is_read_up_to_the_limit() -> None:
    name = "/proc/self/maps"  # of size 0, but not empty
    if not os.access(name, os.R_OK):
        pytest.skip("needs /proc")
    assert read(name, 1 << 24)
    with pytest.raises(Unreadable, match=r"^larger than 16 bytes$"):
        read(name, 16)


def test_links_are_read_only_when_asked_for(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(path)
    with pytest.raises(Unreadable, match=r"^a symbolic link$"):
        read(str(link), 100)
    assert read(str(link), 100, follow=True) == OLD


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_does_not_keep_us_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(Unreadable, match=r"^not a regular file$"):
        read(str(tmp_path / "fifo"), 100)


def test_folders_and_devices_are_not_read(tmp_path: Path) -> None:
    for name in (str(tmp_path), os.devnull):
        with pytest.raises(Unreadable, match=r"^not a regular file$"):
            read(name, 100)


def test_a_file_that_is_not_there_has_a_reason_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        read(str(tmp_path / "none"), 100)
    assert caught.value.reason == os.strerror(2)


# Writing


def test_a_file_is_replaced(path: Path) -> None:
    write(str(path), NEW, expected=OLD)
    assert path.read_bytes() == NEW
    assert names(path.parent) == ["a.yaml"]


def test_a_file_in_the_current_directory_is_replaced(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    write("a.yaml", NEW, expected=OLD)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_the_mode_stays(path: Path, mode: int) -> None:
    path.chmod(mode)
    write(str(path), NEW, expected=OLD)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to be root to give files away"
)
def test_the_owner_stays_where_the_system_permits_it(path: Path) -> None:
    os.chown(path, 12345, 23456)
    path.chmod(0o4755)
    write(str(path), NEW, expected=OLD)
    now = path.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (12345, 23456, 0o4755)


@pytest.mark.skipif(not hasattr(os, "fchown"), reason="needs owners")
def test_where_the_owner_cannot_stay_no_special_bits_do(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    like = os.stat_result((0o104755, 0, 0, 1, 12345, 23456, 0, 0, 0, 0))
    monkeypatch.setattr(os, "fchown", refuse)
    with path.open("rb+") as stream:
        files._copy_owner_and_mode(stream.fileno(), like)
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_a_link_stays_and_what_it_leads_to_is_replaced(path: Path) -> None:
    folder = path.parent / "in"
    folder.mkdir()
    link = folder / "link"
    link.symlink_to("../a.yaml")
    write(str(link), NEW, expected=OLD)
    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert names(folder) == ["link"]


def test_of_several_hard_links_the_others_keep_the_old_bytes(path: Path) -> None:
    other = path.with_name("other")
    other.hardlink_to(path)
    write(str(path), NEW, expected=OLD)
    assert (path.read_bytes(), other.read_bytes()) == (NEW, OLD)


@pytest.mark.parametrize("now", [b"", OLD + b"#", b"IMAGE" + OLD[5:]])
def test_a_file_that_somebody_changed_is_left_alone(path: Path, now: bytes) -> None:
    path.write_bytes(now)
    with pytest.raises(WriteRefused, match=r"^changed since it was read$"):
        write(str(path), NEW, expected=OLD)
    assert path.read_bytes() == now
    assert names(path.parent) == ["a.yaml"]


def test_a_file_changed_at_the_last_moment_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = files._fill

    def late(descriptor: int, data: bytes, like: os.stat_result) -> None:
        fill(descriptor, data, like)
        path.write_bytes(b"somebody else's")

    monkeypatch.setattr(files, "_fill", late)
    with pytest.raises(WriteRefused, match=r"^changed since it was read$"):
        write(str(path), NEW, expected=OLD)
    assert path.read_bytes() == b"somebody else's"
    assert names(path.parent) == ["a.yaml"]


def test_a_file_that_is_gone_is_not_made_anew(path: Path) -> None:
    path.unlink()
    with pytest.raises(WriteRefused, match=os.strerror(2)):
        write(str(path), NEW, expected=OLD)
    assert names(path.parent) == []


def test_a_write_protected_file_is_left_alone(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(WriteRefused, match=r"^write protected$"):
        write(str(path), NEW, expected=OLD)
    assert path.read_bytes() == OLD


@contextmanager
def nobody_special(*owned: Path) -> Iterator[None]:
    """Without the rights of root, which may write anywhere; ``owned`` belong to whoever is left."""
    if os.geteuid() != 0:
        yield
        return
    for path in owned:
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_is_a_reason() -> None:
    with TemporaryDirectory() as name:  # pytest's own folders are closed to others than its user
        path = Path(name) / "file"
        path.write_bytes(OLD)
        path.parent.chmod(0o555)
        with nobody_special(path.parent, path):
            try:
                with pytest.raises(WriteRefused, match=r"^its folder cannot be written to: "):
                    write(str(path), NEW, expected=OLD)
            finally:
                path.parent.chmod(0o755)
        assert path.read_bytes() == OLD


def test_a_read_only_file_system_is_a_reason(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(target: str) -> tuple[str, int]:
        raise OSError(30, "Read-only file system", target)

    monkeypatch.setattr(files, "_create_beside", refuse)
    with pytest.raises(WriteRefused, match=r"^its folder cannot be written to: Read-only file sys"):
        write(str(path), NEW, expected=OLD)
    assert path.read_bytes() == OLD


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_no_failure_leaves_anything_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else WriteRefused
    with monkeypatch.context() as patched:
        patched.setattr(os, step, fail)
        with pytest.raises(expected):
            write(str(path), NEW, expected=OLD)
    assert path.read_bytes() == OLD
    assert names(path.parent) == ["a.yaml"]


# Reports


def test_a_report_is_written_where_nothing_was(path: Path) -> None:
    files.put(str(path.with_name("new")), NEW)
    assert path.with_name("new").read_bytes() == NEW
    assert names(path.parent) == ["a.yaml", "new"]


def test_a_report_takes_the_place_of_an_older_one_and_its_mode(path: Path) -> None:
    path.chmod(0o640)
    files.put(str(path), NEW)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_report_has_the_mode_of_any_new_file(path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.put(str(path.with_name("new")), NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.with_name("new").stat().st_mode) == 0o640


def test_a_report_replaces_a_link_and_leaves_what_it_leads_to(path: Path) -> None:
    link = path.with_name("report")
    link.symlink_to(path)
    files.put(str(link), NEW)
    assert path.read_bytes() == OLD
    assert not link.is_symlink()
    assert link.read_bytes() == NEW


def test_a_report_goes_to_a_device(path: Path) -> None:
    files.put(os.devnull, NEW)
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("target", [os.devnull, "pipe", "."])
def test_a_link_to_what_is_no_file_is_replaced_too(tmp_path: Path, target: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    link = tmp_path / "report"
    link.symlink_to(target)
    files.put(str(link), NEW)
    assert not link.is_symlink()
    assert link.read_bytes() == NEW


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_what_links_of_the_system_lead_to_is_written_to(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as stream:
        stream.write(b"first,")
        stream.flush()
        name = f"/proc/self/fd/{stream.fileno()}"
        files.put(name, NEW)
        assert Path(name).is_symlink()
    assert (tmp_path / "out").read_bytes() == b"first," + NEW


def test_a_report_goes_through_a_pipe(path: Path) -> None:
    pipe = path.with_name("pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.put(str(pipe), NEW)
        assert os.read(reader, 100) == NEW
    finally:
        os.close(reader)


@pytest.mark.parametrize("name", ["missing/report", ".", "a\0b"])
def test_a_report_that_cannot_be_written_says_why(path: Path, name: str) -> None:
    with pytest.raises(WriteRefused):
        files.put(str(path.with_name("x").parent / name), NEW)
    assert names(path.parent) == ["a.yaml"]


# Writing a new file


def test_a_new_file_is_written_with_the_mode_that_the_user_is_used_to(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.create(str(tmp_path / "new"), NEW)
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == NEW
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert names(tmp_path) == ["new"]


def test_nothing_is_written_over_not_even_a_link_that_leads_nowhere(path: Path) -> None:
    path.with_name("link").symlink_to("nowhere")
    for there in (path, path.with_name("link"), path.parent):
        with pytest.raises(WriteRefused, match=r"^exists already$"):
            files.create(str(there), NEW)
    assert path.read_bytes() == OLD
    assert names(path.parent) == ["a.yaml", "link"]


def test_what_takes_the_name_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(_: int) -> None:
        (tmp_path / "new").write_bytes(OLD)

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(WriteRefused, match=r"^exists already$"):
        files.create(str(tmp_path / "new"), NEW)
    assert (tmp_path / "new").read_bytes() == OLD
    assert names(tmp_path) == ["new"]


def test_a_new_file_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: str) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", link)
    files.create(str(tmp_path / "new"), NEW)
    assert (tmp_path / "new").read_bytes() == NEW
    assert names(tmp_path) == ["new"]
