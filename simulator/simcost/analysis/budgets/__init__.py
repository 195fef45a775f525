"""What the simulated futures say about an approved budget: enough or not, when it breaks, and what makes it break."""
