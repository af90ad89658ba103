"""Images that commands pull."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.knowledge import PLACES
from tests.tools import KNOWLEDGE, inspected, tree, uses

PLACE = next(place for place in PLACES if place.name == "shell")


def found(path: str, text: str | bytes) -> list[ImageUse]:
    return [use for use in uses(path, text, opted=("shell",)) if use.place == "shell"]


def known(text: str, path: str = "a.sh") -> list[str]:
    return [use.text for use in found(path, text) if use.image]


def unknown(text: str, path: str = "a.sh") -> list[str]:
    return [use.text for use in found(path, text) if use.reference is None]


def test_it_is_not_asked_unless_it_is_named() -> None:
    assert uses("a.sh", "docker run nginx:1.27\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "# docker run nginx:1.27",
        "echo docker run nginx:1.27",
        'echo "docker run nginx:1.27"',
        "printf '%s' 'docker run nginx:1.27'",
        "cat <<EOF\ndocker run nginx:1.27\nEOF",
        "CMD=(docker run nginx:1.27)",
        "docker ps nginx:1.27",
        "docker rm -f nginx",
        "docker exec web nginx",
        "docker inspect nginx:1.27",
        "docker push registry.example.com/web:1",
        "docker rmi nginx:1.27",
        "docker build -t web:1 .",
        "docker compose run web",
        "docker compose pull",
        "docker network create web",
        "docker volume create data",
        "docker buildx create --name b",
        "docker context create c",
        "docker run --help",
        "docker run --rm",
        "docker pull",
        "archery docker run ubuntu-cpp",
        "kubectl create -f pod.yaml",
        "kubectl exec web -- sh --image nginx:1.27",
        "kubectl run web -- --image nginx:1.27",
        "skopeo copy oci:web docker://registry.example.com/web:1",
        "crane push web.tar registry.example.com/web:1",
        'docker run "$@"',
        "docker run --pull=never web:1",
        "docker run --pull never web:1",
        "docker run $*",
        "docker run localhost/web:1",
        "docker run 0123456789ab",
        f"docker run sha256:{'0' * 64}",
        "apt-get install docker run",
    ],
)
def test_what_pulls_no_image_is_none(line: str) -> None:
    assert found("a.sh", f"{line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "docker run nginx:1.27",
        "docker run nginx:1.27 redis:7",
        "docker run nginx:1.27 npm run build -t x",
        "podman run nginx:1.27 && ls",
        "nerdctl create nginx:1.27; ls",
        "docker container run nginx:1.27 | cat",
        "docker image pull nginx:1.27",
        "docker pull -q --platform linux/arm64 nginx:1.27",
        "docker -H tcp://h:1 --context c run nginx:1.27",
        "docker --log-level=debug run nginx:1.27",
        "docker run --rm -it nginx:1.27 sh -c 'docker run redis:7'",
        "docker run -itv /a:/b --name web -e A=b --network host -p 80:80 nginx:1.27",
        "docker run -p80:80 -eA=b -uroot --env=A nginx:1.27",
        "docker run --entrypoint sh --user $(id -u):$(id -g) nginx:1.27",
        'docker run --user "$(id -u)" -v "$PWD":/w -w /w nginx:1.27',
        "docker run --rm=true -d=false nginx:1.27",
        "docker run -v `pwd`:/w nginx:1.27",
        "docker run --mount type=bind,src=/a,dst=/b --gpus all -- nginx:1.27",
        "docker run $OPTS nginx:1.27",
        "docker run ${TTY:+-it} nginx:1.27",
        'docker run "${ARGS[@]}" nginx:1.27',
        "docker run $(docker_args) nginx:1.27",
        "docker \\\n  run \\\n  --rm \\\n  nginx:1.27",
        'docker run "nginx:1.27"',
        "docker run 'nginx:1.27'",
        "docker run ${IMAGE:-nginx:1.27}",
        "docker run nginx:${TAG:=1.27}",
        ': "${TAG:=1.27}"\ndocker run nginx:$TAG',
        "sudo docker run nginx:1.27",
        "sudo -u root -E docker run nginx:1.27",
        "A=b env C=d time docker run nginx:1.27",
        "exec /usr/bin/docker run nginx:1.27",
        "timeout -k 5 60 docker run nginx:1.27",
        "retry 3 docker pull nginx:1.27",
        "if ! docker pull nginx:1.27; then exit; fi",
        "for i in 1 2; do docker pull nginx:1.27; done",
        "{ docker pull nginx:1.27; }",
        "(cd x && docker pull nginx:1.27)",
        'ID="$(docker run -d nginx:1.27)"',
        "ID=`docker run -d nginx:1.27`",
        "$DOCKER run nginx:1.27",
        '"${CONTAINER_ENGINE}" run nginx:1.27',
        "bash -ec 'cd /; docker run nginx:1.27'",
        "alias n='docker run --rm nginx:1.27'",
        "$SUDO docker run nginx:1.27",
        "D=docker\n$D run nginx:1.27",
        "OPTS='--rm -e A=b'\ndocker run $OPTS nginx:1.27",
        "OPTS=\ndocker run $OPTS nginx:1.27",
        "kubectl run web --image=nginx:1.27",
        "kubectl -n web run web --image nginx:1.27 -- sh",
        "kubectl create deployment web --image=nginx:1.27",
        "kubectl debug -it web --image=nginx:1.27 --target=web",
        "kubectl set image deployment/web -n web web=nginx:1.27 -l app=web",
        "crane digest nginx:1.27",
        "crane copy --platform linux/amd64 nginx:1.27 registry.example.com/nginx:1.27",
        "skopeo copy --all docker://nginx:1.27 docker://registry.example.com/nginx:1.27",
        "skopeo inspect --raw docker://nginx:1.27",
    ],
)
def test_the_image_of_a_command_is_found_whatever_stands_around_it(line: str) -> None:
    assert known(f"{line}\n") == ["nginx:1.27"]


def test_an_image_in_a_command_is_reported_and_never_edited() -> None:
    (use,) = found("a.sh", "docker run -e é nginx:1.27\n")
    assert isinstance(use.spelling, Opaque)
    assert "shell command" in use.spelling.reason
    assert use.source.slice(use.span) == b"nginx:1.27"


def test_behind_an_option_that_is_not_known_the_image_is_a_note() -> None:
    (use,) = found("a.sh", "docker run --brand-new x nginx:1.27\n")
    assert use.reference is None
    assert isinstance(use.spelling, Opaque)
    assert "--brand-new" in use.spelling.reason
    assert known("docker run --brand-new=x nginx:1.27\n") == ["nginx:1.27"]


def test_an_image_in_a_variable_is_one_use_where_it_is_set() -> None:
    text = 'IMAGE="nginx:1.27"\ndocker pull $IMAGE\ndocker run --rm "${IMAGE}"\n'
    (use,) = found("a.sh", text)
    assert use.text == "nginx:1.27"
    assert use.span.start == text.index("nginx")
    assert [use.source.line_of(it.span.start) for it in use.related] == [2, 3]


def test_a_reference_of_several_variables_is_one_use_related_to_each() -> None:
    text = "R=registry.example.com\nT=1.2\ndocker pull $R/web:$T\ndocker run $R/web:$T\n"
    (use,) = found("a.sh", text)
    assert use.text == "registry.example.com/web:1.2"
    assert [it.label for it in use.related] == ["R is set here", "T is set here", "and here"]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "IMAGE=nginx:1\nIMAGE=nginx:2\n",
        "IMAGE=$1\n",
        "IMAGE=$(cat image)\n",
        "read -r IMAGE\n",
        "for IMAGE in a b; do :; done\n",
        "IMAGE+=x\n",
        "IMAGE=a b\n",
    ],
)
def test_a_variable_that_is_not_set_once_to_a_text_is_a_note(before: str) -> None:
    assert unknown(f"{before}docker run $IMAGE\n") == ["$IMAGE"]
    assert known(f"{before}docker run $IMAGE\n") == []


def test_a_variable_alone_before_a_command_is_the_image() -> None:
    assert unknown("docker run $WEB ls -l\n") == ["$WEB"]
    assert unknown("docker run --rm $WEB /bin/sh\n") == ["$WEB"]


@pytest.mark.parametrize(
    "made",
    [
        "docker build -t web .",
        "docker build --tag=web:latest .",
        "docker buildx build --load -t web .",
        "docker build -o type=image,name=web,push=false .",
        "podman build --squash-all --tag web .",
        "docker image tag base web",
        "docker commit 0123 web",
        "$BUILD_TOOL --verbose docker-build --tag web .",
        "retry docker build -t web .",
        "buildah bud -t web .",
        "docker $BUILDX build -t web .",
        "docker builder build -t=web .",
    ],
)
def test_what_the_file_makes_is_not_pulled(made: str) -> None:
    assert known(f"docker run web\n{made}\n") == []
    assert known(f"docker run other\n{made}\n") == ["other"]


def test_what_is_made_under_the_name_of_a_variable_is_not_pulled() -> None:
    assert found("a.sh", 'docker build -t "$IMAGE:$TAG" .\ndocker run $IMAGE:$TAG\n') == []


def test_what_may_have_been_loaded_is_a_note_but_what_is_pulled_is_known() -> None:
    text = "docker load -i web.tar\ndocker run web\ndocker pull nginx:1.27\n"
    assert unknown(text) == ["web"]
    assert known(text) == ["nginx:1.27"]


def test_what_another_file_builds_is_a_note_if_it_is_run() -> None:
    around = tree(
        {"Makefile": "W = web\na:\n\tdocker build -t $(W):1 .\n", "x.sh": "docker build -t $X ."}
    )
    text = "docker run web:1\ndocker run $X\ndocker run web:2\ndocker pull web:1\n"
    seen = uses("a.sh", text, around, opted=("shell",))
    assert [(use.text, use.image is None) for use in seen] == [
        ("web:1", True),
        ("$X", True),
        ("web:2", False),
        ("web:1", False),
    ]


def test_a_script_need_not_be_utf_8() -> None:
    (use,) = found("a.sh", b"# caf\xe9\ndocker run nginx:1.27\n")
    assert use.source.slice(use.span) == b"nginx:1.27"


def test_text_that_no_engine_can_pull_is_an_error() -> None:
    use = found("a.sh", "docker run Nginx:1.27\n")[0]
    assert use.image is None
    assert use.reference is not None


# Makefiles


MAKEFILE = """\
NODE ?= node:22
REGISTRY := registry.example.com
WEB = $(REGISTRY)/web:1
RUN = docker run --rm -v $(PWD):/w
VERSION := $(shell docker run --rm alpine:3.20 cat /v)
HELP = docker

