"""Plan, range and back end to blocks, and blocks to sinks."""
