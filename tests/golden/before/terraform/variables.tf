variable "init_image" {
  description = "Image, such as no:1"
  default     = "busybox:1.36"
}

variable "registry" { default = "registry.example.com" }
variable "tag" { default = "1.0" }
