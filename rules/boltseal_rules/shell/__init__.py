"""Commands in shell scripts that run, pull or copy images."""
