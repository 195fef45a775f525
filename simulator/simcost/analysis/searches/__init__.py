"""Figures as functions of one number of the scenario: value by value, or the value that meets a target."""
