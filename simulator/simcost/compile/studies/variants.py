"""Several models to be run in the same futures: options of one file, assignments to it, or several files."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.compile.calendar import month_names
from simcost.compile.compiled import compile_scenario
from simcost.errors import UsageError
from simcost.scenario import load
from simcost.scenario.lint.remarks import reviewed
from simcost.scenario.problems import several
from simcost.scenario.scenario import AS_IT_IS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.compile.compiled import Compiled

MOST = 64
"""Models that are run side by side: each holds the totals of a block for every worker."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A model and the name that tells it from the others."""

    name: str
    compiled: Compiled


def variants(paths: Sequence[str], options: Sequence[str], overrides: Sequence[str]) -> tuple[Variant, ...]:
    """Compile what is to be compared, the base first.

    Parameters
    ----------
    paths
        One scenario file, or several.
    options
        Of one file: none for the file as it is and each of its options, one for the file as it is and that one, more for
        these alone. Of several files: none for each as it is, one that each of them has, or one for each in their order.
        ``""`` or ``"as it is"`` is the file as it is.
    overrides
        Assignments that are applied to all of them.

    Raises
    ------
    ScenarioError
        If one of them is invalid.
    UsageError
        If there is nothing to compare, or what there is cannot be compared.
    """
    wanted = _of_files(paths, options) if len(paths) > 1 else [(paths[0], each) for each in _options(paths[0], options)]
    if len(wanted) > MOST:
        message = f"{len(wanted)} models are to be compared, and {MOST} are the most. Name the options with `options`."
        raise UsageError(message)
    names = [option or AS_IT_IS for _, option in wanted]
    if len(paths) > 1:
        names = [f"{file}, {option}" if option else file for file, (_, option) in zip(_file_names(paths), wanted, strict=True)]
    found = tuple(
        Variant(name, compile_scenario(reviewed(load(path, option, tuple(overrides)))))
        for name, (path, option) in zip(names, wanted, strict=True)
    )
    check_comparable(found)
    return found


def check_comparable(found: Sequence[Variant]) -> None:
    """Refuse models whose totals are not of the same months, in the same money, in the same futures.

    Raises
    ------
    UsageError
        With the first difference, and what would mend it.
    """
    first, *others = found
    for other in others:
        for what, remedy, mine, its in _differences(first, other):
            if mine != its:
                message = f'"{first.name}" and "{other.name}" cannot be compared: {what} {mine} and {its}. {remedy}'
                raise UsageError(message)


def told_of(found: Sequence[Variant]) -> tuple[str, ...]:
    """Return what the models warn of, each line once; before one that not all of them have stand the names of those that do."""
    having: dict[str, list[str]] = {}
    for each in found:
        for line in dict.fromkeys(each.compiled.warnings):
            having.setdefault(line, []).append(each.name)
    return tuple(line if len(names) == len(found) else f"{', '.join(names)}: {line}" for line, names in having.items())


def uncommon_points(found: Sequence[Variant]) -> tuple[str, ...]:
    """Warn where models do not share their Sobol' points: a dimension belongs to a place in the model, not to a name."""
    plans = [each.compiled.plan for each in found]
    if plans[0].sampling.method != "sobol" or len({plan.dimensions() for plan in plans}) == 1:
        return ()
    what = "the models draw different inputs, so their Sobol' points are not the same futures and differences are less sharp"
    return (f'{what}. Write sampling.method = "random".',)


def _differences(first: Variant, other: Variant) -> list[tuple[str, str, str, str]]:
    """Return (what, remedy, of the first, of the other) of all that has to be equal."""
    mine, its = first.compiled.scenario, other.compiled.scenario
    starts = month_names(mine)[0], month_names(its)[0]
    methods = mine.sampling.method, its.sampling.method
    replicates = f"{mine.sampling.replicates}", f"{its.sampling.replicates}"
    return [
        ("they are in", "Give both one currency.", mine.currency, its.currency),
        ("they start in", f"Give both one start with `overrides='scenario.start={starts[0]}'`.", *starts),
        (
            "their months are",
            f"Give both as many with `overrides='scenario.months={mine.months}'`.",
            f"{mine.months}",
            f"{its.months}",
        ),
        ("they are sampled by", f"Give both one method with `overrides='sampling.method={methods[0]}'`.", *methods),
        ("their replicates are", f"Give both as many with `overrides='sampling.replicates={replicates[0]}'`.", *replicates),
    ]


def _of_files(paths: Sequence[str], options: Sequence[str]) -> list[tuple[str, str]]:
    """Return each file with its option."""
    if len(options) not in (0, 1, len(paths)):
        message = (
            f'{len(options)} `options` of {len(paths)} files. Give one that all have, or one for each: "{AS_IT_IS}" is none.'
        )
        raise UsageError(message)
    each_one = options if len(options) > 1 else [*(options or [""])] * len(paths)
    return [(path, "" if option == AS_IT_IS else option) for path, option in zip(paths, each_one, strict=True)]


def _options(path: str, options: Sequence[str]) -> tuple[str, ...]:
    for each in options:
        _check_single(each, path)
    options = ["" if each == AS_IT_IS else each for each in options]
    if len(options) > 1:
        twice = [name for name, times in Counter(options).items() if times > 1]
        if twice:
            message = f"`options` {twice[0] or AS_IT_IS} is given twice. Give each option once."
            raise UsageError(message)
        return tuple(options)
    if options:
        return ("", *options)
    names = load(path).options
    if not names:
        message = f"{path}: has no [options] to compare. Add one, such as [options.reserved], or give several files."
        raise UsageError(message)
    return ("", *names)


def _file_names(paths: Sequence[str]) -> list[str]:
    """Return the files' names without folders and ending, or their paths where those are not distinct."""
    stems = [os.path.splitext(os.path.basename(path))[0] for path in paths]  # noqa: PTH119, PTH122 - text as the user gave it
    names = stems if len(set(stems)) == len(stems) else list(paths)
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        message = f"{twice[0]}: is given twice. Give each file once."
        raise UsageError(message)
    return names


def _check_single(option: str, path: str) -> None:
    """Refuse names of several options in the place of one."""
    remedy = several(option, (AS_IT_IS, *load(path).options), "options") if "," in option else ""
    if remedy:
        message = f'no option is named "{option[:64]}". {remedy}'
        raise UsageError(message)