test: ## docker run hidden:1
\t@docker run --user $$(id -u) $(NODE) npm test
\t-$(DOCKER) run $(WEB) | tee $@
\t$(RUN) golang:1.25 \\
\t  go test "$$X"
\t@echo "it's"
\tid=$$(podman create quay.io/x/y:1); \\
\tpodman pull "$$MISSING"
ifdef X
\tdocker run $(UNSET) ls
endif
docker run not-a-recipe:1
"""


def test_recipes_of_makefiles_are_read_with_the_variables_of_make() -> None:
    assert known(MAKEFILE, "Makefile") == [
        "node:22",
        "alpine:3.20",
        "registry.example.com/web:1",
        "golang:1.25",
        "quay.io/x/y:1",
    ]
    assert unknown(MAKEFILE, "build/rules.mk") == ["$MISSING", "${UNSET}"]


def test_a_quote_that_one_recipe_leaves_open_does_not_reach_the_next() -> None:
    assert known("a:\n\techo it's\n\tdocker run nginx:1.27\n", "Makefile") == ["nginx:1.27"]


def test_words_of_a_command_in_a_variable_are_read() -> None:
    text = "RUN = docker run --rm nginx:1.27\na:\n\t$(RUN) ls\n\t$(RUN) cat\n"
    (use,) = found("Makefile", text)
    assert use.span.start == text.index("nginx")


def test_functions_of_make_before_an_image_are_options() -> None:
    text = "a:\n\tdocker run $(if $(X),-e Y=$(X)) $(IMAGE) ls\n"
    assert unknown(text, "Makefile") == ["${IMAGE}"]


def test_the_output_of_a_build_is_not_pulled_from_where_anyone_could_say() -> None:
    assert unknown("docker run $(docker build -q .) ls\n") == ["$(docker build -q .)"]


def test_a_build_that_variables_put_together_is_one() -> None:
    text = "B = docker buildx\nC = $(B) build\na:\n\t$(C) -t web .\n\tdocker run web\n"
    assert found("Makefile", text) == []


def test_what_a_variable_leaves_open_is_one_note_where_it_is_set() -> None:
    text = "RUN = docker run --rm $(IMAGE)\na:\n\t$(RUN) ls\n\t$(RUN) cat\n"
    (use,) = found("Makefile", text)
    assert (use.reference, use.text, use.source.line_of(use.span.start)) == (None, "${IMAGE}", 1)


def test_a_variable_that_names_itself_does_no_harm() -> None:
    assert unknown("A = $(B)\nB = $(A)\na:\n\tdocker run $(A)\n", "Makefile") == ["${A}"]


# Justfiles and units


def test_recipes_of_justfiles_are_read() -> None:
    text = (
        'image := "nginx:1.27"\nreg := `cat reg`\n\nrun *args:\n    @docker run {{ args }} {{ image }}\n'
        "    docker pull {{reg}}/web:1\n"
    )
    assert known(text, "Justfile") == ["nginx:1.27"]
    assert unknown(text, ".justfile") == ["${reg}/web:1"]


UNIT = """\
[Unit]
Description=docker run no:1
[Service]
Environment="TAG=1.27" MODE=x
ExecStartPre=-/usr/bin/docker pull nginx:${TAG}
ExecStart=/usr/bin/docker run --rm \\
  # a comment
  --name %n \\
  registry.example.com/web:1
