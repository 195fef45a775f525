"""The rival on a GPU: ``numpy_script.py`` as CuPy runs it, whole vectors, the same functions with ``np`` bound to CuPy.

``cupy.random.default_rng`` lacks triangular variables and choices with weights, so ``cupy.random.RandomState`` draws everything.
Percentiles are CuPy's, column by column: sorting all at once needs several times their memory.

    python bench/rivals/cupy_script.py -n 10_000_000
"""

from importlib import import_module
from types import FunctionType, SimpleNamespace

import numpy_script
from total import main

OWN = [each for each in vars(numpy_script).values() if isinstance(each, FunctionType) and each.__module__ == "numpy_script"]
"""All functions of the script: one that stayed with NumPy would be given arrays that NumPy does not know."""


class Generator:
    """The generator's methods that the script calls, by a RandomState."""

    def __init__(self, state):
        self.standard_normal, self.beta, self.gamma = state.standard_normal, state.beta, state.gamma
        self.triangular, self.uniform, self.normal, self.poisson = state.triangular, state.uniform, state.normal, state.poisson
        self.random = state.random_sample

    def choice(self, values, n, p):
        """Values with weights by comparing one uniform: the library's own needs several times its output."""
        u, picked, below = self.random(n), 0.0, 0.0
        for value, weight in zip(values, p, strict=True):
            picked = picked + value * ((u >= below) & (u < below + weight))
            below += weight
        return picked


def bound(library):
    """Return the script's functions with another array library: anything with NumPy's names and ``random.RandomState``."""
    arrays = SimpleNamespace(**{name: getattr(library, name) for name in ("ceil", "exp", "log", "maximum", "pi", "sin", "sqrt")})
    arrays.where, arrays.zeros = library.where, library.zeros
    arrays.random = SimpleNamespace(default_rng=lambda seed: Generator(library.random.RandomState(seed)))
    functions = dict(vars(numpy_script), np=arrays)
    for each in OWN:
        functions[each.__name__] = FunctionType(each.__code__, functions, each.__name__, each.__defaults__)
    return SimpleNamespace(**{each.__name__: functions[each.__name__] for each in OWN})


def figures(n, seed, arrays=None):
    """Percentiles of total, categories, months and cumulative months, float64 (7, 32), on the host."""
    library = import_module("cupy") if arrays is None else arrays
    script = bound(library)
    lines, months = script.simulate(n, seed)
    categories, cumulative = script.group(lines, 0), library.cumsum(months, axis=0)
    columns = [cumulative[-1], *(categories[name] for name in numpy_script.CATEGORIES), *months, *cumulative]
    found = library.stack([library.percentile(column, numpy_script.PERCENTILES) for column in columns], axis=1)
    return found.get() if hasattr(found, "get") else found


if __name__ == "__main__":
    main(figures)
