"""Risk figures, comparison, drivers, budget."""
