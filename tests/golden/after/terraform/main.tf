# Das Röntgen-Modul: image = "no:1"
locals {
  images = {
    proxy = "registry.example.com:5000/proxy:2.4@sha256:60b00efa61097bdaef8a864448a2fe322cf160367538c1e299b5ff8164c5031e" // über alles
    cache : "redis"
  }
}

resource "docker_image" "built" {
  name = "app:dev"
  build { context = "." }
}

resource "docker_container" "proxy" {
  image   = local.images.proxy
  command = ["--banner", "image = \"no:2\""]
}

resource "docker_container" "app" { image = docker_image.built.image_id }

resource "kubernetes_deployment_v1" "web" {
  spec {
    template {
      spec {
        init_container {
          image = var.init_image /* read from variables.tf */
        }
        dynamic "container" {
          for_each = { a = "nginx:1.27-alpine@sha256:04e8cc8c0b99c81dea4c7e9b0621dd4f86a8606d86c74058088f3d3d58946e05" }
          content {
            name  = container.key
            image = container.value
          }
        }
        container {
          image = "${var.registry}/web:${var.tag}"
        }
      }
    }
  }
}

resource "aws_ecs_task_definition" "jobs" {
  container_definitions = <<-JSON
    [
      {"name": "wörker", "image": "python:3.12-slim@sha256:ea59dc550ffd7fa7cb400f9672cfa8ecb593f62c713ef73433a765b32dab4bac", "cpu": ${var.cpu}},
      {"name": "side", "image": "${var.side}"}
    ]
  JSON
}

resource "helm_release" "chart" {
  values = [<<EOT
controller:
  image: quay.io/example/controller:v1.2.3@sha256:0de03ac493bc81b605fe9d79387c0f7cf3ea2c5ef4af2ff1082a95fe04c56242 # kept
%{ if var.debug }
  debugImage: busybox:1.36@sha256:d55432289a2f69dad7e00346d00e8d4df4d0053a44dffb3f8cf463f6e3fb4b04
%{ endif }
EOT
  ]
  set {
    name  = "image.tag"
    value = "1.0"
  }
}

resource "google_compute_instance" "vm" {
  boot_disk { initialize_params { image = "debian-cloud/debian-12" } }
}
