"""Compose projects: the variables that a file beside the definition sets."""
