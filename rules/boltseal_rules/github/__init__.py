"""GitHub's workflows and actions."""
