"""Answers read back from the documents that `--json` prints."""
