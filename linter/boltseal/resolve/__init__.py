"""From a reference to the digest it stands for."""
