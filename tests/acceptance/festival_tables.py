"""Tables of festivals, and the months in which tests hold them."""

HEAD = """schema = 1
[scenario]
name = "Festivals"
currency = "CNY"
start = "2027-10"
months = {months}
"""


def festival(name: str, month: int, starts: object, days: object, uplift: object, elastic: float = 0.0) -> str:
    """The table of a festival."""
    window = days if isinstance(days, str) else f"{days} day"
    lines = (
        f'name = "{name}"',
        f"month = {month}",
        f"starts = {_text(starts)}",
        f'days = "{window}"',
        f"uplift = {_text(uplift)}",
    )
    return "\n".join(["[[festivals]]", *lines, *([f"elastic = {elastic}"] if elastic else [])])


def _text(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value}"
