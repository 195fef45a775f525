"""An empty drawing in the style of all charts, and the text of a finished one."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from simcost.errors import ResultError
from simcost.report.charts.palette import GRID, INK, MUTED
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.3
"""Inches: what A4 leaves between margins of 12 mm."""

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: the reader's fonts draw it, Chinese too
    "svg.hashsalt": "simcost",  # the same names of clip paths each time
    "text.parse_math": False,  # a dollar sign is money
    "font.size": 9.0,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "hatch.color": MUTED,
}

NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
"""Nothing that differs from one drawing to the next, or names an address."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that is drawn.

    Parameters
    ----------
    name
        One word, which begins the identifiers of its SVG.
    title, caption
        What is seen, and how to read it.
    svg
        The drawing.
    """

    name: str
    title: str
    caption: str
    svg: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A chart that is to be drawn.

    Parameters
    ----------
    name, title, caption
        As of the `Chart`.
    told
        What the drawing says, for who does not see it.
    draw
        Draws it, in the style of all charts.
    """

    name: str
    title: str
    caption: str
    told: str
    draw: Callable[[], Figure]


def drawn(asked: Asked) -> Chart:
    """Draw a chart; see `style`."""
    return Chart(asked.name, asked.title, asked.caption, svg_of(asked.draw(), asked.name, asked.title, asked.told))


def require_matplotlib() -> None:
    """Say what to install where it is missing.

    Raises
    ------
    ResultError
        If it is.
    """
    try:
        import matplotlib  # noqa: F401, ICN001 - whether it can be
    except ImportError as error:
        message = (
            'matplotlib is not installed, which draws the charts. Install it with: pip install "simcost[report]", '
            "or leave the charts out: `format='md'`."
        )
        raise ResultError(message) from error


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of all charts, whatever the user's own settings of matplotlib are."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def panels(*heights: float, top: float = 0.34, between: float = 0.2) -> tuple[Figure, list[Axes]]:
    """Return a drawing of panels one below the other, which share the horizontal axis.

    Parameters
    ----------
    heights
        Of each panel, in inches.
    top, between
        Above the first and between two, in inches.
    """
    from matplotlib.figure import Figure

    left, bottom = 0.095, 0.58
    height = top + sum(heights) + between * (len(heights) - 1) + bottom
    figure = Figure(figsize=(WIDTH, height))
    axes: list[Axes] = []
    above = top
    for each in heights:
        place = (left, 1 - (above + each) / height, 0.985 - left, each / height)
        axes.append(figure.add_axes(place, sharex=axes[0] if axes else None))
        above += each + between
    for upper in axes[:-1]:
        upper.tick_params(labelbottom=False)
    return figure, axes


def svg_of(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a drawing as SVG to stand within a page: identifiers of its own, no address, what a screen reader tells."""
    file = StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)  # the reader's has it
        figure.savefig(file, format="svg", metadata=NO_METADATA, transparent=True)
    text = file.getvalue()
    view = re.search(r'viewBox="[^"]*"', text)
    body = text[text.index(">", text.index("<svg ")) + 1 :]
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = body.replace("url(#", f"url(#{name}-").replace('xlink:href="#', f'href="#{name}-')
    body = re.sub(r"font-family: [^;\"]*(; )?", "", body)
    labels = f'role="img" aria-labelledby="{name}-title {name}-description"'
    told = (
        f'<title id="{name}-title">{escape(printable(title))}</title>'
        f'<desc id="{name}-description">{escape(printable(description))}</desc>'
    )
    return f"<svg {view[0] if view else ''} {labels}>{told}{body.strip()}"
