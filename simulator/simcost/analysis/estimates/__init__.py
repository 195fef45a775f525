"""Figures of one simulated column, with intervals: quantiles, shares, tail means."""