ExecStop=/usr/bin/docker stop web
"""


def test_what_a_unit_executes_is_read() -> None:
    assert known(UNIT, "web.service") == ["nginx:1.27", "registry.example.com/web:1"]


# Steps of CI services


WORKFLOW = """\
jobs:
  test:
    steps:
      - uses: docker/build-push-action@v6
        with: {tags: "web:1, web:2"}
      - run: docker build -t made .
      - run: |
          docker run --rm \\
            nginx:1.27 ls
          docker run web:1 && docker run made
      - run: docker run ${{ inputs.extra-args }} ${{ matrix.image }} ${{ matrix.command }}
      - run: >-
          docker pull
          redis:7
      - name: docker run no:1
        run: "echo \\"x\\"; docker run alpine:3.20"
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_steps_of_workflows_are_read(end: str) -> None:
    text = WORKFLOW.replace("\n", end)
    path = ".github/workflows/ci.yml"
    assert known(text, path) == ["nginx:1.27", "redis:7", "alpine:3.20"]
    assert unknown(text, path) == ["${{ matrix.image }}"]
    first = found(path, text)[0]
    assert first.source.slice(first.span) == b"nginx:1.27"
    assert first.route == "jobs.test.steps[2].run.commands[0]"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitlab-ci.yml", "a:\n  before_script: [docker pull nginx:1.27]\n"),
        (".circleci/config.yml", "s:\n  - run: docker pull nginx:1.27\n"),
        (".circleci/config.yml", "s:\n  - run: {name: x, command: docker pull nginx:1.27}\n"),
        ("azure-pipelines.yml", "steps:\n- bash: docker pull nginx:1.27\n"),
        (".azure-pipelines/a/b.yml", "steps:\n- script: docker pull nginx:1.27\n"),
        (".drone.yml", "steps:\n- commands: [docker pull nginx:1.27]\n"),
        (".woodpecker/test.yaml", "steps:\n- commands: [docker pull nginx:1.27]\n"),
        (".travis.yml", "install: docker pull nginx:1.27\n"),
        ("a/action.yml", "runs:\n  steps:\n  - run: docker pull nginx:1.27\n"),
    ],
)
def test_each_service_has_its_own_keys(path: str, text: str) -> None:
    assert known(text, path) == ["nginx:1.27"]


