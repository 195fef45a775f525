"""What a block's page writes with: its table of keys, its writer, what it asks of values and rows."""
