"""GitLab CI: configurations, includes, components, variables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.use import Opaque
from boltseal_rules.knowledge import PLACES
from tests.tools import fixed, inspected, rules, sealed, texts, tree, uses

NEEDLES = next(place.needles for place in PLACES if place.name == "gitlab-ci")
CI = ".gitlab-ci.yml"
NGINX = "<docker.io/library/nginx:1.27>"


def places(path: str, text: str) -> set[str]:
    return {use.place for use in uses(path, text)}


def known(text: str, path: str = CI) -> list[str | None]:
    return [use.image.canonical if use.image else None for use in uses(path, text)]


def reasons(text: str) -> list[str]:
    return [use.spelling.reason for use in uses(CI, text) if isinstance(use.spelling, Opaque)]


def test_what_is_called_image_elsewhere_is_none() -> None:
    text = (
        "stages: [image, services]\n"
        "a:\n  script: ['image: no:1', docker run no:2]\n  stage: image\n"
        "  cache: {key: image, paths: [image], image: no:3}\n"
        "  artifacts: {name: image, image: no:4}\n"
        "  environment: {name: image, image: no:5}\n"
        "  image: {entrypoint: ['no:6']}\n  needs: [image:build]\n"
        "  release: {image: no:7}\n  services: [{alias: no:8}]\n"
        "include: [{project: a/b, file: x.yml}, {remote: 'https://x/y.yml'}, {template: T.yml}]\n"
    )
    assert texts(CI, text) == []


def test_what_a_reference_looks_up_is_judged_where_it_is_written() -> None:
    text = (
        ".a:\n  image: nginx:1.27\n  services: [docker:dind]\n  variables: {I: redis:7}\n"
        "b:\n  script: [!reference [.a, script]]\n  image: !reference [.a, image]\n"
        "  services: !reference [.a, services]\n"
        "c:\n  script: [x]\n  services:\n    - !reference [.a, services]\n    - mysql:8\n"
        "  image: !reference [.a, variables, I]\n"
        "d:\n  script: [x]\n  variables: {J: !reference [.a, variables, J]}\n  image: $J\n"
    )
    assert texts(CI, text) == ["nginx:1.27", "docker:dind", "redis:7", "mysql:8", "$J"]


def test_a_projects_own_registry_is_a_note() -> None:
    text = "a: {script: [x], image: '$CI_REGISTRY_IMAGE/x:1'}\nb: {script: [x], image: '${CI_REGISTRY_IMAGE}:1'}\n"
    assert rules(CI, text) == ["unresolvable-reference"] * 2
    assert len(reasons(text)) == 2
    assert all("own registry" in reason for reason in reasons(text))


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("$X", "no file of the pipeline sets X"),
        ("python:${X}", "no file of the pipeline sets X"),
        ("$CI_REGISTRY/a:1", "CI_REGISTRY is known to GitLab alone"),
        ("$[[ inputs.x ]]", "the input x has no default"),
        ("a:$$X", "its variables cannot be read"),
        ("${X:-nginx:1.27}", "its variables cannot be read"),
        ("$CI_DEPENDENCY_PROXY_SERVER/a:1", "CI_DEPENDENCY_PROXY_SERVER is known to GitLab alone"),
    ],
)
def test_what_cannot_be_known_is_a_note_with_its_reason(image: str, reason: str) -> None:
    text = f"a:\n  script: [x]\n  image: '{image}'\n"
    assert rules(CI, text) == ["unresolvable-reference"]
    assert reasons(text) == [reason]


def test_what_a_script_builds_or_pushes_is_not_pulled() -> None:
    text = (
        "variables: {A: a/a:1, B: b/b:1, C: c/c:1}\n"
        'build:\n  script:\n    - docker build -t $A .\n    - docker push "${B}"\n'
        "    - kaniko --destination=$C/x\n"
        "a: {script: [x], image: $A}\nb: {script: [x], image: $B}\nc: {script: [x], image: $C}\n"
    )
    assert texts(CI, text) == ["c/c:1"]


def test_files_of_other_services_are_left_to_their_places() -> None:
    pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n"
    compose = "services:\n  web:\n    image: nginx:1.27\n    extends: {file: x}\n"
    travis = "language: python\nservices: [docker]\ndeploy: {provider: script, script: x, image: a:1, tags: true}\n"
    azure = "jobs: [{job: a}]\nvariables: {image: a:1}\n"
    values = "job: {image: 'nginx:1.27', script: x, tags: [a]}\n"
    assert places("ci/pod.yml", pod) == {"kubernetes"}
    assert places("ci/stack.yml", compose) == {"compose"}
    assert places("ci/values.yaml", "a: {image: 'nginx:1.27'}\n") == {"helm-values"}
    for name, text in (("ci/travis.yml", travis), (".ci/azure.yml", azure), ("x.yml", pod)):
        assert "gitlab-ci" not in places(name, text)
    assert "gitlab-ci" in places("ci/x.yml", values)
    assert places(".gitlab/agents/a/config.yaml", "ci_access: {projects: [{id: a/b}]}\n") == set()
    assert places("ci/play.yml", "- hosts: all\n  tasks: [{image: 'a:1', script: x}]\n") == set()


def test_images_and_services_stand_at_the_top_in_default_and_in_every_job() -> None:
    text = (
        "image: a:1\nservices: [b:1, {name: 'c:1', alias: db}]\n"
        "default:\n  image: {name: 'd:1', entrypoint: ['']}\n  services: [e:1]\n"
        ".hidden:\n  image: f:1\n"
        "pages:\n  script: [x]\n  image: g:1\n  services:\n    - name: h:1\n      command: [i:1]\n"
    )
    found = [use.route for use in uses(CI, text)]
    assert texts(CI, text) == ["a:1", "b:1", "c:1", "d:1", "e:1", "f:1", "g:1", "h:1"]
    assert found[:4] == ["image", "services[0]", "services[1].name", "default.image.name"]
    assert found[-1] == "pages.services[0].name"


def test_anchors_and_merges_are_one_use_where_they_are_written() -> None:
    text = (
        ".shared:\n  docker: &docker\n    image: nginx:1.27\n"
        "a:\n  <<: *docker\n  script: [x]\nb:\n  <<: *docker\n  script: [x]\n"
    )
    assert texts(CI, text) == ["nginx:1.27"]
    assert sealed(CI, text) == text.replace("1.27", f"1.27@{NGINX}")


def test_a_variable_that_is_the_whole_image_is_sealed_where_it_is_set() -> None:
    text = (
        "variables:\n  A: nginx:1.27  # é\n  B: {value: 'nginx:1.27', description: d}\n  C: $D\n"
        '  D: "nginx:1.27"\n  NOT: nginx:1.26\n'
        "a: {script: [x], image: $A, services: [{name: '${B}'}]}\nb: {script: [x], image: $C}\n"
    )
    assert [use.route for use in uses(CI, text)] == [
        "variables.A",
        "variables.B.value",
        "variables.D",
    ]
    assert [len(use.related) for use in uses(CI, text)] == [1, 1, 0]
    assert sealed(CI, text).count(f"nginx:1.27@{NGINX}") == 3


def test_variables_of_jobs_matrices_rules_and_workflows_count() -> None:
    text = (
        "workflow:\n  rules:\n    - if: $Z\n      variables: {I: a:1}\n"
        ".base:\n  script: [x]\n  image: $I\n"
        "a:\n  extends: .base\n  variables: {I: b:1, J: no:1}\n"
        "b:\n  extends: [.base]\n  parallel:\n    matrix:\n      - I: [c:1, d:1]\n        J: no:1\n"
        "c:\n  extends: .base\n  rules:\n    - if: $Z\n      variables: {I: e:1}\n"
        "d:\n  script: [docker tag $I]\n  image: f:1\n  variables: {I: no:1}\n"
    )
    assert texts(CI, text) == ["a:1", "b:1", "c:1", "d:1", "e:1", "f:1"]


def test_siblings_that_a_job_extends_are_put_together() -> None:
    text = ".v: {variables: {I: 'a:1'}}\n.i: {image: $I}\nj: {script: [x], extends: [.v, .i]}\n"
    assert texts(CI, text) == ["a:1"]


def test_an_image_put_together_is_known_and_not_rewritten() -> None:
    text = (
        "variables: {REG: registry.example.com, TAG: '1', BASE: '${REG}/base', EMPTY: ''}\n"
        "a: {script: [x], image: '$REG/a:$TAG', variables: {TAG: '2'}}\n"
        "b: {script: [x], image: '${BASE}/b'}\nc: {script: [x], image: 'c:$EMPTY'}\n"
    )
    name = "registry.example.com"
    assert known(text) == [f"{name}/a:2", f"{name}/base/b:latest", None]
    assert sealed(CI, text) == text


def test_a_variable_that_is_a_part_elsewhere_is_not_rewritten() -> None:
    text = (
        "variables: {A: 'a/a', B: 'b/b', C: 'c/c', D: 'd/d'}\n"
        "a: {script: [docker run $D:1], image: $A, services: ['$A:1', 'x/$B', '$B']}\n"
        "b: {script: ['echo $C: x'], image: '$C'}\nc: {script: [x], image: $D}\n"
    )
    assert len(rules(CI, text)) == 6
    assert sealed(CI, text) == text.replace("'c/c'", "'c/c:latest@<docker.io/c/c:latest>'")


def test_a_variable_of_another_job_says_nothing() -> None:
    text = "a: {script: [x], image: 'a:$T'}\nb: {script: [x], variables: {T: '1'}}\n"
    assert known(text) == [None]


def test_an_image_behind_a_dependency_proxy_is_one_of_docker_hub() -> None:
    text = (
        "variables: {M: '$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX', V: '1.27'}\n"
        "a:\n  script: [x]\n  image: ${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/nginx:1.27\n"
        "  services:\n    - $CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX/nginx:1.27\n"
        "    - $CI_DEPENDENCY_PROXY_SERVER/$X/dependency_proxy/containers/nginx:1.27\n"
        "    - $M/nginx:$V\n    - ${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/nginx:$V\n"
        "    - $CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/quay.io/a/b:1\n"
    )
    assert known(text) == ["docker.io/library/nginx:1.27"] * 5 + [None]
    assert sealed(CI, text).count(f"/nginx:1.27@{NGINX}\n") == 3


def test_escaped_scalars_are_reported_and_left() -> None:
    text = (
        'a:\n  script: [x]\n  image: "ngi\\x6ex:1.27"\n'
        "b:\n  script: [x]\n  image: >-\n    nginx:1.27\n"
    )
    assert known(text) == ["docker.io/library/nginx:1.27"] * 2
    assert sealed(CI, text) == text.replace("    nginx:1.27", f"    nginx:1.27@{NGINX}")


def test_the_default_of_an_input_is_sealed_unless_only_listed_values_may_be() -> None:
    text = (
        "spec:\n  inputs:\n    image:\n      default: nginx:1.27\n"
        "    listed: {default: 'nginx:1.26', options: ['nginx:1.26', 'nginx:1.25']}\n"
        "    tag: {default: '3'}\n    stage: {default: test}\n"
        "---\n'$[[ inputs.stage ]]-job':\n  script: [x]\n  image: $[[ inputs.image ]]\n"
        "  services: ['$[[ inputs.listed | expand_vars ]]', 'redis:$[[ inputs.tag ]]']\n"
    )
    assert texts("templates/a.yml", text) == ["nginx:1.27", "nginx:1.26", "redis:$[[ inputs.tag ]]"]
    after = text.replace("default: nginx:1.27", f"default: nginx:1.27@{NGINX}")
    assert sealed("templates/a.yml", text) == after
    assert known(text, "any/where.yml")[-1] == "docker.io/library/redis:3"


def test_a_variable_with_options_keeps_its_value() -> None:
    text = "variables:\n  I: {value: 'a:1', options: ['a:1', 'b:1']}\nj: {script: [x], image: $I}\n"
    assert rules(CI, text) == ["mutable-tag"]
    assert sealed(CI, text) == text


def test_a_value_that_is_asked_for_elsewhere_is_not_rewritten() -> None:
    text = (
        "variables: {I: 'a:1', J: 'nginx:1.27'}\n"
        "a:\n  script: [x]\n  image: $M\n  parallel: {matrix: [{M: ['b:1', 'c:1']}]}\n"
        "b:\n  script: [x]\n  image: $I\n  services: [$J]\n  rules:\n    - if: $I == 'a:1'\n"
        "    - if: $J != null\n  needs: [a, {job: a, parallel: {matrix: [{M: 'b:1'}]}}]\n"
    )
    assert texts(CI, text) == ["a:1", "nginx:1.27", "b:1", "c:1"]
    assert sealed(CI, text) == text.replace("1.27", f"1.27@{NGINX}")


def test_a_fragment_is_what_its_includers_make_of_it() -> None:
    files = {
        CI: "include: [/parts/one.txt.yml, {local: 'more/**/*.yml'}]\nvariables: {I: a:1, R: r.example.com, N: no:1}\n",
        "parts/one.txt.yml": "include: {local: parts/two.yml}\nj: {script: [x], image: $I}\n",
        "parts/two.yml": "image: b:1\nk:\n  trigger:\n    include:\n      - local: child.yml\n",
        "child.yml": "l: {run: [], image: '$R/c:1'}\n",
        "more/deep/er/x.yml": "image: d:1\n",
        "more/x.txt": "image: no:1\n",
        "other.yml": "image: no:1\n",
    }
    around = tree(files)
    found = {path: [u.text for u in uses(path, text, around)] for path, text in files.items()}
    assert found[CI] == ["a:1"]
    assert found["parts/one.txt.yml"] == []
    assert found["parts/two.yml"] == ["b:1"]
    assert found["child.yml"] == ["$R/c:1"]
    assert found["more/deep/er/x.yml"] == ["d:1"]
    assert found["more/x.txt"] == found["other.yml"] == []
    (use,) = uses(CI, files[CI], around)
    assert use.related[0].source is not None
    assert use.related[0].source.path == "parts/one.txt.yml"
    assert [u.image and u.image.name for u in uses("child.yml", files["child.yml"], around)] == [
        "r.example.com/c"
    ]


def test_what_a_local_include_is_given_is_an_image_too() -> None:
    files = {
        CI: "include:\n  - local: t.yml\n    inputs: {image: 'nginx:1.27', stage: test}\n",
        "t.yml": "spec: {inputs: {image: {}, stage: {}}}\n---\nj: {script: [x], image: '$[[ inputs.image ]]'}\n",
    }
    around = tree(files)
    assert [use.route for use in uses(CI, files[CI], around)] == ["include[0].inputs.image"]
    assert sealed(CI, files[CI], around) == files[CI].replace("1.27", f"1.27@{NGINX}")
    assert uses("t.yml", files["t.yml"], around) == []


def test_a_project_below_the_root_includes_from_its_own_folder() -> None:
    files = {
        "sub/.gitlab-ci.yml": "include: /x.yml\n",
        "sub/x.yml": "image: a:1\n",
        "x.yml": "image: no:1\n",
    }
    around = tree(files)
    assert texts("sub/x.yml", files["sub/x.yml"], around) == ["a:1"]
    assert texts("x.yml", files["x.yml"], around) == []


def test_includes_that_go_in_circles_or_are_missing_do_no_harm() -> None:
    files = {
        CI: "include: [a.yml, nowhere.yml, ../../etc/passwd.yml, '**', '***.yml', $X/y.yml]\nimage: a:1\n",
        "a.yml": "include: [a.yml, .gitlab-ci.yml]\nimage: b:1\n",
    }
    around = tree(files)
    assert texts(CI, files[CI], around) == ["a:1"]
    assert texts("a.yml", files["a.yml"], around) == ["b:1"]


def test_variables_that_name_themselves_or_explode_end() -> None:
    rows = "".join(f"  V{n}: '${{V{n + 1}}}${{V{n + 1}}}'\n" for n in range(60))
    text = f"variables:\n  A: $B\n  B: $A\n{rows}j: {{script: [x], image: $A, services: ['$V0']}}\n"
    assert all(use.reference is None for use in uses(CI, text))
    assert known("variables: {A: 'x$A'}\nj: {script: [x], image: 'y:$A'}\n") == [None]


def test_thousands_of_jobs_take_no_time() -> None:
    rows = "".join(f"j{n}: {{extends: [j{n - 1}, j{n - 2}], image: $I}}\n" for n in range(3000))
    assert texts(CI, f"variables: {{I: a:1}}\n{rows}") == ["a:1"]
    rows = "".join(f"j{n}: {{extends: .t, variables: {{I: 'a:{n}'}}}}\n" for n in range(2000))
    assert len(uses(CI, f"{rows}.t: {{image: $I}}\n")) == 2000


def test_a_file_is_known_by_its_shape_where_nothing_includes_it() -> None:
    job = "lint:\n  stage: test\n  image: a:1\n  script: [x]\n"
    hidden = ".lint: {image: 'a:1', rules: []}\n"
    assert texts("jobs/lint/lint.yml", job) == ["a:1"]
    assert texts(".ci/gitlab/ci.yml", hidden) == texts(".gitlab/ci/x.yml", hidden) == ["a:1"]
    assert texts("jobs/x.yml", hidden) == []
    for name in ("docker.gitlab-ci.yml", ".gitlab/duo/agent-config.yml"):
        assert texts(name, "image: a:1\n") == ["a:1"]


def test_a_template_of_a_configuration_is_read_around_its_actions() -> None:
    text = "{% if x %}\na:\n  script: [x]\n  image: nginx:1.27\n{% endif %}\nb: {script: [x], image: '{{ y }}'}\n"
    assert texts(CI, text) == ["nginx:1.27", "{{ y }}"]
    assert rules(CI, text) == ["mutable-tag"]


def test_a_file_that_is_no_yaml_is_said_so_only_if_it_is_one() -> None:
    assert inspected(CI, "image: [\n").problems
    assert not inspected("ci/x.yml", "image: [\n script: {").problems


REFERENCE = st.sampled_from(
    ["nginx:1.27", "a/b", "$I", "${I}", "$R/x:1", "$CI_X", "$$", "x@sha256:" + "0" * 64]
)
VALUE = st.sampled_from(["nginx:1.27", "r.example.com", "''", "$R", "1.10", "'$I'"])


@st.composite
def configurations(draw: st.DrawFn) -> str:
    lines = ["# é 😀", "variables:", f"  I: {draw(VALUE)}", f"  R: {draw(VALUE)}"]
    for index in range(draw(st.integers(0, 3))):
        lines += [f"j{index}:", f"  extends: j{draw(st.integers(0, 3))}", "  script: [x]"]
        lines.append(f"  image: {draw(REFERENCE)}{draw(st.sampled_from(['', '  # é']))}")
        if draw(st.booleans()):
            lines.append(f"  variables: {{I: {draw(VALUE)}}}")
        if draw(st.booleans()):
            lines.append(f"  services: [{{name: '{draw(REFERENCE)}'}}]")
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@settings(deadline=None, max_examples=60)
@given(configurations())
def test_a_second_fix_and_other_line_ends_change_nothing(text: str) -> None:
    once = fixed(CI, text)
    assert fixed(CI, once) == once
    expected = [(use.route, use.text) for use in uses(CI, text)]
    for variant in (text.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + text.encode()):
        assert [(use.route, use.text) for use in uses(CI, variant)] == expected
    for use in uses(CI, text):
        assert use.source.slice(use.span).decode() == use.text
        assert any(needle in use.source.data for needle in NEEDLES)


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=80), st.text("aimge:$[]{}-! \n*&<'\".", max_size=80).map(str.encode)
    )
)
def test_no_text_ends_in_an_exception(data: bytes) -> None:
    inspected(CI, b"image: a\nj:\n  services: " + data)


def test_a_variable_that_another_one_passes_on_to_a_longer_text_is_not_sealed() -> None:
    text = (
        "variables:\n  I: r.example.com/a\n  R: $I\njob:\n  script: [x]\n  image: $I\n"
        "  services: ['$R/x:1']\n"
    )
    assert sealed(CI, text) == text


def test_services_that_are_kept_to_be_looked_up_are_read_where_they_are_written() -> None:
    text = (
        ".services:\n  db:\n    name: postgres:17\n    alias: db\n  other:\n    name: no:1\n"
        "    url: x\n.kept:\n- {name: redis:8, command: [a]}\n"
        "job:\n  script: x\n  services: [!reference [.services, db]]\n"
    )
    assert texts(".gitlab-ci.yml", text) == ["postgres:17", "redis:8"]
