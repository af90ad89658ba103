"""What a name or a text in Python source says by itself: whether it can be about a container image."""

import re
from enum import IntEnum

from boltseal.reference import DEFAULT_TAG, ImageReference, is_digest, parse

SCHEMES = ("docker://", "docker-image://")


class Trust(IntEnum):
    """How sure a place is to hold an image, whatever the text in it looks like."""

    NONE = 0
    TABLE = 1
    """One of many in a table, to which a host is often added: the text must show more than a word
    with a tag."""
    TAGGED = 2
    """A constant or a setting, which may be a part of a name: the text must show a tag."""
    LIKELY = 3
    """Its name says image, and pictures have such names too: the text must show a tag or a host."""
    SURE = 4
    """A container is run: a bare word counts."""
    KNOWN = 5
    """A known call: what is no reference there is said to be none."""


# Keywords that mean a container image to everyone but those who draw pictures.
_SURE = frozenset(
    {
        "container_image",
        "container_image_uri",
        "docker_image",
        "docker_image_name",
        "docker_image_uri",
        "runtime_image",
        "base_image",
        "serving_container_image_uri",
        "sdk_container_image",
        "worker_harness_container_image",
    }
)
_IMAGE = re.compile(
    r"(?:\w*_)?(?:image|img)(?:_(?:name|uri|url|ref|reference|full_name|full))?|container_uri"
)
_CONSTANT = re.compile(r"_*(?:\w*_)?(?:IMAGE|IMG)S?(?:_\w+)?")
_SETTING = re.compile(r"(?:\w*_)?(?:image|img)s?")
# What a build makes, a disk of a virtual machine, a picture on a page.
_OTHER = re.compile(
    r"(?:\w*_)?(?:target|output|out|dest|destination|built|push|pushed|boot|disk|vm|os|machine|ami|"
    r"background|hero|cover|profile|thumbnail|logo|icon|avatar|banner|og|header|preview|splash)_"
    r"(?:image|img)(?:_\w+)?"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PART_OF_A_NAME = re.compile(
    r"\w*(?:TAG|VERSION|DIGEST|DIR|FOLDER|PATH|FILE|TYPE|FORMAT|REPO|PREFIX|SUFFIX)(?:E?S)?"
)

_FILES = frozenset(
    {
        *(
            "bmp",
            "css",
            "csv",
            "dcm",
            "dds",
            "exr",
            "fit",
            "fits",
            "gif",
            "gz",
            "h5",
            "htm",
            "html",
        ),
        *(
            "ico",
            "img",
            "iso",
            "jpeg",
            "jpg",
            "js",
            "json",
            "md",
            "nii",
            "npy",
            "ova",
            "pdf",
            "png",
        ),
        *("py", "qcow", "qcow2", "raw", "sh", "sif", "svg", "tar", "tgz", "tif", "tiff", "toml"),
        *("ts", "txt", "vhd", "vhdx", "vmdk", "webp", "xml", "xz", "yaml", "yml", "zip"),
    }
)
_MIME = re.compile(r"(?:image|text|application|audio|video|font|model|multipart|message)/[\w.+-]+")
_NO_IMAGES = frozenset(
    {
        *("about", "ami", "arn", "aspect", "asset", "assets", "blob", "color", "colour", "data"),
        *("docker", "emoji", "file", "ftp", "gs", "hass", "hex", "hsl", "hsla", "http", "https"),
        *("icon", "id", "image", "images", "javascript", "key", "mailto", "md5", "mdi", "name"),
        *("package", "path", "qrc", "ratio", "res", "resource", "rgb", "rgba", "s3", "sha1"),
        *("sha256", "sha512", "tag", "tel", "type", "url", "urn", "uuid"),
    }
)
"""What stands before a colon behind which there is no tag."""
_BARE_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+):\d+")
# What stands for an image in a test or in a description of types, and is none.
_WORDS = frozenset({"string", "str", "image", "img", "none", "null", "auto", "default", "latest"})
_NO_NAME = re.compile(r"[\s\"'<>|\\;,!?#%^*()=]|://|^[./~-]")


def snake(name: str) -> str:
    """A name in lower case with '_' between its words."""
    return _CAMEL.sub("_", name).lower()


def _speaks_of_one(name: str) -> bool:
    """Whether a name can be about an image at all: what most names are not, for little."""
    low = name.lower()
    return "image" in low or "img" in low or "container" in low


def keyword_trust(name: str) -> Trust:
    """How sure an argument, a field or a key of this name is to hold an image."""
    if not _speaks_of_one(name):
        return Trust.NONE
    name = snake(name)
    if name in _SURE:
        return Trust.SURE
    if _IMAGE.fullmatch(name) and not _OTHER.fullmatch(name):
        return Trust.LIKELY
    return Trust.NONE


