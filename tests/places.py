"""Where the files lie that tests read, whichever folder a test is in."""

from pathlib import Path

ROOT = Path(__file__).parents[1]

SCENARIOS = ROOT / "scenarios"
"""The library's."""

LIBRARY = sorted(SCENARIOS.glob("*.toml"))

RECOMMENDER = SCENARIOS / "ecommerce_recommender.toml"
"""The largest of them."""
