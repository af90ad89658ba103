#!/usr/bin/env python3
"""Write the generated documentation, or with --check say what is out of date.

Pages: docs/rules/NAME.md and docs/rules/README.md from the rules, docs/places.md from the places,
docs/reports.md from the forms of a report with what a run prints in each, the tables of keys in docs/configuration.md and docs/user-configuration.md and the schemas of both
files from the keys.
"""

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from boltseal import start, userconfig
from boltseal.configuration import keys
from boltseal.configuration.shape import Table
from boltseal.guide import Guide
from boltseal.report.form import Format
from boltseal.report.form_guide import FORM_GUIDES
from boltseal.report.rule import rule_page
from boltseal_rules.knowledge import PLACES, guides, place_names, rule_names
from boltseal_rules.knowledge import pages as rule_pages

DOCS = Path(__file__).parent.parent / "docs"
_PLACES_HEAD = (
    "# Places",
    "",
    "Where boltseal looks, in the order in which a file is offered: the first place that knows the",
    "content keeps the file. Kubernetes objects that name images in ways of their own come last; a",
    "manifest may hold any of them. Every finding names its place: `--no-place NAME`, or",
    "`disable-places` in the configuration, switches one off.",
    "",
    "A value that is fed into an image from elsewhere in a CI file, a parameter, a constant, is sealed",
    "where it is written. Where something else reads it too, as far as that can be seen, only",
    "`--unsafe-fixes` writes it, and the finding says what reads it.",
    "",
)
_PEERS = (
    "Renovate 44.121.2",
    "Dependabot (2026-08)",
    "ratchet (2026-04)",
    "frizbee (2026-08)",
    "pindock 1.1.3",
    "zizmor 1.32",
)
_PEERS_HEAD = (
    "## Beside other tools",
    "",
    'Read in the source of these versions, and run where they could be; "no" is: not looked at.',
    "",
)


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with its text."""
    rules = rule_pages()
    for rule, page in rules.items():
        yield DOCS / "rules" / f"{rule.name}.md", _text(tuple(rule_page(rule, page)))
    rows = (f"| [{r.name}]({r.name}.md) | {r.severity} | {p.summary} |" for r, p in rules.items())
    head = ("# Rules", "", "| rule | severity | finds |", "| --- | --- | --- |")
    yield DOCS / "rules" / "README.md", _text((*head, *rows))
    yield DOCS / "places.md", _text(tuple(_places()))
    yield DOCS / "reports.md", _text(tuple(_reports()))
    for name in ("configuration.md", "user-configuration.md"):
        yield DOCS / name, _with_keys((DOCS / name).read_text(encoding="utf-8"))
    names = {"rule": rule_names(), "place": place_names()}
    yield DOCS / "schema" / "boltseal.schema.json", _json(keys.schema(names))
    yield DOCS / "schema" / "user-config.schema.json", _json(userconfig.schema())


_TABLES = {
    "boltseal.toml": keys.CONFIG,
    "policy": keys.POLICY,
    "accept": keys.ACCEPT,
    "place": keys.PLACE,
    "python": keys.PYTHON,
    "registries": userconfig.REGISTRIES,
}


def _with_keys(page: str) -> str:
    """A page with its tables of keys, each between two comments of which the first names it."""

    def table(found: re.Match[str]) -> str:
        rows = "\n".join(_key_rows(_TABLES[found[1]]))
        return f"<!-- keys of {found[1]} -->\n{rows}\n<!-- end -->"

    return re.sub(r"<!-- keys of (\S+) -->.*?<!-- end -->", table, page, flags=re.DOTALL)


def _key_rows(table: Table) -> Iterator[str]:
    yield from ("| key | what it is | what it says | without it |", "| --- | --- | --- | --- |")
    for key in table.keys:
        without = "must be there" if key.required else key.without
        yield f"| `{key.name}` | {key.shape.says} | {key.about} | {without} |"


def _json(found: object) -> str:
    return json.dumps(found, indent=2) + "\n"


def _places() -> Iterator[str]:
    yield from (*_PLACES_HEAD, "| place | files |", "| --- | --- |")
    known = dict(guides())
    opted = {place.name for place in PLACES if place.opt_in}
    for name, guide in known.items():
        when = f" (only with `--place {name}`)" if name in opted else ""
        yield f"| [`{name}`](#{name}) | {guide.about}{when} |"
    yield from ("", *_PEERS_HEAD)
    yield f"| place | boltseal | {' | '.join(_PEERS)} |"
    yield "| --- " * (len(_PEERS) + 2) + "|"
    for name, guide in known.items():
        yield f"| `{name}` | {'; '.join(guide.finds)} | {' | '.join(guide.peers)} |"
    for name, guide in known.items():
        yield from _guide(name, guide)


def _guide(name: str, guide: Guide) -> Iterator[str]:
    yield from ("", f"## {name}", "", f"{guide.about}.", "", "Found:", "")
    yield from (f"- {line}" for line in guide.finds)
    yield from ("", f"Rewritten: {guide.rewrites}.")
    if guide.passes_over:
        yield from ("", "Passed over:", "")
        yield from (f"- {line}" for line in guide.passes_over)
    for example in guide.examples:
        yield from ("", f"`{example.path}`:", "", "```", *example.text.splitlines(), "```")
        if example.fixed:
            yield from ("", "becomes", "", "```", *example.fixed.splitlines(), "```")


_SHOWN = (
    "FROM nginx:1.27 AS web",
    "# boltseal: ignore[mutable-tag] rebuilt every night",
    "FROM debian:12",
)
_REPORTS_HEAD = (
    "# Reports",
    "",
    "`--format FORM` says what `check`, `fix` and `verify` print, `--output FORM=FILE` writes a report",
    "to a file as well; it may be repeated, so that one run serves a log, a review and a service. A file",
    "is replaced wholly or not at all; a symbolic link is replaced, not followed. `fix --dry-run` reports",
    "every finding with its patch, in all forms that can hold one.",
    "",
    "| form | what it is | findings that are accepted |",
    "| --- | --- | --- |",
)
_FENCES = {Format.MARKDOWN: "markdown", Format.SARIF: "json", Format.JUNIT: "xml"}


def _reports() -> Iterator[str]:
    yield from _REPORTS_HEAD
    for form, guide in FORM_GUIDES.items():
        yield f"| [`{form}`](#{form}) | {guide.about} | {guide.accepted} |"
    yield from ("", "Below, each form of the report on this `Dockerfile`:", "")
    yield from ("```dockerfile", *_SHOWN, "```")
    for form in FORM_GUIDES:
        yield from ("", f"## {form}", "")
        if form is Format.SARIF:
            yield from ("One result of the report:", "")
        yield from (f"````{_FENCES.get(form, '')}", *_printed(form), "````")


def _printed(form: Format) -> list[str]:
    """What a check of the example prints."""
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("Dockerfile").write_text("\n".join(_SHOWN) + "\n", encoding="utf-8")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            start.run(["check", "--isolated", "--format", form, "Dockerfile"])
    if form is Format.SARIF:
        result = json.loads(printed.getvalue())["runs"][0]["results"][0]
        return json.dumps(result, indent=2).splitlines()
    return printed.getvalue().splitlines()


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
