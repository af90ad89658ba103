variable "init_image" {
  description = "Image, such as no:1"
  default     = "busybox:1.36@sha256:d55432289a2f69dad7e00346d00e8d4df4d0053a44dffb3f8cf463f6e3fb4b04"
}

variable "registry" { default = "registry.example.com" }
variable "tag" { default = "1.0" }
