"""What ``simcost uncertainty`` answers."""
