"""What ``simcost validate`` tells: how a scenario was understood."""
