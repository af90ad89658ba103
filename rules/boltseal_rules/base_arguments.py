"""The build arguments by which a Dockerfile nearby can be given the image that it builds on."""

import posixpath

from boltseal.source import Source, Unparsable
from boltseal_rules.formats import dockerfile
from boltseal_rules.formats.build_args import Arguments


def base_arguments(source: Source, path: str) -> frozenset[str]:
    """The arguments that are, alone, what a ``FROM`` of a Dockerfile names.

    ``path`` leads to the Dockerfile from the folder of ``source``. Empty where no such file can be
    read.
    """
    if "$" in path or path.startswith("/"):
        return frozenset()
    folder = posixpath.dirname(source.path)
    file = source.tree.read(posixpath.normpath(posixpath.join(folder, path)))
    if file is None:
        return frozenset()
    try:
        found = dockerfile.read(file.data)
    except Unparsable:
        return frozenset()
    arguments = Arguments.of(found)
    bases = (i.plain_words()[:1] for i in found.instructions if i.name == "FROM")
    expansions = [arguments.expand(word.text) for words in bases for word in words]
    variables = {expansion.variable for expansion in expansions if expansion}
    parts = {name for expansion in expansions if expansion for name in expansion.part_reads}
    return frozenset(name for name in variables - parts if name)
