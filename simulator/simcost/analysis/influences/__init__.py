"""What moves the total: drivers, shares of variance, stresses."""
