"""A digest in a key beside that of a tag, where whatever reads the two takes both."""

from boltseal.source import Source
from boltseal.use import Opaque, Slot, Spelling, Split
from boltseal_rules.formats.yaml_tree import Mapping, Scalar
from boltseal_rules.image_keys import empty_slot, is_number, number_changes, tag_slot
from boltseal_rules.new_key import new_key

_NO_LINE = Opaque(
    "no line for a digest can be added behind its tag", "write an empty 'digest' key beside it"
)


def digest_beside(source: Source, mapping: Mapping, tag: Scalar, key: str) -> Spelling:
    """How the key ``digest`` is filled in or added behind ``key``, which holds ``tag``.

    A tag that is read as a number is put in quotes besides.
    """
    written = mapping.get("digest")
    if isinstance(written, Scalar):
        slot = empty_slot(source, written)
    else:
        slot = new_key(source, mapping, "digest", after=key) if written is None else None
    if slot is None:
        return _NO_LINE
    text, number = tag.value.strip(), is_number(tag)
    quoted = tag_slot(source, tag, number=number)
    if number and quoted is not None and slot.span.start == quoted.span.end:
        # The new line begins where the tag ends: one edit writes both.
        slot = Slot(quoted.span, f'"{text}"{slot.prefix}', slot.suffix)
        quoted = None
    return Split(quoted, text, number, number and number_changes(text), slot)
