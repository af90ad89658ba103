"""Workflows and actions of GitHub, Gitea and Forgejo."""

from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from tests.tools import KNOWLEDGE, fixed, inspected, problems, rules, sealed, texts, tree, uses

PATH = ".github/workflows/test.yml"


def workflow(job: str, *, top: str = "", steps: str = "") -> str:
    rows = "".join(f"    {row}\n" for row in job.splitlines())
    tail = "".join(f"      {row}\n" for row in steps.splitlines())
    return f"on: push\n{top}jobs:\n  a:\n    runs-on: ubuntu-latest\n{rows}" + (
        f"    steps:\n{tail}" if steps else ""
    )


def found(job: str, *, top: str = "", steps: str = "") -> list[str]:
    return texts(PATH, workflow(job, top=top, steps=steps))


def routes(text: str) -> list[str]:
    return [use.route for use in uses(PATH, text)]


def reason(text: str) -> str:
    (use,) = uses(PATH, text)
    assert use.reference is None
    return getattr(use.spelling, "reason", "")


def test_nothing_is_no_container() -> None:
    for value in ("", "null", "~", "''", '""', "true", "{image: }", "{image: ''}", "{options: x}"):
        assert found(f"container: {value}") == []


def test_an_empty_entry_of_a_matrix_is_no_container() -> None:
    job = "strategy: {matrix: {c: ['', a:1], include: [{c: }, {c: ''}, {x: 1}]}}\n"
    assert found(job + "container: ${{ matrix.c }}") == ["a:1"]
    assert rules(PATH, workflow("strategy: {matrix: {c: ['']}}\ncontainer: ${{ matrix.c }}")) == []


def test_a_key_that_no_entry_of_the_matrix_has_is_no_container() -> None:
    assert found("strategy: {matrix: {x: [1]}}\ncontainer: ${{ matrix.c }}") == []


def test_runners_and_outputs_of_builds_are_no_images() -> None:
    steps = (
        "- uses: docker/build-push-action@v6\n  with: {tags: 'a/b:1', images: a/b}\n"
        "- uses: docker/metadata-action@v5\n  with: {images: a/b}\n"
        "- uses: acme/unknown@v1\n  with: {image: 'a/b:1'}\n"
        "- run: docker run a/b:1\n"
    )
    assert found("strategy: {matrix: {os: [ubuntu-latest]}}", steps=steps) == []


def test_what_a_step_builds_is_not_pulled() -> None:
    for build in (
        "- uses: docker/build-push-action@v6\n  with:\n    tags: |\n      me/it:1\n      me/it:2\n",
        "- uses: docker/build-push-action@v6\n  with: \n    tags: 'me/it:1,me/it:2'\n",
        "- run: docker build --pull -t me/it:1 . && docker build -t ${{ env.TWO }} .\n",
        "- run: docker build -t $TWO . && docker build --tag=me/it:1 .\n",
    ):
        steps = build + "- uses: docker://me/it:1\n- uses: docker://me/it:2\n- uses: docker://x:1\n"
        assert found("name: a", top="env: {TWO: 'me/it:2'}\n", steps=steps) == ["x:1"]


def test_an_action_runs_an_image_only_with_its_scheme() -> None:
    for image in ("Dockerfile", "./docker/Dockerfile", "'../x'"):
        assert texts("action.yml", f"runs:\n  using: docker\n  image: {image}\n") == []
    text = "runs:\n  using: docker\n  image: 'docker://ghcr.io/a/b:1' # é\n"
    assert sealed("x/action.yaml", text) == text.replace("b:1", "b:1@<ghcr.io/a/b:1>")


def test_a_file_that_is_no_workflow_is_left_to_others() -> None:
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1', name: x}]}\n"
    assert [use.place for use in uses("action.yml", pod)] == ["kubernetes"]
    assert texts("x.yml", "on: push\njobs: {a: {container: 'a:1'}}\n") == []
    assert texts("x.yml", "jobs: {a: {steps: [], container: 'a:1'}}\n") == []
    assert texts("other.yml", "runs: {using: docker, image: 'docker://a:1'}\n") == []


