"""The pipeline on a made-up format: who is asked, what is written, and how lies are found out."""

import pytest

from boltseal.claims import Claims
from boltseal.edit import Safety
from boltseal.engine import Inspected, Knowledge, Task, inspect, judge
from boltseal.fixing import Inconsistent, fix, wanted_references
from boltseal.place import Found, Place
from boltseal.reference import parse
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque, Slot, Split, Whole
from boltseal_rules.knowledge import UNPARSABLE, checks
from tests.tools import KNOWLEDGE, digest, result

CHECKS = checks(asked=True)

DIGEST = digest("any")
FOUND = Resolved(DIGEST, "")
DATA = b"x:1\ny:2\n"


def words(source: Source) -> Found:
    """The format of these tests: one reference a line, '?' before one that is opaque."""
    uses, at = [], 0
    for line in source.data.decode().splitlines(keepends=True):
        text = line.strip()
        span = Span(at, at + len(text))
        at += len(line)
        if text.startswith("?"):
            use = ImageUse(source, "words", "", text, parse(text[1:]), span, Opaque("so", "so"))
        else:
            use = ImageUse(source, "words", "", text, parse(text), span, Whole(span))
        uses.append(use)
    return Found(tuple(uses))


def place(find=words, name="words", needles=(b"",), suffix=""):
    return Place(name, lambda path: path.endswith(suffix), needles, find, (suffix,))


def knowing(*places: Place) -> Knowledge:
    return Knowledge(places, CHECKS, UNPARSABLE)


def seen(knowledge: Knowledge, data: bytes = DATA, *, explicit: bool = False) -> Inspected:
    return inspect(knowledge, Source("f", data), explicit=explicit)


def resolved(item: Inspected, *, unsafe: bool = True) -> dict[str, Outcome]:
    task = Task(unsafe=unsafe)
    return {image.canonical: FOUND for image in wanted_references(knowing(place()), item, task)}


# Finding


def test_a_place_that_is_opted_in_adds_what_nobody_else_has_found() -> None:
    more = place(name="more")._replace(opt_in=True)
    first = place(lambda source: Found(words(source).uses[:1]), "first")
    assert [use.place for use in seen(knowing(more, first)).uses] == ["words", "words"]
    assert len(seen(knowing(more)).uses) == 2
    broken = place(unreadable, "broken")._replace(opt_in=True)
    assert [p.reason for p in seen(knowing(first, broken)).problems] == ["no"]


def unreadable(_source: Source) -> Found:
    raise Unparsable("no")


def test_uses_of_a_silenced_place_are_dropped() -> None:
    known = knowing(place())._replace(silenced=frozenset({"words"}))
    assert seen(known).uses == ()


def test_the_first_place_that_knows_the_content_keeps_the_file() -> None:
    other = place(lambda _source: None)
    assert len(seen(knowing(other, place())).uses) == 2
    assert seen(knowing(other)).uses == ()


def test_a_place_is_not_asked_without_its_needles_or_its_name() -> None:
    def never(source: Source) -> Found:
        raise AssertionError

    assert seen(knowing(place(never, needles=(b"zzz",)))).uses == ()
    assert seen(knowing(place(never, suffix=".other"))).uses == ()
    claims = Claims((place(suffix=".other"), place(suffix="Name")._replace(words=("name",))))
    assert [path for path in ("f", "f.other", "aName", "aname") if claims.any(path)] == [
        "f.other",
        "aName",
    ]


def test_a_named_file_is_offered_to_every_place_but_first_to_those_that_claim_it() -> None:
    other = place(lambda _source: Found((), (Unparsable("not mine"),)), "greedy", suffix=".other")
    assert len(seen(knowing(other, place()), explicit=True).uses) == 2
    assert len(seen(knowing(other), explicit=True).problems) == 1
    assert seen(knowing(other)).problems == ()
    assert len(seen(knowing(other, place(suffix=".z")), explicit=True).uses) == 2


def test_a_values_file_that_is_named_is_read_as_values() -> None:
    text = "# {{ see }}\nimage: {repository: x/y, tag: v1, digest: ''}\n"
    source = Source("values.yaml", text.encode())
    for explicit in (False, True):
        (use,) = inspect(KNOWLEDGE, source, explicit=explicit).uses
        assert use.place == "helm-values"


def test_a_file_that_cannot_be_read_is_a_problem() -> None:
    def fail(source: Source) -> Found:
        raise Unparsable("broken", 4)

    (finding,) = judge(knowing(), seen(knowing(place(fail))))
    assert finding.rule == "unparsable-file"
    assert finding.span == (4, 4)


# Judging


def test_findings_are_in_the_order_of_the_file() -> None:
    knowledge = knowing(place())
    spans = [finding.span for finding in judge(knowledge, seen(knowledge))]
    assert spans == [(0, 3), (4, 7)]


# Fixing


def test_nothing_to_seal_changes_nothing() -> None:
    knowledge = knowing(place())
    item = seen(knowledge, f"x@{DIGEST}\n?y:2\nX\n".encode())
    after = fix(knowledge, item, {})
    assert after.data is item.source.data
    assert after.sealed == ()


