"""Print the coefficients of `elementary.normal_quantile`: best rational approximations, by Remez's algorithm with 60 digits.

    python bench/normal_coefficients.py

Both are best in the relative error: its extremes are of one size and alternate in sign, as many as there are coefficients and one
more. Source: Cody, Fraser, Hart 1968, "Rational Chebyshev approximation using linear equations", Numerische Mathematik 12. Three
seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import mpmath
from measure import parser
from mpmath import mp, mpf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DIGITS = 60
LEAST = 0.015625
"""Of u (1 - u), in the centre: 1/64."""

SUBTRACTED = 2.5
"""What the centre adds to its fraction: near the quotient's value at 1/2, the square root of 2 pi, so that the rounding of the
fraction counts for little there."""

ROOT_FROM, ROOT_TO = 2.0, 27.4
"""Of sqrt(-log p), in the tails: p from 0.018 down to the smallest of all float64."""

ROUNDS, STEPS = 15, 10
LEVEL = 1e-3
"""How much the largest extreme may exceed the smallest, as a share."""


@dataclass(frozen=True)
class Fraction:
    """A quotient of two polynomials; coefficients from the constant one on, the denominator's last one being 1."""

    numerator: tuple[Any, ...]
    denominator: tuple[Any, ...]

    def at(self, x: Any) -> Any:
        """Return the value."""
        return value(self.numerator, x) / value(self.denominator, x)


def value(coefficients: Sequence[Any], x: Any) -> Any:
    """Return a polynomial's value by Horner's rule."""
    total = mpf(0)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def best(wanted: Callable[[Any], Any], place: Callable[[Any], Any], degrees: tuple[int, int]) -> tuple[Fraction, Any]:
    """Return the fraction of least relative error, and that error.

    Parameters
    ----------
    wanted
        The function.
    place
        From -1 to 1 to the interval, growing: extremes are looked for at steps of this one's argument.
    degrees
        Of the numerator and the denominator.
    """
    count = sum(degrees) + 2
    points = [-mpmath.cos(mp.pi * i / (count - 1)) for i in range(count)]
    known: dict[Any, Any] = {}

    def truth(t: Any) -> Any:
        if t not in known:
            known[t] = wanted(place(t))
        return known[t]

    for _ in range(ROUNDS):
        fraction, error = levelled([(place(t), truth(t)) for t in points], degrees)
        points, largest = extremes(lambda t: fraction.at(place(t)) / truth(t) - 1, points)  # noqa: B023 - used at once
        if largest <= abs(error) * (1 + LEVEL):
            return fraction, largest
    message = "no best approximation found"
    raise ArithmeticError(message)


def levelled(points: Sequence[tuple[Any, Any]], degrees: tuple[int, int]) -> tuple[Fraction, Any]:
    """Return the fraction whose relative error at the points is of one size and of alternating sign, and that error."""
    count, (above, below) = len(points), degrees
    error, numerator, denominator = mpf(0), [], [mpf(1)]
    for _ in range(30):
        rows, right = mpmath.matrix(count, count), mpmath.matrix(count, 1)
        for i, (x, truth) in enumerate(points):
            sign = (-1) ** i
            aim = truth * (1 + sign * error)
            for k in range(above + 1):
                rows[i, k] = x**k
            for k in range(1, below + 1):
                rows[i, above + k] = -aim * x**k
            rows[i, count - 1] = -sign * truth * value(denominator, x)
            right[i] = aim
        found = mpmath.lu_solve(rows, right)
        numerator, denominator = found[: above + 1], [mpf(1), *found[above + 1 : above + below + 1]]
        error += found[count - 1]
        if abs(found[count - 1]) < abs(error) * 1e-6:
            break
    scale = denominator[-1]
    return Fraction(tuple(c / scale for c in numerator), tuple(c / scale for c in denominator)), error


