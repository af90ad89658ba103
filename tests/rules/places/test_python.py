"""Python source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.configuration.settings import Config, PythonNames
from boltseal.edit import Safety
from boltseal.engine import inspect
from boltseal.errors import UsageError
from boltseal.seal import safety
from boltseal.source import Source
from boltseal.use import Opaque, Whole
from boltseal_rules import knowledge
from tests.tools import KNOWLEDGE, fixed, inspected, problems, rules, sealed, texts, uses

NAME = "jobs/run.py"
PINNED = "@sha256:" + "0" * 64
TESTCONTAINERS = "from testcontainers.core.container import DockerContainer\n"
MANIFEST = "\napiVersion: v1\nkind: Pod\nspec:\n  containers: [image: alpine:3]\n"
DERIVED = (
    "class Mine(DockerContainer):\n    def __init__(self, n):\n"
    '        super().__init__("alpine")\nMine("no")\n'
)


@pytest.mark.parametrize(
    "text",
    [
        'assert c.image == "alpine:3"\n',
        'assert "alpine:3" in c.image\n',
        'assert runs(image="alpine:3")\n',
        'self.assertEqual(x, {"image": "alpine:3", "command": ["a"]})\n',
        'run.assert_called_with(image="alpine:3")\n',
        'assert pod == {"containers": [{"image": "alpine:3"}]}\n',
        'call(image="alpine:3")\n',
        'Mock(image="alpine:3")\n',
    ],
)
def test_what_is_compared_is_not_pulled(text: str) -> None:
    assert texts(NAME, text) == []


@pytest.mark.parametrize(
    "text",
    [
        'from PIL import Image\nx = Image.new(image="cat:1")\n',
        'import tkinter as tk\ntk.Label(image="a:b", command=go)\n',
        'Button(image="cat", command=go)\n',
        'show(image="foo.png")\n',
        'show(image="image/png", name="a", namespace="b")\n',
        'IMAGE = "assets/cat.png"\n',
        'IMAGE_TYPE = "a:b"\n',
        'IMAGE_URL = "https://example.com/a:1"\n',
        'image = "data:image/png;base64,aaaa"\n',
        'image = "12:30"\n',
        'image = "localhost:5000"\n',
        'icon(image="mdi:camera")\n',
        'embed(thumbnail_image="a:1")\n',
        'answer = {"Image": "string", "Environment": {}}\n',
        'product = {"name": "Chair", "image": "chair"}\n',
    ],
)
def test_pictures_are_passed_over(text: str) -> None:
    assert texts(NAME, text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"""image="alpine:3" in a docstring"""\n',
        f'"""{MANIFEST}"""\n',
        f'x = f"""{MANIFEST}{{y}}"""\n',
        '# run(image="alpine:3")\n',
        'log("image alpine:3")\n',
        'client.images.build(path=".", tag="alpine:3")\n',
        'import docker\nclient.images.push("alpine:3")\n',
        'import pulumi_docker\npulumi_docker.Image("x", image_name="alpine:3")\n',
        'build(target_image="alpine:3")\n',
        'git.images.pull("alpine")\n',
        'def f(image: "alpine:3"): ...\n',
        'run(image=b"alpine:3")\n',
        'image = ""\n',
        'prefix.image = "acme/base:py3-"\n',
    ],
)
def test_what_is_no_use_is_passed_over(text: str) -> None:
    assert texts(NAME, text) == []


def test_what_is_built_here_is_not_pulled() -> None:
    text = (
        "import docker\nIMAGE = 'app:dev'\nc = docker.from_env()\n"
        "c.images.build(path='.', tag=IMAGE)\nc.containers.run(IMAGE)\n"
    )
    assert texts(NAME, text) == []


@pytest.mark.parametrize(
    "text",
    [
        'import docker\ndocker.from_env().containers.run("alpine", "true")\n',
        'import docker\nc = docker.APIClient()\nc.pull("alpine")\n',
        'client.containers.create(image="alpine")\n',
        "from testcontainers.postgres import PostgresContainer as PG\nPG('alpine')\n",
        f'{TESTCONTAINERS}class Mine(DockerContainer):\n    pass\nMine("alpine")\n',
        f"{TESTCONTAINERS}{DERIVED}",
        'from airflow.x import DockerOperator as D\nD(task_id="a", image="alpine")\n',
        'from airflow.decorators import task\n@task.kubernetes(image="alpine")\ndef f(): ...\n',
        'from kfp import dsl\n@dsl.component(base_image="alpine")\ndef f(): ...\n',
        'k8s.V1Container(name="a", image="alpine")\n',
        'import modal\nmodal.Image.from_registry("alpine")\n',
        'import dagger\nasync def f():\n    await dag.container().from_("alpine").sync()\n',
        'from aws_cdk import aws_ecs as ecs\necs.ContainerImage.from_registry("alpine")\n',
        'from hera.workflows import Container\nContainer(name="a", image="alpine")\n',
        'run(image="alpine", command=["true"])\n',
        'run(image="alpine", name="a", namespace="b")\n',
        'run(docker_image="alpine")\n',
        'pod = {"containers": [{"name": "a", "image": "alpine"}]}\n',
        'job = {"image": "alpine", "env": {}}\n',
        'run(image="alpine", command=f"sleep {x}")\n',
        'pick = lambda: run(image="alpine", env={})\n',
        "match x:\n    case 1:\n        client.containers.run('alpine')\n",
    ],
)
def test_a_bare_word_is_an_image_where_a_container_is_run(text: str) -> None:
    assert texts(NAME, text) == ["alpine"]
    assert sealed(NAME, text) == text.replace(
        "alpine", "alpine:latest@<docker.io/library/alpine:latest>"
    )


@pytest.mark.parametrize(
    "text",
    [
        'run(image="acme/app:1")\n',
        'IMAGE = "acme/app:1"\n',
        'APP_IMAGE: Final[str] = r"acme/app:1"\n',
        "class C:\n    image: str = '''acme/app:1'''\n",
        "class C:\n    image: str = Field('acme/app:1')\n",
        "class C:\n    image: str = Field(default='acme/app:1')\n",
        'def f(self, image: str = "acme/app:1"): ...\n',
        'def f(*, image="acme/app:1"): ...\n',
        'async def f(image="acme/app:1"): ...\n',
        'p.add_argument("--image", default="acme/app:1")\n',
        '@click.option("-i", "--docker-image", default="acme/app:1")\ndef f(): ...\n',
        'x = os.environ.get("APP_IMAGE", "acme/app:1")\n',
        'run(image=os.getenv("X") or "acme/app:1")\n',
        'run(image="acme/app:1" if x else None)\n',
        'if (image := "acme/app:1"): ...\n',
        'spec["image"] = "acme/app:1"\n',
        'pod.image = "acme/app:1"\n',
        'IMAGES = ["acme/app:1"]\n',
        'IMAGES = {"a": "acme/app:1"}\n',
        '@pytest.mark.parametrize("image", ["acme/app:1"])\ndef f(image): ...\n',
        '@pytest.mark.parametrize("a, image", [(1, "acme/app:1")])\ndef f(a, image): ...\n',
        'for i in ["acme/app:1"]:\n    run(image=i)\n',
        "def f():\n    x = 'acme/app:1'\n    run(image=x)\n",
        "class C:\n    X = 'acme/app:1'\n    def f(self):\n        run(image=self.X)\n",
        "class C:\n    X = 'acme/app:1'\nrun(image=C.X)\n",
        "A = 'acme/app:1'\nB = A\nrun(image=B)\n",
        "def f(x='acme/app:1'):\n    run(image=x)\n",
        "X = {'a': 'acme/app:1'}\nrun(image=X['a'])\n",
        'run(image="docker://acme/app:1")\n',
        (
            "class C:\n    def a(self):\n        self.x = 'acme/app:1'\n"
            "    def b(self):\n        run(image=self.x)\n"
        ),
        'spec = {"\\x69mage": "acme/app:1"}\n',
        'match x:\n    case True if run(image="acme/app:1"): ...\n',
        f'run(image="acme/app:1", text={" + ".join(["x"] * 900)})\n',
    ],
)
def test_a_reference_with_a_tag_is_an_image_where_one_is_named(text: str) -> None:
    assert texts(NAME, text) == ["acme/app:1"]
    assert sealed(NAME, text) == text.replace(":1", ":1@<docker.io/acme/app:1>")


def test_a_constant_is_one_use_where_it_is_set() -> None:
    text = 'X = "a:1"\nrun(image=X)\nrun(image=X)\n'
    (use,) = uses(NAME, text)
    assert use.route == "X"
    assert [it.span.start for it in use.related] == [text.index("X)"), text.rindex("X)")]


def test_each_value_of_a_name_is_a_use() -> None:
    text = 'if x:\n    I = "a:1"\nelse:\n    I = "b:1"\nrun(image=I)\n'
    assert texts(NAME, text) == ["a:1", "b:1"]


def test_a_constant_that_others_are_put_together_with_is_not_rewritten() -> None:
    text = 'X = "a:1"\nrun(image=X)\nrun(image=f"{X}-slim")\n'
    assert texts(NAME, text) == ["a:1", "a:1-slim"]
    assert sealed(NAME, text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('f"acme/app:{tag}"', "acme/app:{tag}"),
        ('f"{BASE}:{tag}"', "acme/base:{tag}"),
        ('"acme/app:" + tag', "acme/app:{tag}"),
        ('"acme/app:%s" % tag', "acme/app:%s"),
        ('"acme/app:{}".format(tag)', "acme/app:{}"),
        ('f"{BASE}:{tag!r}"', "acme/base:{tag!r}"),
        ('f"{BASE}:{BASE=}"', "acme/base:{BASE=}"),
    ],
)
def test_what_is_put_together_when_it_runs_is_a_note(value: str, shown: str) -> None:
    text = f'BASE = "acme/base"\ndef f(tag):\n    run(image={value})\n'
    (use,) = uses(NAME, text)
    assert (use.text, use.reference) == (shown, None)
    assert isinstance(use.spelling, Opaque)
    assert rules(NAME, text) == ["unresolvable-reference"]
    assert sealed(NAME, text) == text


def test_what_constants_give_is_known_and_not_rewritten() -> None:
    text = 'B = "acme/base"\nT = "1"\nrun(image=f"{B}:{T}")\n'
    assert rules(NAME, text) == ["mutable-tag"]
    assert sealed(NAME, text) == text


def test_constants_put_together_are_told_as_such() -> None:
    (use,) = uses(NAME, 'B = "acme/"\nT = "app:1"\nrun(image=B + T)\n')
    assert isinstance(use.spelling, Opaque)
    assert use.spelling.reason == "it is put together from constants"


def test_a_key_that_cannot_be_shown_is_told_by_its_number() -> None:
    text = 'IMAGES = {"é": "acme/app:1", "a\\n": "acme/app:2"}\n'
    assert [use.route for use in uses(NAME, text)] == ["IMAGES.é", "IMAGES[1]"]


@pytest.mark.parametrize("between", [" ", "\n    ", " + ", "  # é\n    "])
def test_literals_side_by_side_take_the_digest_at_their_end(between: str) -> None:
    text = f'run(image=("registry.example.com/"{between}"app:1"))\n'
    assert texts(NAME, text) == ["registry.example.com/app:1"]
    after = text.replace('app:1"', 'app:1@<registry.example.com/app:1>"')
    assert sealed(NAME, text) == after


def test_escapes_are_read_and_not_rewritten() -> None:
    text = 'run(image="a\\x3a1")\n'
    assert texts(NAME, text) == ["a:1"]
    assert sealed(NAME, text) == text


def test_a_tag_that_is_another_argument_is_read_and_not_rewritten() -> None:
    text = 'import docker\nc.images.pull("alpine", tag="3")\n'
    assert texts(NAME, text) == ["alpine:3"]
    assert sealed(NAME, text) == text


def test_images_of_manifests_in_strings_are_reported() -> None:
    text = (
        'M = """\napiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: é, image: "a:1"}]\n"""\n'
    )
    (use,) = uses(NAME, text)
    assert use.source.slice(use.span) == b"a:1"
    assert use.route == "manifest.spec.containers[0].image"
    assert sealed(NAME, text) == text


def test_what_is_pinned_is_found_and_left() -> None:
    text = f'IMAGE = "a:1{PINNED}"\n'
    assert texts(NAME, text) == [f"a:1{PINNED}"]
    assert rules(NAME, text) == []


def test_equal_routes_are_told_apart() -> None:
    text = 'run(image="a:1")\nrun(image="a:1")\ndef f():\n    run(image="a:1")\n'
    assert [use.route for use in uses(NAME, text)] == [
        "run(image=)",
        "run(image=)#2",
        "f > run(image=)",
    ]


def test_a_file_that_nobody_reads_is_told_of_where_it_seems_to_name_an_image() -> None:
    assert problems(NAME, 'print "x"\nrun(image=image)\n') == []
    assert problems(NAME, 'print "x"\nrun(image="a:1")\n') == ["not Python that boltseal can read"]
    assert problems(NAME, b'# -*- coding: latin-1 -*-\n# \xe9\nimage = load("x")\n') == []
    assert problems(NAME, b'# -*- coding: latin-1 -*-\n# \xe9\nrun(image="a:1")\n') == [
        "not UTF-8 text"
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 100000,
        "x = " + "-" * 100000 + "1",
        "x = " + "a if b else " * 50000 + "c",
    ],
)
def test_what_is_nested_too_deeply_ends_in_a_sentence(hostile: str) -> None:
    assert texts(NAME, f"{hostile}\n") == []
    (problem,) = problems(NAME, f'image = "a:1"\n{hostile}\n')
    assert problem in ("nested too deeply", "not Python that boltseal can read")


def test_thousands_of_branches_are_read_or_told() -> None:
    text = 'image = "a:1"\nif a:\n  b\n' + "elif b:\n  c\n" * 3000
    found = texts(NAME, text), problems(NAME, text)
    assert found in ((["a:1"], []), ([], ["nested too deeply"]))


def test_syntax_that_only_the_other_parser_knows_is_read() -> None:
    text = 'type X = int\ndef f[T](a: T): ...\nrun(image="a:1")\n'
    assert texts(NAME, text) == ["a:1"]


def test_thousands_of_uses_take_no_time() -> None:
    text = "X = 'a:1'\n" + "run(image=X)\n" * 2000
    assert texts(NAME, text) == ["a:1"]


def added(*calls: str, keywords: tuple[str, ...] = ()) -> list[str]:
    text = 'mylib.run("a")\nTask(1, image="b", box="c")\nother.run("d")\n'
    found = knowledge.places(Config(python=PythonNames(calls, keywords)))
    known = KNOWLEDGE._replace(places=tuple(place for place in found if not place.opt_in))
    return [use.text for use in inspect(known, Source(NAME, text.encode())).uses]


def test_calls_and_keywords_of_the_configuration_are_known() -> None:
    assert added() == []
    assert added("mylib.run:0") == ["a"]
    assert added("Task:image", keywords=("box",)) == ["b", "c"]


@pytest.mark.parametrize("entry", ["run", "run:", ":0", "a b:0", "run:-1", "a..b:0"])
def test_an_entry_that_is_no_call_is_wrong_usage(entry: str) -> None:
    with pytest.raises(UsageError, match="not a call"):
        knowledge.places(Config(python=PythonNames((entry,))))


def test_a_keyword_that_is_no_name_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="not the name"):
        knowledge.places(Config(python=PythonNames(keywords=("a-b",))))


REFERENCE = st.sampled_from(
    ["a:1", "registry.example.com/é", "ghcr.io/a/b:v1", "alpine", f"a:1{PINNED}", "x.png"]
)
VALUE = st.one_of(
    st.builds(lambda q, t: f"{q}{t}{q}", st.sampled_from(['"', "'", '"""']), REFERENCE),
    st.builds(lambda t: f"f'{t}{{x}}'", REFERENCE),
    st.builds(lambda t: f"('registry.example.com/'  # é\n 'x/' '{t}')", REFERENCE),
    st.text(max_size=10).map(repr),
    st.just("NAME"),
)
LINE = st.sampled_from(
    [
        "run(image={})",
        "c.containers.run({}, 'é')",
        "NAME = {}",
        "IMAGE = {}  # é",
        "class C:\n    image: str = {}",
        "def f(image={}): ...",
        "d = {{'image': {}, 'command': []}}",
        "assert x == {}",
    ]
)
MODULES = st.lists(st.builds(str.format, LINE, VALUE), max_size=5).map("\n".join)


