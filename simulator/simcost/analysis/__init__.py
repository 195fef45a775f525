"""What runs say: risk figures, budget, comparison, drivers, stress, searches, decisions."""