def test_lines_that_powershell_continues_are_one_command() -> None:
    text = (
        "a:\n  script:\n    - |\n      docker run `\n        -v C:\\a:C:\\b `\n        nginx:1.27\n"
    )
    assert known(text, ".gitlab-ci.yml") == ["nginx:1.27"]


def test_other_yaml_and_broken_yaml_have_no_steps() -> None:
    assert found("pod.yaml", "run: docker run nginx:1.27\n") == []
    assert found(".github/workflows/a.yml", "run: [docker run nginx:1.27\n") == []


@pytest.mark.parametrize(
    "path",
    [
        "a.sh",
        "x/b.bash",
        "Makefile",
        "GNUmakefile",
        "x/Makefile.ci",
        "a.mk",
        "justfile",
        "x.service",
    ],
)
def test_names_of_files_that_are_looked_at(path: str) -> None:
    assert PLACE.claims(path)


@pytest.mark.parametrize("path", ["a.py", "run", "Dockerfile", "pod.yaml", "makefile.txt", "sh"])
def test_names_of_files_that_are_not(path: str) -> None:
    assert not PLACE.claims(path)


# What holds for every text

PATHS = ("a.sh", "Makefile", "Justfile", "a.service", ".github/workflows/a.yml")
PIECES = st.sampled_from(
    [
        *(
            "docker run ",
            "podman pull ",
            "nginx:1.27",
            "$IMG ",
            "${A:-b}",
            "$(",
            ")",
            "`",
            '"',
            "'",
        ),
        *(
            "IMG=",
            "\n",
            "\t",
            " \\\n",
            "-v ",
            "--rm ",
            "# ",
            "<<E\n",
            "E\n",
            "run: ",
            "|\n  ",
            "{{ a }}",
        ),
        *("[Service]\nExecStart=", "é", "kubectl set image ", "A = $(A)", ":= ", "-t x "),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(PATHS), st.one_of(TEXTS, st.binary(max_size=60)))
def test_no_content_ends_in_an_exception_and_spans_stand_in_the_file(
    path: str, content: str | bytes
) -> None:
    data = content.encode() if isinstance(content, str) else content
    seen = inspected(path, data, opted=("shell",))
    list(judge(KNOWLEDGE, seen))
    for use in seen.uses:
        assert 0 <= use.span.start <= use.span.end <= len(data)
        assert use.place != "shell" or isinstance(use.spelling, Opaque)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(PATHS[:4]), TEXTS)
def test_line_ends_and_a_mark_change_no_use(path: str, text: str) -> None:
    expected = [use.text for use in found(path, text)]
    assert [use.text for use in found(path, text.replace("\n", "\r\n"))] == expected
    assert [use.text for use in found(path, b"\xef\xbb\xbf" + text.encode())] == expected


@pytest.mark.parametrize("path", PATHS[:4])
@pytest.mark.parametrize(
    "text",
    [
        "docker run $A \\\n" * 5_000,
        "\tdocker run -v $(a)\n" * 5_000,
        "A=$A$A\n" * 5_000,
        "".join(f"A{i}=$A{i - 1}x\n" for i in range(5_000)),
        "docker run -t x\n" * 5_000,
        f"A={'b ' * 5_000}\n" + "\tdocker run $A\n" * 5_000,
        f"[Service]\nEnvironment={'a' * 50_000}\n",
        f"docker run ${{{{ {'a' * 50_000} ! }}}}\n",
        f"docker run {'${A:-' * 10_000}\n",
    ],
)
def test_time_grows_with_the_text(path: str, text: str) -> None:
    PLACE.find(Source(path, text.encode()))