def test_a_workflow_in_another_folder_is_known_by_its_shape() -> None:
    text = workflow("container: a:1")
    for path in ("testdata/ok/x.yaml", ".gitea/workflows/x.yml", "a/.forgejo/workflows/x.yml"):
        assert texts(path, text) == ["a:1"]
    assert texts("x.yml", text.replace("on: push", '"on": push').replace("jobs:", "'jobs':")) == [
        "a:1"
    ]


def test_a_workflow_that_is_no_yaml_is_reported_under_its_name_alone() -> None:
    text = "on: push\njobs:\n  a:\n    steps: [\n    container: a:1\n"
    assert problems(PATH, text)
    assert problems("other.yml", text) == []


def test_containers_and_services_are_found_as_text_and_as_maps() -> None:
    job = (
        "container:\n  image: docker://a:1\n  options: --image b:1\n  credentials: {username: u}\n"
        "services:\n  s: {image: 'c:1'}\n  t: d:1\n  u: {image: ''}"
    )
    assert found(job) == ["a:1", "c:1", "d:1"]
    assert routes(workflow(job))[0] == "jobs.a.container.image"


def test_only_the_reference_is_written_behind_its_scheme() -> None:
    text = workflow(
        "name: é", steps="- uses: docker://a/b:1 # docker://c:1\n- uses: 'docker://d'\n"
    )
    after = text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
    assert sealed(PATH, text) == after.replace("d'", "d:latest@<docker.io/library/d:latest>'")


def test_entries_of_a_matrix_are_sealed_where_they_are_written() -> None:
    job = (
        "strategy:\n  matrix:\n    os: [{image: 'a:1', n: 1}, {n: 2}]\n"
        "    include:\n      - os: {image: b:1}\n"
        "container:\n  image: ${{ matrix.os.image }}\n"
    )
    text = workflow(job)
    after = text.replace("a:1", "a:1@<docker.io/library/a:1>")
    assert sealed(PATH, text) == after.replace("b:1", "b:1@<docker.io/library/b:1>")
    assert routes(text) == [
        "jobs.a.strategy.matrix.os[0].image",
        "jobs.a.strategy.matrix.include[0].os.image",
    ]
    assert [text.encode()[r.span.start : r.span.end] for r in uses(PATH, text)[0].related] == [
        b"${{ matrix.os.image }}"
    ]


def test_names_are_read_without_case_and_with_brackets() -> None:
    for name in ("matrix['my.image']", "MATRIX['My.Image']", "( matrix [ 'my.image' ] )"):
        job = f"strategy: {{matrix: {{my.image: ['a:1']}}}}\ncontainer: ${{{{ {name} }}}}"
        assert found(job) == ["a:1"], name


def test_an_entry_of_a_matrix_may_be_a_whole_container() -> None:
    assert found("strategy: {matrix: {c: [{image: 'a:1'}]}}\ncontainer: ${{ matrix.c }}") == ["a:1"]
    services = "strategy: {matrix: {s: [{db: {image: 'a:1'}, kv: b:1}]}}\nservices: ${{ matrix.s }}"
    assert found(services) == ["a:1", "b:1"]


def test_variables_inputs_and_outputs_lead_to_their_texts() -> None:
    steps = "- uses: docker/setup-qemu-action@v3\n  with: {image: '${{ env.X }}'}\n"
    assert found("env: {X: 'a:1'}", top="env: {X: 'b:1'}\n", steps=steps) == ["a:1"]
    call = "on:\n  workflow_call: {inputs: {i: {default: 'a:1'}}}\n"
    call += "  workflow_dispatch: {inputs: {i: {default: 'b:1'}}}\n"
    text = call + "jobs: {a: {steps: [], container: '${{ inputs.i }}'}}\n"
    assert texts(PATH, text) == ["a:1", "b:1"]
    hand = (
        "on: push\nenv: {X: 'a:1'}\njobs:\n  b: {steps: [], outputs: {i: '${{ env.X }}'}}\n"
        "  c: {steps: [], needs: b, container: '${{ needs.b.outputs.i }}'}\n"
    )
    assert routes(hand) == ["env.X"]
    assert len(uses(PATH, hand)[0].related) == 2


