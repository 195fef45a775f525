"""GPUs at an uncertain rent: the model of the tests of `sweep` and `seek`, and its figures."""

from __future__ import annotations

from tests.cli.documents import answered

RENT = """\
schema = 1

[scenario]
name     = "Rent"
currency = "CNY"
start    = "2027-01"
months   = 2

[sampling]
scenarios = 5_000
seed      = 11

[inputs]
gpus     = "10 GPU"
price    = "9 to 16 CNY/GPU/month"
discount = "20 to 30 to 45 %"

[drivers]
rent = "gpus * price * (1 - discount)"

[[cost]]
name     = "Rent"
category = "compute"
amount   = "rent"

[budget]
approved   = "250 CNY"
confidence = 0.9
"""


def run_of(call, rent, *words):
    found = answered(call, "run", rent, *words, "-o", "r.h5", "--force")
    return found["total"], found["budget"]["probability_within"]["value"]
