"""What ``simcost drivers`` answers."""
