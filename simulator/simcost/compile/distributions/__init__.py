"""Every distribution as its inverse distribution function at one uniform: steps of a plan, and tables."""
