"""What ``simcost replay`` answers."""
