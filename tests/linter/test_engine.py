"""The pipeline: what is verified before anything is written."""

import pytest

from boltseal.engine import Knowledge, inspect
from boltseal.fixing import Inconsistent, fix
from boltseal.place import Found, Place
from boltseal.reference import parse
from boltseal.resolve.outcome import Resolved, Unresolved
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Whole
from tests.tools import CHECKS, KNOWLEDGE, UNPARSABLE, digest, inspected, result

POD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: 'nginx:1.27'}]}\n"


def test_a_place_that_reads_the_edited_file_otherwise_stops_the_fix() -> None:
    def find(source: Source) -> Found:
        if b"@" in source.data:
            return Found()
        use = ImageUse(source, "lie", "r", "x:1", parse("x:1"), Span(0, 3), Whole(Span(0, 3)))
        return Found((use,))

    liar = Place("lie", lambda _path: True, (b"",), find)
    knowledge = Knowledge((liar,), CHECKS, UNPARSABLE)
    answer = {"docker.io/library/x:1": Resolved(digest("x"), "")}
    with pytest.raises(Inconsistent):
        fix(knowledge, inspect(knowledge, Source("f", b"x:1\n")), answer)


def test_what_is_not_resolved_stays_and_is_reported() -> None:
    found = inspected("pod.yaml", POD)
    answer = {"docker.io/library/nginx:1.27": Unresolved("no such tag", "check the name")}
    after = fix(KNOWLEDGE, found, answer)
    assert after.data == POD.encode()
    assert [(f.rule, f.unresolved) for f in after.findings] == [("mutable-tag", True)]
    assert "no such tag" in after.findings[0].hint


def test_a_file_that_is_read_in_part_is_reported_and_never_edited() -> None:
    text = POD + "---\napiVersion: v1\nkind: Pod\nspec: [image\n"
    after = result("pod.yaml", text)
    assert after.data == text.encode()
    assert {f.rule for f in after.findings} == {"unparsable-file", "mutable-tag"}
    assert all(f.fix_safety is None for f in after.findings)


@pytest.mark.parametrize("name", ["pod.yaml", "compose.yaml", "values.yaml", "Dockerfile"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_named_as_unreadable(name: str, codec: str) -> None:
    data = f"\ufeff{POD}".encode(codec)
    assert [f.rule for f in result(name, data).findings] == ["unparsable-file"]
    assert result(name, data).data == data


def test_utf_16_without_an_image_is_nobodys_business() -> None:
    assert result("notes.yaml", "\ufeffa: b\n".encode("utf-16")).findings == ()


def test_a_named_file_that_is_no_text_is_told_where_its_name_is_one_of_a_format() -> None:
    values = b"image:\n  repository: example.com/web\n  tag: '1'\n# \xe9\n"
    assert inspect(KNOWLEDGE, Source("prod.yaml", values), explicit=True).problems
    assert not inspect(KNOWLEDGE, Source("photo.jpg", values), explicit=True).problems


def test_a_script_that_writes_a_schema_is_looked_at() -> None:
    schema = "kind: CustomResourceDefinition\n"
    assert inspected("crd.yaml", schema).uses == ()
    script = f"{schema}docker run nginx:1\n"
    assert [use.text for use in inspected("a.sh", script, opted=("shell",)).uses] == ["nginx:1"]
