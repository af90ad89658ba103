import pytest

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


def test_terminator() -> None:
    (plain,) = begun_by("RUN <<EOF")
    (chomping,) = begun_by("RUN <<-EOF")
    assert plain.is_ended_by(b"EOF")
    assert not plain.is_ended_by(b"\tEOF")
    assert not plain.is_ended_by(b"EOF ")
    assert chomping.is_ended_by(b"\t\tEOF")
    assert not chomping.is_ended_by(b" EOF")
