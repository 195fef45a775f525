"""What is asked of the operating system: memory, processes, a private folder."""
