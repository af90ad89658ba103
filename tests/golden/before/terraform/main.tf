# Das Röntgen-Modul: image = "no:1"
locals {
  images = {
    proxy = "registry.example.com:5000/proxy:2.4" // über alles
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
          for_each = { a = "nginx:1.27-alpine" }
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
      {"name": "wörker", "image": "python:3.12-slim", "cpu": ${var.cpu}},
      {"name": "side", "image": "${var.side}"}
    ]
  JSON
}

resource "helm_release" "chart" {
  values = [<<EOT
controller:
  image: quay.io/example/controller:v1.2.3 # kept
%{ if var.debug }
  debugImage: busybox:1.36
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
