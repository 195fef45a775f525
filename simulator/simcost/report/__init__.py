"""Tables and charts of a result."""
