"""Findings and uses, put into the forms that people and programs read."""
