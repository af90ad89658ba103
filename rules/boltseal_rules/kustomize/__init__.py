"""What Kustomize writes and replaces."""
