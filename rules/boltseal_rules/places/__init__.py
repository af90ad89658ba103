"""The places: one module each, listed in ``boltseal_rules.knowledge``."""
