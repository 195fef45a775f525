"""What a figure of the total is called in tables."""


def figure_label(figure: str) -> str:
    """Say P95 for ``p95``, and what CVaR is for ``cvar95``."""
    return {"mean": "mean", "cvar95": "mean of the worst 5 %"}.get(figure, figure.upper())
