"""Pipelines in Groovy."""
