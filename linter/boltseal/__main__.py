"""``python -m boltseal``."""

from boltseal.start import main

main()
