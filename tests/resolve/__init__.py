"""Tests of boltseal.resolve."""
