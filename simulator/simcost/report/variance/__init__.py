"""What ``simcost variance`` answers."""
