"""Terraform: resources, variables, and what they carry."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools import fixed, problems, rules, sealed, texts, tree, uses


def test_images_of_machines_and_disks_are_none() -> None:
    text = (
        'resource "google_compute_instance" "a" {\n  boot_disk {\n    initialize_params {\n'
        '      image = "debian-cloud/debian-11"\n    }\n  }\n}\n'
        'resource "digitalocean_droplet" "b" {\n  image = "ubuntu-20-04-x64"\n}\n'
        'resource "lxd_instance" "c" {\n  image = "ubuntu:22.04"\n}\n'
        'resource "aws_instance" "d" {\n  ami = "ami-0123"\n}\n'
        'module "vm" {\n  source = "./vm"\n  image  = "debian-cloud/debian-12"\n}\n'
    )
    assert texts("main.tf", text) == []
    given_values = 'machines = {\n  "master-0" : { "image" : "ubuntu-22.04" }\n}\n'
    assert texts("a.tfvars", given_values) == []


def test_what_is_built_here_is_not_pulled() -> None:
    text = (
        'resource "docker_image" "a" {\n  name = "app:dev"\n  build {\n    context = "."\n  }\n}\n'
        'resource "docker_container" "a" {\n  image = docker_image.a.image_id\n}\n'
        'resource "docker_container" "b" {\n  image = "app:dev"\n}\n'
        'resource "docker_registry_image" "c" {\n  name = "app:dev"\n}\n'
    )
    assert texts("main.tf", text) == []


def test_build_environments_of_aws_are_in_no_registry() -> None:
    text = 'module "a" {\n  build_image = "aws/codebuild/standard:7.0"\n}\n'
    assert texts("main.tf", text) == []


def test_a_tag_without_its_repository_is_a_note() -> None:
    text = 'resource "helm_release" "a" {\n  set {\n    name  = "image.tag"\n    value = "1.2"\n  }\n}\n'
    assert rules("main.tf", text) == ["unresolvable-reference"]
    assert sealed("main.tf", text) == text


def test_a_variable_without_a_default_is_a_note() -> None:
    text = 'variable "i" {}\nresource "docker_image" "a" {\n  name = var.i\n}\n'
    assert rules("main.tf", text) == ["unresolvable-reference"]


def test_a_variable_that_is_also_a_part_is_left_alone() -> None:
    text = (
        'variable "i" {\n  default = "app:1"\n}\nresource "docker_image" "a" {\n  name = var.i\n}\n'
        'resource "docker_image" "b" {\n  name = "${var.i}-debug"\n}\n'
    )
    assert sealed("main.tf", text) == text
    assert texts("main.tf", text) == ["app:1", "app:1-debug"]


def test_a_default_in_another_file_is_found_where_it_is_written() -> None:
    main = 'resource "docker_container" "a" {\n  image = var.i\n}\n'
    variables = 'variable "i" {\n  default = "nginx:1.27"\n}\n'
    around = tree({"a/main.tf": main, "a/variables.tf": variables, "b/main.tf": ""})
    assert texts("a/main.tf", main, around) == []
    (use,) = uses("a/variables.tf", variables, around)
    assert use.text == "nginx:1.27"
    assert [r.source.path for r in use.related if r.source] == ["a/main.tf"]
    assert "<docker.io/library/nginx:1.27>" in sealed("a/variables.tf", variables, around)
    assert texts("a/variables.tf", variables) == []


def test_conditionals_loops_and_locals_lead_to_what_is_written_out() -> None:
    text = (
        'locals {\n  images = { a = "a:1", b = { image = "b:1" } }\n}\n'
        'resource "docker_container" "x" {\n  image = var.y != "" ? var.y : "c:1"\n}\n'
        'resource "docker_container" "y" {\n  image = local.images.a\n}\n'
        'resource "docker_container" "z" {\n  for_each = { k = { image = "d:1" } }\n'
        "  image = each.value.image\n}\n"
        'resource "docker_container" "w" {\n  image = local.images["b"].image\n}\n'
    )
    assert sorted(texts("main.tf", text)) == ["a:1", "b:1", "c:1", "d:1"]


def test_containers_of_ecs_are_found_in_json_and_in_what_becomes_json() -> None:
    text = (
        'resource "aws_ecs_task_definition" "a" {\n  container_definitions = jsonencode([\n'
        '    { name = "a", image = "a:1" },\n    local.more,\n  ])\n}\n'
        'locals {\n  more = { image = "b:1" }\n}\n'
        'resource "aws_ecs_task_definition" "b" {\n  container_definitions = <<-EOF\n'
        '    [{"image": "c:1", "cpu": ${var.cpu}}, {"image": "${var.x}"}]\n  EOF\n}\n'
    )
    assert texts("main.tf", text) == ["a:1", "b:1", "c:1", "${var.x}"]
    assert sealed("main.tf", text).count("@<docker.io/library/") == 3


def test_values_of_a_release_are_read_as_such() -> None:
    text = (
        'resource "helm_release" "a" {\n  values = [\n    yamlencode({ image = "a/b:1" }),\n'
        "    <<-EOT\n      # é\n      sidecar:\n        image: c/d:1\n"
        '        tag: ${var.t}\n    EOT\n  ]\n  set {\n    name  = "image.repository"\n'
        '    value = "e"\n  }\n  set {\n    name  = "image.tag"\n    value = "1"\n  }\n}\n'
    )
    assert "a/b:1" in texts("main.tf", text)
    assert "e:1" in texts("main.tf", text)


def test_a_key_in_parentheses_hides_nothing() -> None:
    text = 'module "a" {\n  c = {\n    (local.n) = {\n      image = "a:1"\n    }\n  }\n}\n'
    assert texts("main.tf", text) == ["a:1"]


def test_a_file_that_is_not_closed_is_reported() -> None:
    text = 'resource "docker_image" "a" {\n  name = "a:1"\n'
    assert problems("main.tf", text) == ["not HCL: a '{' is not closed"]


def test_deep_nesting_ends_in_no_exception() -> None:
    for opener, closer in (("[", "]"), ("(", ")"), ("{a=", "}"), ("f(", ")"), ("x ? y : ", "z")):
        text = f"image = {opener * 5000}{closer * 5000}\n"
        assert texts("main.tf", text) == []


PIECES = st.sampled_from(
    ['resource "docker_image" "a" {', "}", "name = ", '"a:1"', "\n", "var.x", "${", '"', "<<E\n",
     "E\n", "[", "]", "# é\n", "/*", "*/", "?", ":", "locals {", "x = ", "\\", "for", "(", ")"]
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["a.tf", "docker-bake.hcl"]))
def test_no_text_ends_in_an_exception_and_a_second_fix_does_nothing(text: str, name: str) -> None:
    text = f'image = 1\nresource "docker_image" "z" {{\n  name = "b:1"\n}}\n{text}'
    once = fixed(name, text)
    assert fixed(name, once) == once
    assert texts(name, "\ufeff" + text) == texts(name, text)