@settings(deadline=None, max_examples=80)
@given(MODULES)
def test_a_fix_adds_digests_and_nothing_else(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    once = fixed(NAME, data)
    assert fixed(NAME, once) == once
    at = 0
    for use in inspected(NAME, data).uses:
        if use.image is None or use.image.is_pinned:
            continue
        if safety(use) is Safety.SAFE and isinstance(use.spelling, Whole):
            end = use.spelling.span.end
            piece, data_piece = data[at:end], once.find(data[at:end])
            assert data_piece >= 0
            assert once[data_piece + len(piece) :].startswith((b"@sha256:", b":latest@sha256:"))
            at = end
    assert once.endswith(data[at:])


@settings(deadline=None, max_examples=60)
@given(MODULES)
def test_line_ends_and_a_mark_change_no_use(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass").replace(b"\r", b"")
    expected = [(use.route, use.text) for use in uses(NAME, data)]
    for variant in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data):
        assert [(use.route, use.text) for use in uses(NAME, variant)] == expected


@settings(deadline=None, max_examples=80)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_no_content_ends_in_an_exception(data: bytes) -> None:
    for prefix in (b"", b"run(image=", b"IMAGE = '''"):
        inspected(NAME, prefix + data)


def test_a_table_of_words_with_tags_may_be_completed_elsewhere() -> None:
    text = 'IMAGE_MAPPING = {"java21": "java:21", "go": "registry.example.com/lambda/go:1"}\n'
    assert texts("a.py", text) == ["registry.example.com/lambda/go:1"]


SET = 'IMAGE = "alpine:3.22"\nrun(image=IMAGE)\n'
CLASS = (
    'class Job:\n    IMAGE = "alpine:3.22"\n    def run(self):\n        run(image=self.IMAGE)\n'
    "    def other(self):\n        "
)


@pytest.mark.parametrize(
    "text",
    [
        f"{SET}if found == IMAGE:\n    go()\n",
        f"{SET}assert IMAGE in found\n",
        f"{SET}run.assert_called_with(image=IMAGE)\n",
        f'{SET}assertEqual(x, {{"image": IMAGE}})\n',
        f'{SET}name = IMAGE + "-slim"\n',
        f'{SET}name = f"{{IMAGE}}-slim"\n',
        f'{SET}name = "%s-slim" % IMAGE\n',
        f'{SET}name = "{{}}-slim".format(IMAGE)\n',
        f'{SET}tag = IMAGE.split(":")[1]\n',
        f'{SET}tag = IMAGE.rpartition(":")[2]\n',
        f'{SET}name = IMAGE.replace(":", "-")\n',
        f'{SET}if IMAGE.endswith(":3.22"): ...\n',
        f"{SET}tag = IMAGE[7:]\n",
        f'{SET}re.match("alpine:(.*)", IMAGE)\n',
        f'{SET}path = Path("cache") / IMAGE\n',
        f"{SET}names = {{IMAGE: 1}}\n",
        f"{SET}port = ports[IMAGE]\n",
        f"{SET}seen = {{IMAGE}}\nif x in seen: ...\n",
        f"{SET}match IMAGE:\n    case _: ...\n",
        f'{SET}labels = {{"made-from": IMAGE}}\nstart(labels)\n',
        f"{SET}def f():\n    return IMAGE\n",
        f'{SET}subprocess.run(["docker", "run", IMAGE])\n',
        f"{SET}start(IMAGE)\n",
        f'{SET}IMAGE += "-slim"\n',
        f"{SET}text += IMAGE\n",
        f'{SET}os.environ["X"] = IMAGE\n',
        'p.add_argument("--image", default="alpine:3.22")\ntag = p.parse().image.split(":")\n',
        'def f(image):\n    x = image.split(":")\nf(image="alpine:3.22")\n',
        'def f(image):\n    return image == x\nf(image="alpine:3.22")\n',
        'async def f(image):\n    return image == x\nf(image="alpine:3.22")\n',
        f"{SET}def f(image):\n    return image == x\nf(image=IMAGE)\n",
        'if x in (image := "alpine:3.22"): ...\n',
        f'{SET}__all__ = ["IMAGE"]\n',
        f'{SET}def f(image=IMAGE):\n    return image.split(":")\n',
        f"{SET}other = IMAGE\nif other == x: ...\n",
        f"{SET}def f():\n    global IMAGE\n    if IMAGE == x: ...\n",
        f'{CLASS}return self.IMAGE.split(":")\n',
        f"{CLASS}return x == Job.IMAGE\n",
        f"{CLASS}return x == job.IMAGE\n",
        f"{CLASS}pass\nclass More(Job):\n    def f(self):\n        return self.IMAGE in x\n",
        (
            'class C:\n    def __init__(self, image="alpine:3.22"):\n        self.image = image\n'
            '    def tag(self):\n        return self.image.split(":")\n'
        ),
        'IMAGES = ["alpine:3.22"]\nif x in IMAGES: ...\n',
        'IMAGES = {"a": "example.com/alpine:3.22"}\nif x == IMAGES["a"]: ...\n',
        'for image in ["alpine:3.22"]:\n    run(image=image)\n    x = image.split(":")\n',
        'run(image="alpine:3.22")\nassert c.image == "alpine:3.22"\n',
        'run(image="alpine:3.22")\nif "alpine:3.22" in names: ...\n',
        'run(image="alpine:3.22")\nif c.image in ("alpine:3.22", "b"): ...\n',
        'run(image="alpine:3.22")\nrun.assert_called_with(image="alpine:3.22")\n',
        'run(image="alpine:3.22")\nassert pod == {"containers": [{"image": "alpine:3.22"}]}\n',
        'run(image="alpine:3.22")\nmatch x:\n    case "alpine:3.22": ...\n',
        'run(image="alpine:3.22")\nsizes = {"alpine:3.22": 1}\n',
        'run(image="alpine:3.22")\nc.images.get("alpine:3.22")\n',
        'run(image="alpine:3.22")\nc.images.remove("alpine:3.22")\n',
        'run(image="alpine:3.22")\nc.containers.list(filters={"ancestor": "alpine:3.22"})\n',
        'run(image="alpine:3.22")\ncall(["docker", "tag", "alpine:3.22", "x"])\n',
        'run(image="alpine:3.22")\ncall(("docker", "tag", "alpine:3.22", "x"))\n',
        'run(image="alpine:3.22")\nos.system("docker tag alpine:3.22 x")\n',
        (
            "from testcontainers.elasticsearch import ElasticSearchContainer\n"
            'ElasticSearchContainer("alpine:3.22")\n'
        ),
        'aws.lambda_.Function("f", image_uri="registry.example.com/alpine:3.22")\n',
        'boto.create_function(Code={"ImageUri": "registry.example.com/alpine:3.22"})\n',
    ],
)
def test_a_digest_is_unsafe_where_something_else_reads_the_text(text: str) -> None:
    assert rules(NAME, text) == ["mutable-tag"]
    assert sealed(NAME, text) == text
    assert "alpine:3.22@<" in sealed(NAME, text, unsafe=True)


@pytest.mark.parametrize(
    "text",
    [
        f"{SET}run(image=IMAGE)\nclient.containers.run(IMAGE)\n",
        f'{SET}print(IMAGE, f"starting {{IMAGE}}")\n',
        f'{SET}logger.info("starting %s", IMAGE)\nself.log.debug(f"{{IMAGE}}")\n',
        f'{SET}raise ValueError(f"cannot start {{IMAGE}}")\n',
        f"{SET}if IMAGE is not None and IMAGE:\n    go()\n",
        f'{SET}def f(image):\n    return image.split(":")\n',
        f'{SET}def f():\n    IMAGE = x\n    return IMAGE.split(":")\n',
        f'{SET}f = lambda IMAGE: IMAGE.split(":")\n',
        f'{SET}pod = {{"image": IMAGE, "command": []}}\ncreate(pod)\n',
        f"{SET}def f(image=IMAGE):\n    run(image=image)\n",
        f"{SET}image = IMAGE\nrun(image=image)\n",
        f'{SET}image = os.environ.get("X_IMAGE", IMAGE)\nrun(image=image)\n',
        f"{CLASS}run(image=Job.IMAGE)\n",
        (
            'class A:\n    def __init__(self, image="alpine:3.22"):\n        self.image = image\n'
            "class B:\n    def f(self):\n        return self.image == 1\n"
        ),
        'IMAGES = ["alpine:3.22"]\nfor image in IMAGES:\n    run(image=image)\n',
        'IMAGES = {"a": "alpine:3.22"}\nrun(image=IMAGES["a"])\n',
        'run(image="alpine:3.22")\nassert c.image == "alpine:3"\n',
        'Node(image="alpine:3.22") >> Node(image="alpine:3.22")\n',
        f"{SET}self.client.pull(IMAGE)\n",
        f'{SET}os.environ["X_IMAGE"] = IMAGE\n',
        'def f(image):\n    return start(image)\nf(image="alpine:3.22")\n',
    ],
)
def test_a_digest_is_safe_where_only_containers_and_people_read_the_text(text: str) -> None:
    assert "alpine:3.22@<" in sealed(NAME, text)


def test_the_line_that_reads_the_text_is_told() -> None:
    (use,) = uses(NAME, f"{SET}\nx = y == IMAGE\n")
    assert isinstance(use.spelling, Whole)
    assert use.spelling.objection == "line 4 compares it"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_mark_hide_no_reader(mark: str, end: str) -> None:
    for text in (f"{SET}x = IMAGE == y\n", f"# é\n{SET}"):
        (use,) = uses(NAME, mark + text.replace("\n", end))
        assert isinstance(use.spelling, Whole)
        assert bool(use.spelling.objection) == ("==" in text)


def test_the_second_argument_of_a_pull_is_the_tag() -> None:
    for call in ('pull("alpine", "3.22")', 'pull("alpine", tag="3.22")'):
        text = f"import docker\nc.images.{call}\n"
        assert texts(NAME, text) == ["alpine:3.22"]
        assert sealed(NAME, text, unsafe=True) == text
    text = 'import docker\nc.images.pull("alpine", None)\n'
    assert "latest@<" in sealed(NAME, text)


def test_where_every_tag_is_pulled_nothing_is_rewritten() -> None:
    text = 'import docker\nc.images.pull("alpine", all_tags=True)\n'
    assert texts(NAME, text) == ["alpine"]
    assert sealed(NAME, text, unsafe=True) == text
    assert "@<" in sealed(NAME, text.replace("True", "False"))


@pytest.mark.parametrize(
    "text",
    [
        'create_vm(image="ubuntu:22.04")\n',
        'client.servers.create(name="a", image="ubuntu:22.04")\n',
        'Droplet("web", image="ubuntu:22.04")\n',
        'compute.Instance("web", image="ubuntu:22.04")\n',
        'add_node_pool(image="ubuntu:22.04")\n',
        'show(image="ratio:16")\n',
        'show(image="rgb:255")\n',
    ],
)
def test_disks_of_machines_and_colours_are_passed_over(text: str) -> None:
    assert texts(NAME, text) == []


@pytest.mark.parametrize(
    "line",
    [
        "run(image=IMAGE)\n",
        "def f(image=IMAGE): ...\n",
        "x = IMAGE\n",
        'y = {"image": IMAGE}\n',
        'run(image="a:1")\n',
    ],
)
def test_thousands_of_readers_are_read_in_time(line: str) -> None:
    (use, *_) = uses(NAME, 'IMAGE = "a:1"\nrun(image=IMAGE)\n' + line * 3000)
    assert len(use.related) <= 20
