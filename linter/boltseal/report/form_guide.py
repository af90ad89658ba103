"""What the forms of a report say of themselves: the documentation is made from it."""

from typing import NamedTuple

from boltseal.report.form import Format


class FormGuide(NamedTuple):
    """Who reads a form, what is in it, and what becomes of findings that are accepted."""

    about: str
    accepted: str


FORM_GUIDES: dict[Format, FormGuide] = {
    Format.TEXT: FormGuide(
        "for people: the line with the image underlined, the other lines that take part, the place, "
        "what to do, and the patch where the digest is known",
        "counted in the last line",
    ),
    Format.CONCISE: FormGuide(
        "for people and editors: `path:line:column` and the message, a line a finding",
        "counted in the last line",
    ),
    Format.JSONL: FormGuide(
        "for programs that read as it comes: an object a line ([schema](schema/finding.schema.json))",
        "left out",
    ),
    Format.JSON: FormGuide(
        "for programs: one document with counts and what was sealed "
        "([schema](schema/report.schema.json))",
        "`suppressed` says where and why",
    ),
    Format.SARIF: FormGuide(
        "for code scanning, [in detail](code-scanning.md#sarif): rules, fixes, fingerprints",
        "`suppressions`",
    ),
    Format.GITHUB: FormGuide(
        "for the log of a GitHub workflow, which shows annotations: ten of a severity a step",
        "left out",
    ),
    Format.GITLAB: FormGuide(
        "for the code quality report of GitLab, [in detail](code-scanning.md#gitlab-code-quality)",
        "left out",
    ),
    Format.JUNIT: FormGuide(
        "for CI services that show tests: a file is a suite, a finding a case; errors and warnings "
        "fail, notes pass",
        "skipped, with the reason",
    ),
    Format.MARKDOWN: FormGuide(
        "for a comment or a job summary: what was sealed, from what to what, and what is left, in "
        "65,536 characters at most",
        "counted",
    ),
}
