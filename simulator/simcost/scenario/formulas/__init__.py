"""Formulas of a scenario: `parse` checks the form, `resolve` names and units, `amount` fits a cost line to its time base."""

from __future__ import annotations

from simcost.scenario.formulas.amounts import amount
from simcost.scenario.formulas.grammar import BUILTINS, FUNCTIONS, RESERVED
from simcost.scenario.formulas.inference import infer_unit, resolve
from simcost.scenario.formulas.syntax import FormulaError, Syntax, parse

__all__ = ["BUILTINS", "FUNCTIONS", "RESERVED", "FormulaError", "Syntax", "amount", "infer_unit", "parse", "resolve"]