def extremes(error: Callable[[Any], Any], points: Sequence[Any]) -> tuple[list[Any], Any]:
    """Return where an error is extreme between its changes of sign, as many places as there were, and its largest size."""
    steps = [begin + (end - begin) * j / STEPS for begin, end in pairwise(points) for j in range(STEPS)]
    grid = sorted({mpf(-1), *steps, points[-1], mpf(1)})
    errors = [error(t) for t in grid]
    found = [0]
    for i, each in enumerate(errors):
        if mpmath.sign(each) != mpmath.sign(errors[found[-1]]):
            found.append(i)
        elif abs(each) > abs(errors[found[-1]]):
            found[-1] = i
    if len(found) < len(points):
        message = "the error changes its sign too rarely"
        raise ArithmeticError(message)
    while len(found) > len(points):
        del found[0 if abs(errors[found[0]]) < abs(errors[found[-1]]) else -1]
    return [_vertex(grid, errors, i) for i in found], max(abs(each) for each in errors)


def _vertex(grid: Sequence[Any], errors: Sequence[Any], i: int) -> Any:
    """Return where the parabola through three neighbours is extreme."""
    if not 0 < i < len(grid) - 1:
        return grid[i]
    (a, b, c), (x, y, z) = grid[i - 1 : i + 2], errors[i - 1 : i + 2]
    left, right = (y - x) / (b - a), (z - y) / (c - b)
    return (a + b) / 2 - left * (c - a) / (2 * (right - left)) if right != left else b


def centre(degrees: tuple[int, int] = (10, 10)) -> tuple[Fraction, Any]:
    """Return z / (u - 1/2) as a function of u (1 - u) - 1/64, less `SUBTRACTED`, and the error of the whole."""
    most = mpf("0.25")

    def quotient(r: Any) -> Any:
        distance = mpmath.sqrt(abs(most - LEAST - r))
        return mpmath.sqrt(2) * mpmath.erfinv(2 * distance) / distance if distance > 1e-20 else mpmath.sqrt(2 * mp.pi)

    whole, error = best(quotient, lambda t: LEAST * (most / LEAST) ** ((t + 1) / 2) - LEAST, degrees)
    rest = (a - SUBTRACTED * b for a, b in zip(whole.numerator, whole.denominator, strict=True))
    return Fraction(tuple(rest), whole.denominator), error


def tail() -> tuple[Fraction, Any]:
    """Return -z, less sqrt(-log p), as a function of sqrt(-log p) - 2, and the error of the whole."""
    ends = [1 / mpmath.sqrt(x) for x in (ROOT_FROM, ROOT_TO)]
    whole, error = best(
        lambda r: tail_score(ROOT_FROM + r), lambda t: (ends[0] + (ends[1] - ends[0]) * (t + 1) / 2) ** -2 - ROOT_FROM, (10, 9)
    )
    shifted = zip((0, *whole.denominator), (*whole.denominator, 0), strict=True)
    rest = (a - (higher + ROOT_FROM * same) for a, (higher, same) in zip(whole.numerator, shifted, strict=True))
    return Fraction(tuple(rest), whole.denominator), error


def tail_score(root: Any) -> Any:
    """Return the score beyond which exp(-root^2) of a standard normal lies, by Newton's method on the logarithm."""
    z = mpmath.sqrt(2) * root
    for _ in range(60):
        beyond = mpmath.erfc(z / mpmath.sqrt(2)) / 2
        step = (mpmath.log(beyond) + root * root) * beyond * mpmath.sqrt(2 * mp.pi) * mpmath.exp(z * z / 2)
        z += step
        if abs(step) < mpf(10) ** (15 - DIGITS) * z:
            return z
    message = "Newton's method did not settle"
    raise ArithmeticError(message)


def main() -> None:
    parser(__doc__, repeats=0).parse_args()
    with mpmath.workdps(DIGITS):
        for name, (fraction, error) in (("centre", centre()), ("tail", tail())):
            print(f"{name}: largest relative error {mpmath.nstr(error, 3)}")
            for kind, coefficients in (("numerator", fraction.numerator), ("denominator", fraction.denominator)):
                print(f"  {kind}, from the highest power: {', '.join(repr(float(c)) for c in reversed(coefficients))}")


if __name__ == "__main__":
    main()
