"""Cost blocks: what people know of clouds, teams and festivals, each expanded to inputs, drivers and cost lines."""
