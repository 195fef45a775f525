"""What to decide so that a figure of the total is small: the search, its trials, and what is told of the optimum."""
