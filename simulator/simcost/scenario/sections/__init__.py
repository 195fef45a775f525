"""The sections of a scenario file, each from its tables to what the compiler takes."""
