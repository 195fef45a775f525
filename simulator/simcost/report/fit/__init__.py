"""What ``simcost fit`` answers."""
