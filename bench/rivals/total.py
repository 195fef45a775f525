"""The command line of the rivals that are not scripts of their own: the percentiles of the total."""

import argparse
import json

from numpy_script import PERCENTILES


def main(figures):
    """Print the total of ``figures(n, seed)``, whose first column it is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", "--scenarios", type=lambda text: int(text.replace("_", "")), default=1_000_000)
    parser.add_argument("--seed", type=int, default=20270101)
    options = parser.parse_args()
    total = figures(options.scenarios, options.seed)[:, 0].round().tolist()
    print(json.dumps({"scenarios": options.scenarios, "total": dict(zip([f"p{p}" for p in PERCENTILES], total, strict=True))}))
