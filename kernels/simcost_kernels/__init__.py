"""The numeric core: numbers in, numbers out; needs NumPy alone."""
