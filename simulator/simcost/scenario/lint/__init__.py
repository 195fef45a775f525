"""What in a valid scenario is probably a mistake: rules with codes, each a small function, and what they find."""
