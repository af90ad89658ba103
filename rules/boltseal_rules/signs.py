"""By what a file is known as one of a place: names, bytes, the shape of its text.

Every file of a tree comes by here and most go no further, so nothing here loads a place or a parser.
What is asked comes in tiers, the cheapest first: a word of the path, its pattern, bytes of the file,
patterns in it. Only what passes all of them is handed to the place.
"""

import re
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import NamedTuple

from boltseal.source import Source, Tree
from boltseal_rules.folders import upwards
from boltseal_rules.formats.spelling import may_be_key

_LINE = rb"(?m)^"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Sign(NamedTuple):
    """The signs of one place, whose module in ``places/`` is called ``module``.

    ``files`` is a pattern of the paths at which it looks by default, each of which has one of
    ``words`` in it (in lower case); ``but`` one of those that are of other formats all the same.
    ``needles`` are byte strings of which every file that holds a use contains at least one.

    A file with a path that ``named`` matches is one of the place whatever it holds; where there is
    a shape, so is a file that has one string of each group in ``parts``, matches every pattern of
    ``shape`` and may have a key of a document itself that the pattern ``keys`` matches. With none
    of these, a file is known by ``files`` and ``named`` alone. ``beside`` names a file that, where
    it stands in a folder above in the same tree, may make any file one of the place.

    With ``escapes``, a file that hides letters may be one of the place whatever is found in it. A
    place with a ``second_reader`` has a function ``confirm``. One that is ``opt_in`` tells by itself
    which paths it claims.
    """

    module: str
    files: str = ""
    words: tuple[str, ...] = ("",)
    needles: tuple[bytes, ...] = (b"",)
    but: str = ""
    named: str = ""
    parts: tuple[tuple[bytes, ...], ...] = ()
    shape: tuple[bytes, ...] = ()
    keys: bytes = b""
    beside: str = ""
    escapes: bool = False
    second_reader: bool = False
    opt_in: bool = False

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.module.replace("_", "-")


_YAML = r"(?i)\.ya?ml$"
_YML = (".yaml", ".yml")
_DOCKERFILE = (
    r"(?i)(?:^|/)(?:(?:docker|container)file(?:[._-][^/]*)?|[^/]*\.(?:docker|container)file)$"
)
_KUSTOMIZATION = r"(?:^|/)(?:kustomization\.ya?ml(?:\.(?:tpl|tmpl|template|j2|jinja2?|gotmpl|in))?|Kustomization)$"
_COMPOSE = r"(?i)(?:^|/)(?:[^/]*[-_.])?(?:docker-)?compose(?:[-_.][^/]*)?\.ya?ml$"
_VALUES = r"(?i)(?:^|/)(?:[^/]*[-_.])?values(?:[-_.][^/]*)?\.ya?ml$"

_VALUE_KEYS = (b"mage", b"MAGE", b"repo", b"Repo", b"REPO")

# The second is the image in which GitLab's own agents work: it is written like a configuration's.
GITLAB_FILE = r"(?:^|/)(?:[^/]*\.gitlab-ci[^/]*|\.gitlab/duo/agent-config)\.ya?ml$"
"""The paths of GitLab's configurations, in any case."""
GITLAB_FOLDER = r"(?:^|/)(?:\.?(?:gitlab|ci)(?:[-_.][^/]*)?|templates)/"
"""The folders in which files that they include are likely to be, in any case."""
KUBERNETES = (
    *(b"image", b"Image", b"HelmRelease", b"argoproj.io", b"pkg.crossplane.io"),
    *(b"policies.kubewarden.io", b"install.istio.io", b"sailoperator.io", b"tekton.dev"),
    *(b"extensions.istio.io", b"kubevirt.io", b"kserve.io", b"OCIRepository"),
    *(b"docker://", b"oci://", b"IMAGE"),
)
"""What stands in every file with an object that names images, whatever its kind."""
PYTHON = (
    *(b"mage", b"IMag", b"IMAg", b"IMAG", b"img", b"Img", b"IMG", b"IMg"),
    *(b"ontainer", b"CONTAINER", b"ocker", b"podman", b"whales", b"Sidecar", b"dagger"),
    *(b"from_registry", b"from_aws_ecr", b"from_gcp_artifact"),
)
"""What stands in every module that names an image.

Words for images in every mixture of cases that a name may have, and of each known call a part of
its name or of every package that it is known of.
"""

