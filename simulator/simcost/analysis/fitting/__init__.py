"""Observed values to the distributions and series of the language, with the evidence for them: arrays in, frozen results out."""
