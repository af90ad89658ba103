#!/usr/bin/env python3
"""Write the generated documentation, or with --check say what is out of date.

Pages: docs/rules/NAME.md and docs/rules/README.md from the rules, docs/places.md from the places.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from boltseal.report.rule import page
from boltseal_rules.knowledge import PLACES, RULES

DOCS = Path(__file__).parent.parent / "docs"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with its text."""
    for rule in RULES:
        yield DOCS / "rules" / f"{rule.name}.md", _text(page(rule))
    rows = (f"| [{r.name}]({r.name}.md) | {r.severity} | {r.summary} |" for r in RULES)
    head = ("# Rules", "", "| rule | severity | finds |", "| --- | --- | --- |")
    yield DOCS / "rules" / "README.md", _text((*head, *rows))
    places = (f"| `{place.name}` | {place.about} |" for place in PLACES)
    head = ("# Places", "", "Where boltseal looks, in the order in which a file is offered.", "")
    table = ("| place | files |", "| --- | --- |", *places)
    yield DOCS / "places.md", _text((*head, *table))


def _text(lines: Iterator[str] | tuple[str, ...]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; returns the exit code."""
    stale = 0
    for path, text in pages():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            print(f"{path.relative_to(DOCS.parent)} is out of date: run 'make docs'")
            stale += 1
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
