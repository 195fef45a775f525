"""Scenario to Plan."""
