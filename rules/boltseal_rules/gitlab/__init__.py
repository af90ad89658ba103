"""GitLab's configurations."""
