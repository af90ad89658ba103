"""Nomad jobs."""

from tests.tools import problems, rules, sealed, texts

JOB = 'variable "i" {{\n  default = "v:1"\n}}\njob "a" {{\n  group "g" {{\n{0}  }}\n}}\n'
TASK = '    task "t" {{\n      driver = "{0}"\n      config {{\n        image = {1}\n      }}\n    }}\n'


def test_only_container_drivers_run_images() -> None:
    for driver in ("exec", "qemu", "raw_exec", "java"):
        assert texts("a.nomad", JOB.format(TASK.format(driver, '"a:1"'))) == []
    for driver in ("docker", "podman", "containerd-driver"):
        assert texts("a.nomad.hcl", JOB.format(TASK.format(driver, '"a:1"'))) == ["a:1"]


def test_hcl_without_a_job_is_no_job() -> None:
    assert texts("agent.hcl", 'plugin "docker" {\n  image = "a:1"\n}\n') == []


def test_a_variable_is_sealed_where_it_is_defined() -> None:
    for read in ("var.i", '"${var.i}"'):
        text = JOB.format(TASK.format("docker", read))
        assert sealed("a.nomad", text) == text.replace("v:1", "v:1@<docker.io/library/v:1>")


def test_what_a_template_renders_is_no_task() -> None:
    task = TASK.format("docker", '"a:1"').replace(
        "    }\n",
        '      template {\n        data = <<EOH\nimage = "b:1" {{ x }}\nEOH\n      }\n    }\n',
    )
    assert texts("a.nomad", JOB.format(task)) == ["a:1"]


def test_a_pack_is_a_note_and_never_a_broken_file() -> None:
    text = JOB.format(TASK.format("docker", '"a:[[ .v ]]"'))
    assert rules("a.nomad.tpl", text) == ["unresolvable-reference"]
    broken = text + "[[ if .x ]]\n{\n[[ end ]]\n"
    assert problems("a.nomad.tpl", broken) == []
    assert rules("a.nomad.tpl", broken) == []


def test_actions_of_a_pack_before_one_without_an_end_are_blotted_out() -> None:
    text = JOB.format(TASK.format("docker", '"a:1"')) + "# [[ .x ]] [[ [[ .y\n[[ .z ]] \n"
    assert texts("a.nomad", text) == ["a:1"]
