import pytest

from boltseal.source import Unparsable
from boltseal_rules.formats.dockerfile_lines import logical_lines
from boltseal_rules.formats.heredoc import begun_by


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("RUN echo", []),
        ("RUN <<EOF", ["EOF"]),
        ("RUN cat <<-EOF > x", ["EOF"]),
        ("RUN 3<<EOF", ["EOF"]),
        ("RUN <<'E F'", ["E F"]),
        ('RUN <<"EOF"', ["EOF"]),
        ("RUN <<\\EOF", ["EOF"]),
        ("RUN <<E'O'F", ["EOF"]),
        ("RUN <<A cat <<B", ["A", "B"]),
        ("RUN << EOF", ["EOF"]),
        ("RUN <<<EOF", []),
        ("RUN << <EOF", []),
        ("RUN a<<EOF", []),
        ("RUN '<<EOF'", []),
        ('RUN "<<EOF"', []),
        ("RUN \\<<EOF", []),
        ("RUN <<", []),
        ("RUN <<''", []),
        ("RUN <<- EOF", []),
        ("RUN 'open <<EOF", []),
        ("RUN ${} <<EOF", []),
        ("RUN ${X:-y} <<EOF", ["EOF"]),
        ("RUN <<$X", ["$X"]),
        ("RUN $((1<<3))", []),
        ("RUN <<EOF|sh", ["EOF|sh"]),
    ],
)
def test_heredocs(line: str, names: list[str]) -> None:
    assert [heredoc.name for heredoc in begun_by(line)] == names


@pytest.mark.parametrize(
    ("opener", "line", "ends"),
    [
        ("<<EOF", b"EOF", True),
        ("<<EOF", b"\tEOF", False),
        ("<<EOF", b"EOF ", False),
        ("<<-EOF", b"\t\tEOF", True),
        ("<<-EOF", b" EOF", False),
    ],
)
def test_terminator(opener: str, line: bytes, ends: bool) -> None:
    data = b"RUN %s\nFROM inside\n%s\nFROM after\n" % (opener.encode(), line)
    if ends:
        assert [logical.line.text for logical in logical_lines(data, "\\")][1:] == ["FROM after"]
        return
    with pytest.raises(Unparsable, match="heredoc 'EOF' has no end"):
        list(logical_lines(data, "\\"))


def test_a_terminator_before_the_heredoc_ends_nothing() -> None:
    with pytest.raises(Unparsable, match="has no end"):
        list(logical_lines(b"RUN <<A\nA\nA\nRUN <<A\n", "\\"))


def test_the_first_terminator_after_the_heredoc_ends_it() -> None:
    data = b"RUN <<A\nx\nA\nRUN <<A\nFROM x\nA\nFROM y\n"
    texts = [logical.line.text for logical in logical_lines(data, "\\")]
    assert texts == ["RUN <<A", "RUN <<A", "FROM y"]
