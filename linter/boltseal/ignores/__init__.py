"""Comments that accept findings: read, applied, and written."""
