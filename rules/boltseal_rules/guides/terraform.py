"""The guide of ``places/terraform.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Terraform and OpenTofu: *.tf, *.tofu, *.tfvars, terragrunt.hcl",
    finds=(
        "Docker: `docker_image`, `docker_container`, `docker_service`, data of a registry image",
        "Kubernetes: containers, init containers, `kubernetes_manifest`, `kubectl_manifest`",
        "Helm: `values` as an object or a heredoc, `set` of repository and tag",
        "AWS: ECS and Batch (`jsonencode` and heredocs), Lambda, App Runner, CodeBuild, SageMaker",
        "Google Cloud Run and Cloud Build; Azure container groups, container apps, App Service",
        "`nomad_job` with its job in a heredoc",
        "the default of a variable or a local value, in any file of the folder, that is one",
        "inputs of modules, of Terragrunt and in `*.tfvars` that are called an image, with a tag",
    ),
    rewrites="the reference where it is written out: in the resource, or in the variable",
    passes_over=(
        "images of machines and disks; every resource that is not listed",
        "what `docker_image` builds, and references to what a resource declares",
        "references put together from several variables: reported, never rewritten",
        "a tag that is set without its repository: a note",
    ),
    examples=(
        Example(
            "main.tf",
            'variable "image" {\n  default = "nginx:1.27"\n}\n\n'
            'resource "docker_container" "web" {\n  image = var.image\n}\n',
            f'variable "image" {{\n  default = "nginx:1.27@{SHOWN_DIGEST}"\n}}\n\n'
            'resource "docker_container" "web" {\n  image = var.image\n}\n',
        ),
    ),
    peers=Peers(
        renovate="Docker and Kubernetes providers, literals only; no ECS, Lambda, variables",
    ),
)
