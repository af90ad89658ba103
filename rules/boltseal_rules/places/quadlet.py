"""Quadlet: units from which Podman makes services for systemd (podman-systemd.unit(5))."""

import re
from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.systemd_unit import Setting, all_of, last_of, settings
from boltseal_rules.text_use import objected, text_use

NAME = "quadlet"
_SECTIONS = ("Container", "Volume", "Image")
_DOCKER = re.compile(r"docker://")
# Names of other units, of archives and folders, and of what was built on the machine.
_OTHER = re.compile(
    r"\S+\.(?:image|build)"
    r"|(?:docker-archive|docker-daemon|oci-archive|oci|dir|sif|ostree|containers-storage):.*"
    r"|localhost/.*"
)
# ``%%`` is a percent sign; what else begins with one is filled in by systemd.
_SPECIFIER = re.compile(r"%(?!%)[A-Za-z]")
_FILLED_IN = Opaque(
    "systemd fills it in when the unit starts", "write the whole reference out, with its digest"
)
_CONTINUED = Opaque("it is written over several lines", "write the reference on one line")
_TRANSPORT = "behind 'docker://' Podman takes no tag beside a digest"
_UPDATED = "the unit asks for automatic updates, which Podman refuses for a digest"
_LABEL = re.compile(r"io\.containers\.autoupdate[\"']?=[\"']?registry\b")
_MOUNT_SOURCE = re.compile(r"(?:^|,)(?:source|src)=([^,\s]+)")


def find(source: Source) -> Found | None:
    """The images of a unit; None where the file has none of the sections that name one."""
    found = list(settings(source.text))
    if not any(setting.section in _SECTIONS for setting in found):
        return None
    uses = [use for section in _SECTIONS for use in _section_uses(source, found, section)]
    if _updates(found):
        uses = [objected(use, _UPDATED) for use in uses]
    return Found(tuple(sorted(uses, key=lambda use: use.span)))


def _updates(found: list[Setting]) -> bool:
    """Whether Podman looks for new images of the tag, which it refuses to do behind a digest."""
    update = last_of(found, "Container", "AutoUpdate")
    labels = all_of(found, "Container", "Label")
    return (update is not None and update.value.strip() == "registry") or any(
        _LABEL.search(label.value) for label in labels
    )


def _section_uses(source: Source, found: list[Setting], section: str) -> Iterator[ImageUse]:
    image = last_of(found, section, "Image")
    if image:
        yield from _use(source, f"{section}.Image", image, image.value, 0)
    if section != "Container":
        return
    for index, mount in enumerate(all_of(found, section, "Mount")):
        at = _MOUNT_SOURCE.search(mount.value)
        if at and re.search(r"(?:^|,)type=image(?:,|$)", mount.value):
            yield from _use(source, f"{section}.Mount[{index}]", mount, at[1], at.start(1))


def _use(source: Source, route: str, setting: Setting, text: str, index: int) -> Iterator[ImageUse]:
    """The use that ``text``, a part of a value from ``index`` on, is."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text, index = text[1:-1], index + 1
    scheme = _DOCKER.match(text)
    if scheme:
        text, index = text[scheme.end() :], index + scheme.end()
    if _OTHER.fullmatch(text):
        return
    whole = _span(source, setting.start, setting.end)
    if setting.whole:
        start = setting.start + index
        whole = _span(source, start, start + len(text))
    why = _FILLED_IN if _SPECIFIER.search(text) or ("$" in text and "{{" not in text) else None
    if why:
        yield ImageUse(source, NAME, route, text, None, whole, why)
        return
    use = text_use(source, NAME, route, text, whole if setting.whole else None, fallback=whole)
    if not setting.whole and use.image:
        use = use._replace(spelling=_CONTINUED)
    yield objected(use, _TRANSPORT) if scheme else use


def _span(source: Source, start: int, end: int) -> Span:
    return Span(source.byte_offset(start), source.byte_offset(end))
