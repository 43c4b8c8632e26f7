"""Likelihoods that experiments published, one folder each. A folder is read when its measurement is asked for."""

BELLE2_2025 = "belle2_2025_BpKnunu"
"""The measurement that is the published likelihood of Belle II, see `belle2_2025.BelleII2025Likelihood`."""
