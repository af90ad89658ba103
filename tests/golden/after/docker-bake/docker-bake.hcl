variable "GO_IMAGE" {
  default = "golang:1.23@sha256:802b42e06964d3d8b003dcd86e3f2c2a7272b1a219a89b6272406775963417d7"
}

target "app" {
  contexts = {
    go   = "docker-image://${GO_IMAGE}"
    base = "docker-image://alpine:latest@sha256:c9ef5b1f0b442255774ae31a839ff48ce1206a606a97052db8b4a13ae153fb7c" # größer
  }
  dockerfile-inline = <<EOT
FROM debian:bookworm@sha256:fc862dd5e686a306f1ecf1162dec15c49909b0aea52a22511aa48ceb0eb6b231 AS build
RUN echo "FROM no:1"
FROM build
EOT
  tags = ["registry.example.com/app:1"]
}