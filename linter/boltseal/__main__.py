"""``python -m boltseal``."""

from boltseal.cli import main

main()
