"""What options and assignments may replace: which sections of a file, and which of their keys."""

from __future__ import annotations

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.schema import CostTable, DiscountingTable, InflationTable, SamplingTable
from simcost.scenario.sections.actuals_schema import ActualsTable
from simcost.scenario.sections.budget_schema import BudgetTable
from simcost.scenario.sections.dependence_schema import FactorTable
from simcost.scenario.tables import Table

SETTINGS: dict[str, type[Table]] = {
    "actuals": ActualsTable,
    "budget": BudgetTable,
    "discounting": DiscountingTable,
    "inflation": InflationTable,
    "sampling": SamplingTable,
}
"""Sections whose keys may be given anew, even where the file has no such section."""

SECTIONS = ("inputs", "drivers", "fx", "cost", "factors", "scenario", *SETTINGS, *BLOCKS)
"""What may be replaced."""

FIXED = ("correlation", "optimize", "stress", "pool")
"""Sections that a file may have, and of which nothing is replaced: what they say goes with the inputs that they name."""

NAMED: dict[str, type[Table]] = {"cost": CostTable, "factors": FactorTable}
"""Sections of tables that have a name, beside the blocks."""

SCENARIO_KEYS = ("months", "start", "view", "fiscal_year_start", "by_month")
"""Keys of [scenario] that may be replaced: another name or currency is another scenario."""

KEYS = {
    "actuals": "through",
    "budget": "approved",
    "discounting": "rate",
    "inflation": "rate",
    "sampling": "scenarios",
    "scenario": "months",
}
"""The key of a section that is meant as a rule where none is named."""