# In the order in which a file is offered to them: the first that knows it keeps it.
SIGNS = (
    Sign(
        "dockerfile",
        _DOCKERFILE,
        ("file",),
        # Instructions are written in any mixture of cases, and the name tells enough.
        but=(
            r"(?i)\.(?:dockerignore|containerignore|adoc|bash|bat|c|cc|cfg|cjs|conf|cpp|cs|css|csv|"
            r"diff|gif|go|gz|h|hcl|html?|ini|ipynb|java|jpe?g|js|json5?|jsonc|jsx|kt|lock|log|lua|"
            r"md|mdx|mjs|patch|pdf|php|pl|png|ps1|pyi?|rb|rs|rst|scala|sh|sig|sql|sum|svg|swift|"
            r"tar|tf|toml|tsx?|txt|vue|xml|ya?ml|zip|zsh)$"
        ),
        named=_DOCKERFILE,
        shape=(rb"(?im)^[ \t]*from[ \t\\`]",),
        second_reader=True,
    ),
    Sign(
        "earthfile",
        r"(?:^|/)(?:Earthfile(?:[._-][^/]*)?|[^/]+\.earth)$",
        ("earth",),
        but=r"\.(?:md|go|json|ya?ml|txt|vim|lock|tmLanguage)$",
    ),
    Sign(
        "docker_bake",
        r"(?i)(?:^|/)(?:docker-bake(?:[-_.][^/]*)?|[^/]*[-_.](?:docker-)?bake|bake)\.(?:hcl|json)$",
        ("bake",),
        (b"docker-image://", b"dockerfile-inline", b"args"),
    ),
    Sign(
        "terraform",
        r"(?i)(?:\.(?:tf|tofu|tfvars)|(?:^|/)terragrunt\.hcl)$",
        (".tf", ".tofu", "terragrunt.hcl"),
        (
            *(b"mage", b"default", b"locals", b"linux_fx_version", b"google_cloudbuild_trigger"),
            b"repository",
        ),
    ),
    Sign(
        "nomad",
        r"(?i)\.(?:nomad|job|hcl|nomad\.tpl)$",
        (".nomad", ".job", ".hcl"),
        (b"image",),
        parts=((b"job",),),
        shape=(rb"(?m)^[ \t]*job[ \t]+(?:\"|\[\[|[A-Za-z_])",),
    ),
    Sign(
        "jenkinsfile",
        r"(?i)(?:^|/)(?:[^/]*jenkinsfile[^/]*|[^/]+\.(?:groovy|jenkins))$",
        ("jenkins", ".groovy"),
        (b"docker", b"image"),
        but=r"(?i)\.(?:md|ya?ml|json|txt|rst|adoc|sh|py|html?|dockerfile)$",
    ),
    Sign(
        "quadlet",
        r"\.(?:(?:container|volume|image)|(?:container|volume|image)\.d/[^/]+\.conf)"
        r"(?:\.(?:j2|jinja2?|tmpl|tpl|template|in))?$",
        (".container", ".volume", ".image"),
        (b"Image", b"Mount"),
        parts=((b"[Container]", b"[Volume]", b"[Image]"),),
    ),
    Sign(
        "devcontainer",
        r"(?:^|/)\.?devcontainer\.json$",
        ("devcontainer.json",),
        (b"image", b"features", b"args"),
    ),
    Sign(
        "github_actions",
        _YAML,
        _YML,
        (b"container", b"mage", b"IMAGE", b"services", b"docker://", b"generator=", b"./"),
        named=r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]*\.ya?ml$",
        parts=((b"jobs", b"runs"), (b"runs-on", b"uses", b"steps", b"using")),
        keys=b"jobs|runs",
        escapes=True,
    ),
    Sign(
        "gitlab_ci",
        _YAML,
        _YML,
        (b"image", b"services", b"variables", b"inputs", b"matrix"),
        named=f"(?i){GITLAB_FILE}|{GITLAB_FOLDER}",
        parts=((b"script", b"$[["),),
        escapes=True,
        beside=".gitlab-ci.yml",
    ),
    Sign(
        "circleci",
        r"(?i)(?:^|/)(?:\.circleci/(?:.*/)?[^/]+|src/(?:@orb|(?:executors|jobs)/[^/]+))\.ya?ml$",
        (".circleci/", "src/"),
        (b"image",),
    ),
    Sign(
        "azure_pipelines",
        _YAML,
        _YML,
        (b"container", b"services"),
        keys=b"resources|stages|jobs|steps|extends|container",
        escapes=True,
    ),
    Sign(
        "bitbucket_pipelines",
        r"(?i)(?:^|/)(?:[^/]*[-_.])?bitbucket-pipelines[^/]*\.ya?ml$",
        ("bitbucket-pipelines",),
        (b"image", b"docker://"),
    ),
    Sign(
        "drone",
        r"(?i)(?:^|/)\.drone(?:/(?:.*/)?[^/]+|[^/]*)\.ya?ml$",
        (".drone",),
        (b"image",),
    ),
    Sign(
        "woodpecker",
        r"(?i)(?:^|/)\.(?:woodpecker|crow)(?:/(?:.*/)?[^/]+|[^/]*)\.ya?ml$",
        (".woodpecker", ".crow"),
        (b"image",),
    ),
    Sign(
        "cloud_build",
        r"(?i)(?:^|/)(?:[^/]*cloud[-_]?build[^/]*|\.?cloud-?build/(?:.*/)?[^/]+|\.deploystack/[^/]+)"
        r"\.(?:ya?ml|json)$",
        ("build", ".deploystack/"),
        (b"steps",),
    ),
    Sign(
        "buildkite",
        r"(?i)(?:^|/)(?:\.buildkite/(?:.*/)?[^/]+|[^/]*buildkite[^/]*)\.ya?ml$",
        ("buildkite",),
        (b"image",),
    ),
    Sign(
        "pre_commit",
        r"(?:^|/)\.pre-commit-(?:config|hooks)\.ya?ml$",
        (".pre-commit-",),
        (b"docker_image",),
    ),
    Sign(
        "skaffold",
        r"(?i)\.ya?ml(?:\.(?:tpl|tmpl|template|j2|in|example|sample))?$",
        _YML,
        (b"skaffold/",),
        parts=((b"apiVersion",),),
        escapes=True,
    ),
    Sign(
        "helm_chart",
        r"(?:^|/)(?:Chart|requirements)\.ya?ml$",
        ("chart.y", "requirements.y"),
        (b"artifacthub.io/images", b"oci://"),
    ),
    Sign(
        "helmfile",
        r"(?:^|/)(?:helmfile(?:[-_.][^/]*)?|helmfile\.d/(?:.*/)?[^/]+)\.ya?ml(?:\.gotmpl)?$",
        ("helmfile",),
        (*_VALUE_KEYS, b"oci://"),
    ),
    Sign(
        "kustomize",
        rf"{_KUSTOMIZATION}|\.(?:[yY][aA]?[mM][lL]|[jJ][sS][oO][nN])$",
        (*_YML, ".json", "kustomization"),
        (b"mage", b"repo"),
        named=_KUSTOMIZATION,
        parts=((b"op",), (b"add", b"replace")),
        shape=(rb"op(?<!\wop)\b",),
        escapes=True,
    ),
    Sign(
        "argo_cd_overrides",
        r"(?:^|/)\.argocd-source(?:-[^/]+)?\.ya?ml$",
        (".argocd-source",),
        _VALUE_KEYS,
    ),
    Sign(
        "helm_template",
        r"(?i)(?:^|/)templates/(?:.*/)?[^/]+\.(?:ya?ml|tpl)$",
        ("templates/",),
        KUBERNETES,  # also where no image is: nobody else should try to read a template
    ),
    Sign(
        "ansible_variables",
        r"(?i)(?:^|/)(?:defaults|vars)/.*\.ya?ml$",
        ("defaults/", "vars/"),
        (b":",),
    ),
    Sign(
        "ansible",
        _YAML,
        _YML,
        (b"image", b"docker_", b"podman_", b"repo", b"IMAGE"),
        named=r"(?:^|/)molecule\.ya?ml$",
        parts=(
            (
                *(b"docker_", b"podman_", b"ecs_taskdefinition", b"azure_rm_containerinstance"),
                *(b"k8s", b"openshift_raw", b"helm", b"ansible-navigator", b"build_arg_defaults"),
                b"base_image",
            ),
        ),
        escapes=True,
    ),
    Sign(
        "kubernetes",
        r"(?i)\.(?:ya?ml|json)(?:\.(?:tpl|tmpl|template|j2|jinja2?|gotmpl|in|dist|example|sample))?$",
        (*_YML, ".json"),
        KUBERNETES,
        parts=((b"apiVersion",), (b"kind",)),
        escapes=True,
    ),
    Sign(
        "kubeflow_pipelines",
        r"(?i)\.(?:ya?ml|json)$",
        (*_YML, ".json"),
        (b"deploymentSpec", b"deployment_spec", b"implementation"),
        parts=((b"container",), (b"image",)),
        escapes=True,
    ),
    Sign(
        "compose",
        _YAML,
        _YML,
        (b"image", b"dockerfile_inline"),
        named=_COMPOSE,
        parts=((b"services",),),
        keys=b"services",
        escapes=True,
    ),
    Sign(
        "compose_env",
        r"(?:^|/)\.env$",
        (".env",),
        (b"=", b":"),
        # Those that are named to Compose (--env-file), and so to us.
        named=r"(?i)env[^/]*$",
    ),
    Sign(
        "helm_values",
        _VALUES,
        ("values",),
        _VALUE_KEYS,
        parts=(_VALUE_KEYS,),
        escapes=True,
    ),
    Sign(
        "python",
        r"\.pyw?$",
        (".py",),
        PYTHON,
        named=r"\.pyw?$",
        shape=(rb"\A(?:\xef\xbb\xbf)?#![^\n]*python",),
    ),
    # Asked only when named, and then besides the one that keeps the file.
    Sign("embedded", needles=(b"mage",), opt_in=True),
    Sign(
        "shell",
        needles=(b"run", b"create", b"pull", b"image", b"debug", b"crane", b"skopeo"),
        opt_in=True,
    ),
)
_BY_NAME = {sign.name: sign for sign in SIGNS}


