"""What ``simcost run`` and ``simcost show`` tell of a result."""
