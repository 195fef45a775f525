"""Distributions as people give them, in canonical form, and what can be said of one without a draw."""
