"""What is kept of the columns of a run: moments, extremes and counts, mergeable in any order."""
