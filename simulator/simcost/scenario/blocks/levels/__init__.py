"""What the level of a series may follow: percentiles, processes, regimes, history."""
