"""What a path may be, wherever one is given."""

from __future__ import annotations

import os

PathLike = str | os.PathLike[str]
