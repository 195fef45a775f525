"""What ``simcost optimize`` answers."""
