"""boltseal: find image references that can change under your feet, and seal them to a digest."""

__version__ = "0.1.0"
