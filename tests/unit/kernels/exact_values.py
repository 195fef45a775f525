"""Values to as many digits as mpmath is set to, and uniforms at which to compare with them."""

import mpmath
import numpy as np

JOINT = 0.5 - 0.4841229182759271
"""Where the normal quantile's tail begins."""

NORMAL_QUANTILE_BOUND = 5e-16

exact = np.vectorize(lambda function, x: function(mpmath.mpf(float(x))), otypes=[object])


def relative_error(got, function, x):
    """Largest |got / function(x) - 1| with the function evaluated to 40 digits."""
    truth = exact(function, x)
    return max(float(abs(mpmath.mpf(float(g)) - t) / abs(t)) if t else float(abs(g)) for g, t in zip(got, truth, strict=True))


def grid_of_uniforms():
    """From 2**-53 to 1 - 2**-53, dense near both ends, the middle and the joints of the formulas."""
    lower = np.concatenate(
        [
            2.0 ** -np.arange(1.02, 53.0, 0.11),
            [2.0**-53, 1.5 * 2.0**-53, JOINT, np.nextafter(JOINT, 0), np.nextafter(JOINT, 1)],
            0.5 - 2.0 ** -np.arange(2.0, 53.0),
            np.random.default_rng(1).random(1000) / 2,
        ]
    )
    return np.concatenate([lower, 1.0 - lower])
