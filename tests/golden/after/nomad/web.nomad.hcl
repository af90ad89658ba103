variable "image" {
  default = "traefik:v3.1@sha256:878c1ad9ab9667d06b719361ef8deafa25a26b1925bad465b8b0d86dbbe9ba94" # größer
}

job "web" {
  group "web" {
    task "proxy" {
      driver = "docker"
      config {
        image = var.image
        ports = ["http"]
      }
      template {
        data        = <<EOH
image = "no:1"
{{ range service "web" }}server {{ .Address }};{{ end }}
EOH
        destination = "local/x"
      }
    }
    task "vm" {
      driver = "qemu"
      config { image = "no:2" }
    }
    task "cache" {
      driver = "podman"
      config { image = "docker://docker.io/library/redis:7" }
    }
  }
}
