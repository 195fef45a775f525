"""How many devices a pool has: what one of them serves, and hours of the day."""
