"""What people write for amounts: units, quantities, shares, and how they are written elsewhere."""
