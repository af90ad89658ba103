"""The checks: one module each, listed in ``boltseal_rules.knowledge``."""
