"""Colours that people with any colour vision tell apart, on paper and on a dark screen.

Okabe and Ito, "Color Universal Design", 2008. No chart relies on them alone: lines differ by dashes, marks by shape and label.
"""

from __future__ import annotations

INK = "#1b1b1b"
MUTED = "#5c5c5c"
GRID = "#dcdcdc"
BLUE = "#0072b2"
PALE = "#bcdcf0"
VERMILION = "#c84e00"

ON_DARK = {
    INK: "#ececec",
    MUTED: "#b0b0b0",
    GRID: "#3d3d3d",
    BLUE: "#56b4e9",
    PALE: "#1f4b66",
    VERMILION: "#f58a42",
}
"""What each becomes where the reader has a dark screen."""


def dark_rules() -> str:
    """Return the rules of a style sheet that replace the colours of drawings."""
    return "".join(
        f'.chart [style*="{drawn}: {light}"]{{{drawn}:{dark}!important}}'
        for light, dark in ON_DARK.items()
        for drawn in ("fill", "stroke")
    )
