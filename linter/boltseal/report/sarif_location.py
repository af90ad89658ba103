"""Where something is, in the words of SARIF 2.1.0."""

from urllib.parse import quote

from boltseal.report.checkout import checkout
from boltseal.report.record import Record, Region, Step

ROOT = "%SRCROOT%"
"""What stands for the root of the repository."""
_AS_IT_IS = "/!$&'()*+,;=@"
"""What else may stand in a relative path (RFC 3986, 3.3); a colon could end the name of a scheme."""

Object = dict[str, object]


class Locations:
    """The locations of a run: below the root of the repository where a file is there."""

    def __init__(self) -> None:
        self._checkout = checkout()
        self._artifacts: dict[str, Object] = {}

    def of_finding(self, record: Record) -> Object:
        """The location of a finding, with the text that stands there and the line around it."""
        where, text = record.region, record.snippet
        start = where.column - record.snippet_column
        end = where.end_column - record.snippet_column
        region = self.region(where)
        around: Object = {}
        if where.line == where.end_line and 0 <= start <= end <= len(text):
            if start < end:
                region["snippet"] = {"text": text[start:end]}
            if end - start < len(text):  # what is around it must be more than it (3.29.5)
                around = {"contextRegion": _line(record)}
        return self._physical(record.path, region, around)

    def of_step(self, step: Step) -> Object:
        """The location of another place that takes part."""
        return self._physical(step.path, self.region(step.region), {})

    def artifact(self, path: str) -> Object:
        """The file that is shown as ``path``."""
        known = self._artifacts.get(path)
        if known is None:
            known = self._artifacts[path] = self._artifact(path)
        return known

    def region(self, region: Region) -> Object:
        """A region in characters and in bytes."""
        return {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
            "byteOffset": region.offset,
            "byteLength": region.length,
        }

    def _physical(self, path: str, region: Object, around: Object) -> Object:
        place = {"artifactLocation": self.artifact(path), "region": region, **around}
        return {"physicalLocation": place}

    def _artifact(self, path: str) -> Object:
        way = self._checkout.path(path)
        if way is None:
            return {"uri": self._checkout.absolute(path).as_uri()}
        name = way.encode("utf-8", "surrogateescape")
        return {"uri": quote(name, safe=_AS_IT_IS), "uriBaseId": ROOT}


def _line(record: Record) -> Object:
    """The line around a finding, or what is kept of it."""
    return {
        "startLine": record.region.line,
        "startColumn": record.snippet_column,
        "endLine": record.region.line,
        "endColumn": record.snippet_column + len(record.snippet),
        "snippet": {"text": record.snippet},
    }