def claims(name: str, path: str) -> bool:
    """Whether the place of this name looks by default at a file at ``path``."""
    return is_claimed(_BY_NAME[name], path)


def is_named(name: str, path: str) -> bool:
    """Whether a path alone makes a file one of the place of this name."""
    return _matches(_BY_NAME[name].named, path)


def is_claimed(sign: Sign, path: str) -> bool:
    """Whether the path is one of ``files``."""
    return _matches(sign.files, path) and not (sign.but and _matches(sign.but, path))


def shows(sign: Sign, source: Source) -> bool:
    """Whether a file with one of the needles may be of the place.

    True for one in UTF-16, which no pattern reads: the place says that it cannot.
    """
    if sign.named and _matches(sign.named, source.path):
        return True
    if not (sign.parts or sign.shape or sign.keys):
        return sign.opt_in or is_claimed(sign, source.path)
    if source.data[:2] in _UTF_16 or (sign.escapes and source.hides_letters):
        return True
    if sign.beside and _stands_below(source.tree, dirname(source.path), sign.beside):
        return True
    if not all(any(map(source.holds, group)) for group in sign.parts):
        return False
    data = source.data[source.bom :] if source.bom else source.data
    if not all(_stands(pattern, data) for pattern in sign.shape):
        return False
    return not sign.keys or may_be_key(source, sign.keys)


def _stands(pattern: bytes, data: bytes) -> bool:
    """Whether a pattern matches somewhere, or at the start of a line where it begins with ``(?m)^``.

    A search for a line end and what follows takes a tenth of the time of one for starts of lines.
    """
    if not pattern.startswith(_LINE):
        return _compiled_bytes(pattern).search(data) is not None
    line = pattern.removeprefix(_LINE)
    first = _compiled_bytes(line).match(data)
    return (first or _compiled_bytes(rb"\n(?:%b)" % line).search(data)) is not None


@lru_cache(maxsize=1024)
def _stands_below(tree: Tree, folder: str, name: str) -> bool:
    """Whether a file called ``name`` is in a folder or in one above it in its tree."""
    return any(tree.exists(normpath(join(above, name))) for above in upwards(folder, tree.root))


def _matches(pattern: str, path: str) -> bool:
    return _compiled(pattern).search(path) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=256)
def _compiled_bytes(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern)
