"""What has a term: when it begins and ends, what was paid upfront, and sums that were agreed upon."""
