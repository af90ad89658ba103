import pytest

from tests.registry import need_programs


@pytest.mark.parametrize(
    ("required", "expected"),
    [("", pytest.skip.Exception), ("1", pytest.fail.Exception)],
)
def test_missing_programs_skip_unless_they_are_required(
    monkeypatch: pytest.MonkeyPatch, required: str, expected: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("BOLTSEAL_REQUIRE_REGISTRY", required)
    with pytest.raises(expected, match="not installed: docker-registry"):
        need_programs()
