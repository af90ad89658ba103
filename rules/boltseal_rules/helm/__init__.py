"""Charts and their values."""
