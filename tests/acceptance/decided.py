"""Models whose best decision is known in closed form, and what `optimize` answers of them."""

from __future__ import annotations

from simcost import api
from simcost.analysis.optimize import optimum

HEAD = """
schema = 1
scenario = { name = "Newsvendor", currency = "CNY", start = "2027-01", months = 1 }
sampling = { scenarios = 100_000, seed = 7 }
"""

NEWSVENDOR = (
    HEAD
    + """
[inputs]
reserved  = "50 GPU"
price     = "100 CNY/GPU/month"
burst     = "400 CNY/GPU/month"
tolerated = "30 GPU"
demand    = { normal = { mean = 100, sd = 20 }, unit = "GPU" }
[drivers]
short = "max(demand - reserved, 0)"
[[cost]]
name = "Reserved"
category = "compute"
amount = "reserved * price"
[[cost]]
name = "Burst"
category = "compute"
amount = "short * burst"
[optimize]
[[optimize.decision]]
set  = "inputs.reserved"
from = "0 GPU"
to   = "300 GPU"
"""
)


def solved(tmp_path, text, **choices):
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return api.optimize(path, backend="reference", workers=1, **choices).optimum


def value(text):
    return float(text.split()[0].replace(",", ""))


TWO = (
    HEAD
    + """
[inputs]
ranking  = "10 GPU"
chat     = "10 GPU"
r_price  = "100 CNY/GPU/month"
r_burst  = "250 CNY/GPU/month"
c_price  = "300 CNY/GPU/month"
c_burst  = "900 CNY/GPU/month"
r_demand = { normal = { mean = 200, sd = 30 }, unit = "GPU" }
c_demand = { lognormal = { median = 40, sd_log = 0.5 }, unit = "GPU" }
[[cost]]
name = "Ranking"
category = "compute"
amount = "ranking * r_price + max(r_demand - ranking, 0) * r_burst"
[[cost]]
name = "Chat"
category = "compute"
amount = "chat * c_price + max(c_demand - chat, 0) * c_burst"
[optimize]
[[optimize.decision]]
set  = "inputs.ranking"
from = "0 GPU"
to   = "400 GPU"
step = "1 GPU"
[[optimize.decision]]
set  = "inputs.chat"
from = "0 GPU"
to   = "200 GPU"
step = "1 GPU"
"""
)


def searched(tmp_path, text, patch, **choices):
    """Search as if no answer were a quantile; return the optimum and the figures of all trials."""
    figures = []
    with patch.context() as patched:
        patched.setattr(optimum, "critical_ratios", lambda _: None)
        found = solved(tmp_path, text, progress=lambda trial, _: figures.append(trial.objective), **choices)
    return found, figures
