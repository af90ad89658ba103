"""What every place says of itself is so: its examples are found, and fixed as shown."""

import pytest

from boltseal.example import SHOWN_DIGEST, Example
from boltseal_rules.knowledge import PLACES, guides, place_names
from tests.tools import digest, inspected, result, tree

GUIDES = list(guides())
OPTED = {place.name for place in PLACES if place.opt_in}
CASES = [(name, example) for name, guide in GUIDES for example in guide.examples]


@pytest.mark.parametrize(("name", "example"), CASES)
def test_an_example_is_found_by_its_place(name: str, example: Example) -> None:
    opted = (name,) if name in OPTED else ()
    found = inspected(example.path, example.text, tree(dict(example.beside)), opted=opted)
    assert found.problems == ()
    assert name in {use.place for use in found.uses}


@pytest.mark.parametrize(("name", "example"), [case for case in CASES if case[1].fixed])
def test_a_fix_gives_the_text_that_is_shown(name: str, example: Example) -> None:
    around = tree(dict(example.beside))
    text = result(example.path, example.text, around).data.decode()
    for use in inspected(example.path, example.text, around).uses:
        if use.image:
            answer = digest(use.image.canonical)
            text = text.replace(answer, SHOWN_DIGEST)
    assert text == example.fixed


@pytest.mark.parametrize("name", place_names())
def test_every_place_says_what_it_finds(name: str) -> None:
    guides = dict(GUIDES)
    assert name in guides
    assert guides[name].finds
    assert guides[name].examples
