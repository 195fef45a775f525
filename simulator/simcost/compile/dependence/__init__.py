"""Inputs that move together: which, how strongly, and the steps that make them."""
