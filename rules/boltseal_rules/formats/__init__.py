"""Syntax: how formats are read, without an opinion on what in them is an image."""