def is_constant(name: str) -> bool:
    """Whether a constant of this name can be an image: ``POSTGRES_IMAGE``, ``IMAGE_FOR_TESTS``."""
    if not _speaks_of_one(name):
        return False
    if not name.isupper():
        return _SETTING.fullmatch(snake(name)) is not None and not _OTHER.fullmatch(snake(name))
    return (
        _CONSTANT.fullmatch(name) is not None
        and not _PART_OF_A_NAME.fullmatch(name)
        and not _OTHER.fullmatch(snake(name))
    )


def option_trust(name: str) -> bool:
    """Whether an option or a setting of this name can hold an image: ``--image``, ``POSTGRES_IMAGE``."""
    if not _speaks_of_one(name):
        return False
    name = name.lstrip("-").replace("-", "_").rpartition(".")[2]
    return bool(keyword_trust(name)) or (name.isidentifier() and is_constant(name))


def without_scheme(text: str) -> str:
    """The text without a scheme that announces an image."""
    for scheme in SCHEMES:
        if text.startswith(scheme):
            return text[len(scheme) :]
    return text


def names_image(text: str, trust: Trust) -> bool:
    """Whether a literal at a place of this trust is an image.

    A digest changes nothing, nor the 'latest' that a fix writes before it: what was an image is one
    after the fix.
    """
    base, at, digest = text.strip().partition("@")
    if not at or not is_digest(digest):
        return _names_image(text, trust)
    bare = base.removesuffix(f":{DEFAULT_TAG}")
    return _names_image(base, max(trust, Trust.LIKELY)) or _names_image(bare, Trust.SURE)


def _names_image(text: str, trust: Trust) -> bool:
    name = without_scheme(text.strip())
    if not name or _is_file(name) or _MIME.fullmatch(name):
        return False
    reference = parse(name)
    if not isinstance(reference, ImageReference):
        return trust is Trust.KNOWN and (not _NO_NAME.search(name) or "{{" in name)
    if name != text.strip() or trust is Trust.KNOWN:
        return True
    if name in _WORDS or _has_other_scheme(name) or _BARE_HOST.fullmatch(name):
        return False
    if reference.tag is not None and reference.tag.endswith("-") and trust < Trust.SURE:
        return False  # something is put behind it
    if trust <= Trust.TAGGED and reference.tag is None and not reference.is_pinned:
        return False
    if trust is Trust.TABLE and "/" not in name:
        return False
    return trust is Trust.SURE or is_full(reference)


def _is_file(name: str) -> bool:
    _, dot, ending = name.rpartition(".")
    return dot != "" and ending.lower() in _FILES


def _has_other_scheme(name: str) -> bool:
    scheme, colon, _ = name.partition(":")
    return colon != "" and scheme in _NO_IMAGES


def is_full(reference: ImageReference) -> bool:
    """Whether a reference shows what it is: by a tag, a digest, or the host of a registry."""
    name = reference.original.partition("@")[0].rpartition(":")[0] or reference.original
    if not any(character.isalpha() for character in name):
        return False
    if reference.tag is not None or reference.is_pinned:
        return True
    host, slash, _ = reference.original.partition("/")
    return bool(slash) and ("." in host or ":" in host)


# Arguments that stand beside the image of a container, and hardly ever beside a picture.
_BESIDE = frozenset(
    {
        "cmds",
        "commands",
        "container_name",
        "detach",
        "entrypoint",
        "env_from",
        "env_vars",
        "environment",
        "image_pull_policy",
        "image_pull_secrets",
        "imagepullpolicy",
        "memory_limit",
        "network_mode",
        "pod_name",
        "port_mappings",
        "replicas",
        "restart_policy",
        "security_context",
        "service_account",
        "service_account_name",
        "volume_mounts",
        "working_dir",
        "host_config",
        "exposed_ports",
    }
)
# The same where a list, a mapping or a text is given: buttons have a command, and it is a function.
_BESIDE_AS_DATA = frozenset({"command", "args", "arguments", "env", "ports", "volumes", "cmd"})
CONTAINER_LISTS = frozenset(
    {"containers", "init_containers", "ephemeral_containers", "sidecars", "container", "services"}
)


def is_beside(name: str, *, as_data: bool) -> bool:
    """Whether an argument of this name tells that the image beside it is run."""
    name = snake(name)
    return name in _BESIDE or (as_data and name in _BESIDE_AS_DATA)


PICTURES = frozenset(
    {
        "PIL",
        "PyQt4",
        "PyQt5",
        "PyQt6",
        "PySide2",
        "PySide6",
        "Tkinter",
        "arcade",
        "bokeh",
        "customtkinter",
        "cv2",
        "dash",
        "discord",
        "folium",
        "gi",
        "gradio",
        "imageio",
        "kivy",
        "matplotlib",
        "nextcord",
        "pgzero",
        "plotly",
        "pygame",
        "pyglet",
        "reportlab",
        "skimage",
        "streamlit",
        "tkinter",
        "torchvision",
        "wx",
    }
)
"""Packages to which an image is a picture."""
