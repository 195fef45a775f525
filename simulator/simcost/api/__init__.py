"""What simcost does, for the command line and for notebooks: a function for each command, a module for each family of them.

Every function here is also an attribute of the package: ``import simcost; simcost.run("scenario.toml")``.
"""

from __future__ import annotations

from simcost.api.budgets import budget as budget
from simcost.api.comparisons import compare as compare
from simcost.api.fits import fit as fit
from simcost.api.influences import drivers as drivers
from simcost.api.influences import stress as stress
from simcost.api.optimizations import optimize as optimize
from simcost.api.recomputing import replay as replay
from simcost.api.recomputing import verify as verify
from simcost.api.reports import page as page
from simcost.api.results import export as export
from simcost.api.results import open_result as open_result
from simcost.api.results import prune as prune
from simcost.api.results import show as show
from simcost.api.reviews import lint as lint
from simcost.api.runs import run as run
from simcost.api.scenarios import compile as compile  # noqa: A004 - api.compile(...)
from simcost.api.scenarios import expand as expand
from simcost.api.scenarios import load as load
from simcost.api.scenarios import validate as validate
from simcost.api.searches import seek as seek
from simcost.api.searches import sweep as sweep
from simcost.api.uncertainties import uncertainty as uncertainty
from simcost.api.variances import variance as variance