def test_defaults_of_the_inputs_of_an_action_are_found() -> None:
    text = (
        "inputs:\n  image: {default: 'a:1'}\nruns:\n  using: composite\n  steps:\n"
        "    - uses: helm/kind-action@v1\n      with: {node_image: '${{ inputs.image }}'}\n"
        "    - uses: docker://b:1\n"
    )
    assert texts("action.yml", text) == ["a:1", "b:1"]


def test_literals_of_an_expression_are_sealed_in_it() -> None:
    text = workflow("container: ${{ inputs.i || (github.ref == 'x:1' && 'a:1') || 'b:1' }}")
    after = text.replace("a:1", "a:1@<docker.io/library/a:1>")
    assert sealed(PATH, text) == after.replace("b:1", "b:1@<docker.io/library/b:1>")


def test_what_a_run_decides_is_a_note_with_its_reason() -> None:
    cases = {
        "${{ inputs.i }}": "'inputs.i' has no default",
        "${{ vars.I }}": "'vars.i' is a variable of the repository's settings",
        "${{ steps.s.outputs.i }}": "'steps.s.outputs.i' is set by a step while the workflow runs",
        "${{ needs.x.outputs.i }}": "'needs.x.outputs.i' is set by another job while the workflow runs",
        "${{ env.I }}": "'env.i' is not defined in this file",
        "${{ fromJSON(inputs.i).x }}": "'fromJSON(inputs.i).x' is worked out while the workflow runs",
        "${{ matrix.x }}": "'matrix.x' is not defined: the job has no matrix",
        "a:${{ matrix.version }}": "'matrix.version' fills in a part of it",
    }
    for image, why in cases.items():
        text = workflow(f'container: "{image}"')
        assert reason(text) == why
        assert rules(PATH, text) == ["unresolvable-reference"]


def test_a_matrix_that_is_computed_is_a_note() -> None:
    for matrix in ("${{ fromJSON(x) }}", "{c: '${{ fromJSON(x) }}'}", "{include: '${{ x }}'}"):
        job = f"strategy:\n  matrix: {matrix}\ncontainer: ${{{{ matrix.c }}}}"
        assert rules(PATH, workflow(job)) == ["unresolvable-reference"]


def test_an_expression_before_a_digest_is_sealed_already() -> None:
    assert rules(PATH, workflow("container: a:${{ x }}@sha256:" + "0" * 64)) == []


def test_a_text_that_is_compared_or_put_together_is_left_alone() -> None:
    base = "strategy: {matrix: {c: [debian:12]}}\ncontainer: ${{ matrix.c }}\n"
    for more in (
        "if: matrix.c == 'debian:12'",
        "if: ${{ 'debian:12' != matrix.c }}",
        "if: startsWith(matrix.c, 'debian')",
        "env: {X: 'x-${{ matrix.c }}'}",
        "env: {X: '${{ matrix.c }}@x'}",
        "env: {X: '${{ matrix.c }}'}",
    ):
        text = workflow(base + more)
        assert rules(PATH, text) == ["mutable-tag"]
        assert sealed(PATH, text) == text
        assert sealed(PATH, text, unsafe=True) != text
    for more in ("if: matrix.c != ''", "name: on-${{ matrix.c }}"):
        assert sealed(PATH, workflow(base + more)) != workflow(base + more)


def test_what_other_jobs_compare_makes_it_unsafe() -> None:
    text = workflow("strategy: {matrix: {c: [a:1]}}\ncontainer: ${{ matrix.c }}")
    text += "  b:\n    steps: []\n    if: matrix.c == 'x'\n"
    assert sealed(PATH, text) == text
    assert sealed(PATH, text, unsafe=True) != text


