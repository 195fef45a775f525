"""Options of the file and `--set`: values of a scenario replaced before it is read."""
