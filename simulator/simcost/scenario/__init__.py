"""TOML to Scenario: schema, units, formulas, distributions as the user writes them."""
