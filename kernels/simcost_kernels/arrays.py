"""Arrays by what they hold, for annotations; what each axis is, the docstring of a function says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]
Whole = NDArray[np.int64]