def test_a_text_that_the_matrix_excludes_is_left_alone() -> None:
    text = workflow(
        "strategy: {matrix: {c: [a:1, b:1], exclude: [{c: a:1}]}}\ncontainer: ${{ matrix.c }}"
    )
    assert sealed(PATH, text) == text.replace("b:1", "b:1@<docker.io/library/b:1>")


def test_a_variable_behind_which_a_shell_puts_a_tag_is_left_alone() -> None:
    steps = "- uses: docker/setup-qemu-action@v3\n  with: {image: '${{ env.X }}'}\n- run: x $X:1\n"
    text = workflow("name: a", top="env: {X: a/b}\n", steps=steps)
    assert sealed(PATH, text) == text
    assert rules(PATH, text) == ["implicit-latest"]


def test_inputs_of_known_actions_are_read_in_their_own_way() -> None:
    steps = (
        "- uses: docker/setup-buildx-action@v3\n  with:\n    driver-opts: |\n      network=host\n"
        "      image=a/b:1\n      env.image=c:1\n"
        "- uses: docker/build-push-action@v6\n  with:\n    build-contexts: |\n"
        "      base=docker-image://d:1\n      src=./x\n    sbom: generator=e/f:1\n"
        "- uses: PyO3/maturin-action@v1\n  with: {container: off, manylinux: auto}\n"
        "- uses: uraimo/run-on-arch-action@v3\n  with: {base_image: '--platform=linux/x g:1'}\n"
        "- uses: helm/kind-action@v1\n  with: {image: h:1, node_image: 'i:${{ matrix.k }}'}\n"
    )
    assert found("name: a", steps=steps) == ["a/b:1", "d:1", "e/f:1", "g:1", "i:${{ matrix.k }}"]
    text = workflow("name: é", steps=steps).replace("\n", "\r\n")
    assert b"image=a/b:1@sha256:" in fixed(PATH, text)


def test_driver_options_may_come_from_a_matrix() -> None:
    steps = "- uses: docker/setup-buildx-action@v3\n  with:\n    driver-opts: ${{ matrix.o }}\n"
    job = "strategy:\n  matrix:\n    o: ['', 'image=a/b:1', 'network=host']"
    assert found(job, steps=steps) == ["a/b:1"]
    both = steps.replace("${{ matrix.o }}", "network=host,image=${{ env.B }}")
    assert found("name: a", top="env: {B: 'b:1'}\n", steps=both) == ["b:1"]


def test_images_of_wheels_are_found_and_their_aliases_passed_over() -> None:
    env = (
        "env:\n  CIBW_MANYLINUX_X86_64_IMAGE: quay.io/pypa/x:1\n  CIBW_MUSLLINUX_I686_IMAGE: y_1_2"
    )
    assert found(env) == ["quay.io/pypa/x:1"]


def test_images_given_to_workflows_and_actions_of_the_repository_are_found() -> None:
    called = "on: {workflow_call: {inputs: {i: {}}}}\njobs: {x: {steps: [], container: '${{ inputs.i }}'}}\n"
    action = (
        "inputs: {n: {}}\nruns:\n  using: composite\n  steps:\n    - uses: helm/kind-action@v1\n"
        "      with: {node_image: '${{ inputs.n }}'}\n"
    )
    around = tree(
        {
            "r/.github/workflows/called.yml": called,
            "r/.github/actions/k/action.yml": action,
            "outside/action.yml": action,
        }
    )
    text = (
        "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n    with: {i: 'a:1', j: c:1}\n"
        "  b:\n    steps:\n      - uses: ./.github/actions/k\n        with: {n: 'b:1'}\n"
        "      - uses: ./../outside\n        with: {n: 'd:1'}\n"
    )
    assert texts("r/.github/workflows/x.yml", text, around) == ["a:1", "b:1"]


def test_one_text_at_an_anchor_is_one_use() -> None:
    text = workflow("container: &c {image: a:1}") + "  b: {steps: [], container: *c}\n"
    assert sealed(PATH, text) == text.replace("a:1", "a:1@<docker.io/library/a:1>")
    assert len(uses(PATH, text)) == 1


