"""What ``simcost compare`` answers."""
