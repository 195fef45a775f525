"""A scenario file as text: read, located, explained, written."""
