"""How far a sample is from what it should be, in standard errors: what the tests of closed forms judge by."""

import numpy as np

STANDARD_ERRORS = 4.5
"""How many of them a figure may be away. A normal one is farther once in 150,000; some hundreds are compared, seeds fixed."""


def errors_of_mean(sample: np.ndarray, mean: float) -> float:
    """Distance of a sample's mean from the right one, in its standard errors: the sample's deviation over sqrt(n)."""
    return float(abs(sample.mean() - mean) / (sample.std(ddof=1) / np.sqrt(sample.size)))


def errors_of_variance(sample: np.ndarray, variance: float) -> float:
    """Distance of the variance in its standard errors: sqrt((m4 - m2^2) / n)."""
    squares = (sample - sample.mean()) ** 2
    return float(abs(squares.mean() - variance) / (squares.std() / np.sqrt(sample.size)))
