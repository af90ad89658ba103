"""The page of ``unparsable-file``."""

from boltseal.example import Example
from boltseal.page import Page

PAGE = Page(
    summary="The file could not be read or understood.",
    what="Names files that should hold images and that boltseal could not read in whole or in part.",
    why="What was not read was not checked: without this finding the file would look clean.",
    fix=(
        "Not fixable. Such a file is never edited, not even where it could be read. Mend it, or "
        "leave it out with `--exclude`."
    ),
    bad=(Example("compose.yaml", "services:\n  web:\n    image: [nginx:1.27\n"),),
    good=(Example("compose.yaml", f"services:\n  web:\n    image: nginx@sha256:{'0' * 64}\n"),),
    of_files=True,
)