def test_what_is_folded_or_escaped_is_found_and_left_alone() -> None:
    for value in ('"a\\x3a1"', '"\\u0061:1"'):
        text = workflow(f"container: {value}")
        assert texts(PATH, text) == ["a:1"]
        assert sealed(PATH, text) == text
    folded = workflow("container: >-\n  a:1")
    assert sealed(PATH, folded) == folded.replace("a:1", "a:1@<docker.io/library/a:1>")


def test_names_that_lead_in_circles_end() -> None:
    top = "env: {A: '${{ env.B }}', B: '${{ env.A }}'}\n"
    steps = "- uses: docker/setup-qemu-action@v3\n  with: {image: '${{ env.A || env.B }}'}\n"
    assert rules(PATH, workflow("name: a", top=top, steps=steps)) == []


def test_large_files_take_no_time() -> None:
    entries = ", ".join(f"'a:{number}'" for number in range(2000))
    services = "".join(f"  s{n}: {{image: '${{{{ matrix.c }}}}'}}\n" for n in range(2000))
    job = f"strategy: {{matrix: {{c: [{entries}]}}}}\nservices:\n{services}"
    assert len(found(job)) == 2000
    jobs = "".join(f"  j{number}: *j\n" for number in range(2000))
    steps = "".join("      - uses: docker://x\n" for _ in range(500))
    text = f"on: push\njobs:\n  a: &j\n    steps:\n{steps}{jobs}"
    assert len(uses(PATH, text)) == 500
    texts(PATH, workflow("container: '" + "${{ (" * 20000 + "'"))
    texts(PATH, workflow("container: ${{ " + "(" * 20000 + " }}"))


NODE = st.sampled_from(
    ["a:1", "''", "b", "${{ matrix.c }}", "${{ env.E }}", "x:${{ matrix.c }}", "${{ 'd:1' || x }}"]
)


@st.composite
def workflows(draw: st.DrawFn) -> str:
    quote = draw(st.sampled_from(["", '"']))
    return workflow(
        f"strategy:\n  matrix:\n    c: ['{draw(st.sampled_from(['', 'm:1', 'n']))}']\n"
        f"env: {{E: {draw(st.sampled_from(['e:1', 'f']))}}}\n"
        f"container: {quote}{draw(NODE)}{quote} # é\nservices:\n  s:\n    image: {draw(NODE)}",
        steps=f"- uses: docker://{draw(st.sampled_from(['g:1', 'h']))}",
    )


@settings(deadline=None, max_examples=60)
@given(workflows())
def test_a_fix_is_made_once_and_line_ends_change_no_use(text: str) -> None:
    once = fixed(PATH, text)
    assert fixed(PATH, once) == once
    assert texts(PATH, text.replace("\n", "\r\n")) == texts(PATH, text)
    assert texts(PATH, b"\xef\xbb\xbf" + text.encode()) == texts(PATH, text)
    if not any(f.fix_safety == "safe" for f in judge(KNOWLEDGE, inspected(PATH, text))):
        assert once == text.encode()


@settings(deadline=None, max_examples=100)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="${}'()|&. amtrix[]=!,\"", max_size=40)))
def test_no_expression_ends_in_an_exception(content: str) -> None:
    for text in (
        workflow(f"container: ${{{{ {content} }}}}"),
        workflow(f"container: '{content}'"),
        f"on: push\njobs:\n{content}",
    ):
        data = text.encode("utf-8", "surrogatepass")
        list(judge(KNOWLEDGE, inspected(PATH, data)))


def test_an_input_that_completes_an_image_is_judged_where_an_action_is_used() -> None:
    text = (
        "runs:\n  using: composite\n  steps:\n    - uses: helm/kind-action@v1\n"
        "      with:\n        node_image: kindest/node:${{ inputs.version }}\n"
    )
    assert texts("a/action.yml", text) == ["kindest/node:${{ inputs.version }}"]
    assert rules("a/action.yml", text) == []
