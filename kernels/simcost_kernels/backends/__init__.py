"""What runs a Plan: the reference on NumPy, and the compiled ones."""
