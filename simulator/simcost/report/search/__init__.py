"""What ``simcost sweep`` and ``simcost seek`` answer."""
