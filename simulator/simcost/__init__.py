"""Monte Carlo cost simulator for AI deployments."""
