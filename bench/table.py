"""Write the tables of speed from bench/records/, the main ones into README.md, all into bench/README.md; nobody types a figure.

python bench/table.py
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from measure import read_record

if TYPE_CHECKING:
    from collections.abc import Callable

BENCH = Path(__file__).parent
BEGIN, END = "<!-- from bench/table.py -->\n", "<!-- end -->"
SCRIPT, EVERY = "NumPy script", ", all columns"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Markdown, the first column to the left and the others to the right."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def figure(value: float) -> str:
    """Three digits, no more: the fourth changes from run to run."""
    digits = max(0, 2 - len(str(int(value))) + 1) if value >= 1 else 3
    return f"{float(f'{value:.3g}'):,.{digits}f}"


def equal_work(record: dict[str, Any]) -> str:
    """Everyone's figures for the columns that all yield, quickest first."""
    seconds = medians(record)
    return speeds("32 columns: total, categories, months", {n: s for n, s in seconds.items() if not n.endswith(EVERY)}, record)


def every_column(record: dict[str, Any]) -> str:
    """What yields all columns, beside the script that does."""
    seconds = {n.removesuffix(EVERY): s for n, s in medians(record).items() if n.endswith(EVERY)}
    return speeds("all columns of `simcost run`", seconds, record)


def medians(record: dict[str, Any]) -> dict[str, float]:
    return {name: median(each["seconds"]) for name, each in record["times"].items() if "alone" not in name}


def speeds(head: str, seconds: dict[str, float], record: dict[str, Any]) -> str:
    """A row for each, quickest first, beside the NumPy script among them."""
    rows = sorted(seconds.items(), key=lambda item: item[1])
    return table(
        [head, "ns a scenario", "million a second", "times the script"],
        [[name, *rates(value, seconds[SCRIPT], record["scenarios"])] for name, value in rows],
    )


def kernels(record: dict[str, Any]) -> str:
    """The 32 columns alone, nothing summarised, quickest first."""
    seconds = {name: median(each["seconds"]) for name, each in record["times"].items() if ", kernel alone" in name}
    rows = [
        [name.replace(", kernel alone", ""), figure(value / record["scenarios"] * 1e9)]
        for name, value in sorted(seconds.items(), key=lambda item: item[1])
        if "all columns" not in name
    ]
    return table(["kernels alone, 32 columns", "ns a scenario"], rows)


def rates(seconds: float, script: float, n: int) -> list[str]:
    return [figure(seconds / n * 1e9), figure(n / seconds / 1e6), figure(script / seconds)]


def accuracy(record: dict[str, Any]) -> str:
    rows = sorted(record["answers"].items(), key=lambda item: item[1]["seconds"])
    head = f"P95 of the total within {record['target']:.1%}"
    return table([head, "scenarios", "seconds"], [[name, f"{a['scenarios']:,}", figure(a["seconds"])] for name, a in rows])


def whole_process(record: dict[str, Any]) -> str:
    rows = record["costs"].items()
    head = "a million scenarios, from the shell to the written file"
    return table([head, "seconds", "MB"], [[name, figure(cost["seconds"]), f"{cost['peak_mb']:,.0f}"] for name, cost in rows])


def answers(record: dict[str, Any]) -> str:
    """Each answer beside a plain run."""
    head = f"answers from {record['scenarios']:,} scenarios each, from the shell"
    rows = record["costs"].items()
    return table([head, "seconds", "MB"], [[name, figure(cost["seconds"]), f"{cost['peak_mb']:,.0f}"] for name, cost in rows])


def machine() -> str:
    speed = read_record("throughput")
    about = speed["machine"]
    libraries = ", ".join(f"{name} {number}" for name, number in about.items() if name not in ("cpu", "cores"))
    where = f"{about['cores']} cores of an {about['cpu']}; {libraries}."
    return f"{where} Medians of runs that take turns, {speed['scenarios']:,} scenarios each.\n"


def main_tables() -> str:
    """What stands between the marks of README.md."""
    return "\n".join([machine(), equal_work(read_record("throughput")), whole_process(read_record("whole_process_run"))])


def all_tables() -> str:
    """What stands between the marks of bench/README.md."""
    speed = read_record("throughput")
    parts = [equal_work(speed), every_column(speed), kernels(speed), accuracy(read_record("accuracy"))]
    parts += [whole_process(read_record("whole_process_run")), answers(read_record("answers"))]
    return "\n".join([machine(), *parts])


PAGES: dict[Path, Callable[[], str]] = {BENCH.parent / "README.md": main_tables, BENCH / "README.md": all_tables}


def written(page: Path, text: str) -> str:
    """The text of a page with its tables in their place."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        message = f"{page.name} has no {BEGIN.strip()} with an {END} below it. Put both where the tables belong."
        raise ValueError(message)
    return f"{before}{BEGIN}\n{PAGES[page]()}\n{end}{after}"


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(written(each, each.read_text("utf-8")), "utf-8")
