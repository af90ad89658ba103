"""The documentation of each rule, one module each, named like its check in ``checks/``."""