def test_each_use_gets_the_digest_of_its_reference() -> None:
    knowledge = knowing(place())
    after = fix(knowledge, seen(knowledge), resolved(seen(knowledge)))
    assert after.data == f"x:1@{DIGEST}\ny:2@{DIGEST}\n".encode()
    assert [use.text for use, _ in after.sealed] == ["x:1", "y:2"]
    assert after.findings == ()


def test_what_is_unresolved_stays_and_the_rest_is_sealed() -> None:
    knowledge = knowing(place())
    outcomes = {
        "docker.io/library/x:1": Unresolved("no such image", "look again"),
        "docker.io/library/y:2": FOUND,
    }
    after = fix(knowledge, seen(knowledge), outcomes)
    assert after.data == f"x:1\ny:2@{DIGEST}\n".encode()
    (left,) = after.findings
    assert left.unresolved
    assert "no such image" in left.hint
    assert left.fix is None


def test_what_was_not_asked_for_stays() -> None:
    knowledge = knowing(place())
    assert fix(knowledge, seen(knowledge), {}).data == DATA


def test_a_half_read_file_is_never_edited() -> None:
    def half(source: Source) -> Found:
        return words(source)._replace(problems=(Unparsable("the rest is broken"),))

    knowledge = knowing(place(half))
    item = seen(knowledge)
    assert resolved(item) == {}
    everything: dict[str, Outcome] = {use.image.canonical: FOUND for use in item.uses if use.image}
    after = fix(knowledge, item, everything, Task(unsafe=True))
    assert after.data == DATA
    assert [finding.rule for finding in after.findings].count("mutable-tag") == 2
    assert all(finding.fix_safety is None for finding in after.findings)


def split(source: Source) -> Found:
    span = Span(2, source.data.index(b"\n"))
    text = source.data[: span.end].decode()
    spelling = Split(Slot(span), text[2:])
    return Found((ImageUse(source, "split", "", text, parse(text), span, spelling),))


def test_unsafe_fixes_are_made_only_when_asked_for() -> None:
    knowledge = knowing(place(split))
    item = seen(knowledge)
    assert resolved(item, unsafe=False) == {}
    kept = fix(knowledge, item, resolved(item))
    assert kept.data == DATA
    assert [finding.fix_safety for finding in kept.findings] == [Safety.UNSAFE]
    made = fix(knowledge, item, resolved(item), Task(unsafe=True))
    assert made.data == f"x:1@{DIGEST}\ny:2\n".encode()


# Places that lie: the fix is refused, whatever the lie is


def second_use_points_to_the_first(source: Source) -> Found:
    first, second = words(source).uses
    return Found((first, second._replace(spelling=first.spelling)))


def span_is_elsewhere(source: Source) -> Found:
    first, second = words(source).uses
    return Found((first._replace(spelling=Whole(Span(0, 2))), second))


def edited_file_holds_less(source: Source) -> Found:
    found = words(source)
    return Found(found.uses[:1]) if b"@" in source.data else found


def edited_file_is_broken(source: Source) -> Found:
    found = words(source)
    return found._replace(problems=(Unparsable("oh"),)) if b"@" in source.data else found


def edited_file_is_another_format(source: Source) -> Found | None:
    return None if b"@" in source.data else words(source)


def route_changes(source: Source) -> Found:
    uses = words(source).uses
    return Found(tuple(use._replace(route=str(len(source.data))) for use in uses))


def another_use_changes(source: Source) -> Found:
    first, second = words(source).uses
    changed = second.text + "x" if b"@" in source.data else second.text
    return Found((first, second._replace(text=changed, reference=None, spelling=Opaque("", ""))))


@pytest.mark.parametrize(
    "lie",
    [
        *(span_is_elsewhere, edited_file_holds_less, edited_file_is_broken),
        *(edited_file_is_another_format, route_changes, another_use_changes),
        second_use_points_to_the_first,
    ],
)
def test_an_edit_that_reads_otherwise_than_meant_is_refused(lie) -> None:
    knowledge = knowing(place(lie))
    item = seen(knowledge)
    with pytest.raises(Inconsistent):
        fix(knowledge, item, resolved(item))


def test_several_aliases_of_one_anchor_are_one_edit() -> None:
    def twice(source: Source) -> Found:
        first, second = words(source).uses
        return Found((first, first._replace(route="again"), second))

    knowledge = knowing(place(twice))
    item = seen(knowledge)
    assert fix(knowledge, item, resolved(item)).data.count(b"x:1@sha256") == 1


def test_a_named_file_is_read_again_as_a_named_file() -> None:
    text = "a: {image: {repository: x/y, tag: v1, digest: ''}}\n"
    item = inspect(KNOWLEDGE, Source("any.yaml", text.encode()), explicit=True)
    after = fix(KNOWLEDGE, item, resolved(item))
    assert b"digest: 'sha256:" in after.data


def test_uses_in_an_unclaimed_file_are_not_looked_for() -> None:
    assert result("notes.txt", "image: nginx:1.27\n").findings == ()


def test_a_second_reader_that_sees_more_than_the_edits_stops_the_fix() -> None:
    knowledge = knowing(place()._replace(confirm=lambda before, after: before.data == after.data))
    found = seen(knowledge)
    with pytest.raises(Inconsistent, match="a second reader sees more than the edits"):
        fix(knowledge, found, resolved(found))
