"""What ``simcost stress`` answers."""
