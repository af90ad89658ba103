variable "GO_IMAGE" {
  default = "golang:1.23"
}

target "app" {
  contexts = {
    go   = "docker-image://${GO_IMAGE}"
    base = "docker-image://alpine" # größer
  }
  dockerfile-inline = <<EOT
FROM debian:bookworm AS build
RUN echo "FROM no:1"
FROM build
EOT
  tags = ["registry.example.com/app:1"]
}