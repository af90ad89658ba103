"""How keys may be written."""

import gc
from weakref import ref

from boltseal.source import Source
from boltseal_rules.formats.spelling import may_be_key


def test_of_the_files_that_were_looked_at_only_the_last_is_kept() -> None:
    first = Source("a.yaml", b"a: b\n")
    assert not may_be_key(first, b"jobs")
    seen = ref(first)
    del first
    assert not may_be_key(Source("b.yaml", b"a: b\n"), b"jobs")
    gc.collect()
    assert seen() is None
