"""What ``simcost prune`` tells."""
