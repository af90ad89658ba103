"""The keys of a configuration: the parser, the JSON Schema and the documentation are made of them."""

from boltseal import gitglob
from boltseal.configuration import image_glob
from boltseal.configuration.settings import Accepted, Config, CustomPlace, Policy, PythonNames
from boltseal.configuration.shape import (
    DIALECT,
    ByName,
    Choice,
    Flag,
    Key,
    Names,
    Rows,
    Schema,
    Table,
    Text,
    Texts,
)
from boltseal.errors import UsageError
from boltseal.finding import Severity
from boltseal.resolve import namespace
from boltseal.use import Requirement

_PRAGMAS = ("hadolint", "zizmor")

_glob = Text("glob", gitglob.problem)
_globs = Texts(_glob)
_rule = Text("rule")
_rules = Texts(_rule)
_place = Text("place")
_places = Texts(_place)
_registries = Texts(Text("registry", namespace.problem))

_CONDITIONS = (
    Key(
        "images",
        Texts(Text("image", image_glob.problem), filled=True),
        "Images, as globs over `registry/repository`: `*` is text without a slash, `**` any text. "
        "`nginx` is `docker.io/library/nginx`, as in a reference.",
        "all images",
    ),
    Key(
        "registries",
        _registries._replace(filled=True),
        "Registries: `registry.example.com`, a part of one as `registry.example.com/team`, those "
        "below a domain as `*.example.com`. Docker Hub is `docker.io`.",
        "all registries",
    ),
    Key("places", _places._replace(filled=True), "Places, by their names.", "all places"),
    Key(
        "paths",
        _globs._replace(filled=True),
        "Files, as globs of .gitignore, relative to the folder of the configuration.",
        "all files",
    ),
)

PLACE = Table(
    (
        Key("name", Text("name"), "The name that findings carry.", required=True),
        Key(
            "files",
            _globs._replace(filled=True),
            "Files, in YAML or JSON, as globs of .gitignore, relative to the folder of the "
            "configuration; they are read by the paths of this entry alone.",
        ),
        Key(
            "kinds",
            Texts(Text("kind"), filled=True),
            "Kinds of Kubernetes objects, `Kind` or `group/Kind`, in any file.",
        ),
        Key(
            "images",
            Texts(Text("path"), filled=True),
            "Paths to images, added to what is found anyway.",
        ),
        Key(
            "not-images",
            Texts(Text("path"), filled=True),
            "Paths to what only looks like an image, with all below them.",
        ),
    ),
    CustomPlace,
    (("files", "kinds"), ("images", "not-images")),
)

PYTHON = Table(
    (
        Key(
            "calls",
            Texts(Text("call")),
            "Calls with an argument that is an image: `package.function:0` by its position, "
            "`Class:image` by its keyword.",
            "none",
        ),
        Key("keywords", Texts(Text("keyword")), "Keywords of arguments that are images.", "none"),
    ),
    PythonNames,
    joint=".",
)

POLICY = Table(
    (
        Key(
            "require",
            Choice("requirement", Requirement),
            "What is required: `digest`; `tag`, at least a tag other than `latest`; `any`, nothing.",
            required=True,
        ),
        *_CONDITIONS,
    ),
    Policy,
)

ACCEPT = Table(
    (
        Key("reason", Text("reason"), "Why they are accepted.", "none"),
        Key("rules", _rules._replace(filled=True), "Rules, by their names.", "all rules"),
        *_CONDITIONS,
    ),
    Accepted,
)

CONFIG = Table(
    (
        Key(
            "select",
            _rules._replace(filled=True),
            "The rules that are asked, and no others but `unparsable-file`.",
            "all rules",
        ),
        Key("ignore", _rules, "Rules that are not asked.", "none"),
        Key(
            "severity",
            ByName(_rule, Choice("severity", Severity)),
            "How much the findings of a rule matter: `error`, `warning` or `note`. Notes are shown "
            "and do not fail a run.",
            "as the rule has it",
        ),
        Key("policy", Rows(POLICY), "What is required of some images: see below.", "a digest"),
        Key("accept", Rows(ACCEPT), "Findings that are accepted: see below.", "none"),
        Key(
            "require-reasons",
            Flag(),
            "Whether a comment or an entry that accepts findings must give a reason.",
            "`false`",
        ),
        Key(
            "pragmas",
            Texts(Text("program", values=_PRAGMAS)),
            "Programs whose ignore comments hold for boltseal too: `hadolint` (DL3006 and DL3007), "
            "`zizmor` (unpinned-images).",
            "none",
        ),
        Key(
            "trusted-registries",
            _registries._replace(filled=True),
            "The only registries from which images may come.",
            "all registries",
        ),
        Key(
            "untrusted-registries",
            _registries,
            "Registries from which no image may come.",
            "none",
        ),
        Key(
            "include",
            _globs,
            "Files that are looked at whatever they are called, as globs of .gitignore.",
            "files that a place knows",
        ),
        Key(
            "exclude",
            _globs,
            "Files and folders that are left out, as globs of .gitignore.",
            "what git ignores",
        ),
        Key("enable-places", _places, "Places that are off by default.", "none"),
        Key("disable-places", _places, "Places and kinds whose images are dropped.", "none"),
        Key("place", Rows(PLACE), "Places of your own: see below.", "none"),
        Key("python", PYTHON, "More names of images in Python source: see below.", "none"),
    ),
    Config,
)


def parse(table: object, where: str) -> Config:
    """The configuration in a table. Raises UsageError; ``where`` names the file in it."""
    config: Config = CONFIG.read(table, where)
    if config.require_reasons:
        for number, row in enumerate(config.accept, 1):
            if not row.reason:
                raise UsageError(
                    f"{where}: accept {number}: 'reason' is missing, and require-reasons is set"
                )
    return config


def schema(names: Names) -> Schema:
    """The JSON Schema of ``boltseal.toml``. In: the rules and places that are known, by noun."""
    return {
        "$schema": DIALECT,
        "title": "boltseal.toml, or [tool.boltseal] in pyproject.toml",
        **CONFIG.schema(names),
        "if": {
            "properties": {"require-reasons": {"const": True}},
            "required": ["require-reasons"],
        },
        "then": {"properties": {"accept": {"items": {"required": ["reason"]}}}},
    }
