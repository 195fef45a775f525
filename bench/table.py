"""Write the README's table of speed from bench/records/; nobody types a figure by hand.

python bench/table.py
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from measure import read_record

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- from bench/table.py -->\n", "<!-- end -->"
SCRIPT, WHOLE_SCRIPT = "NumPy script", "NumPy script, all columns"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Markdown, the first column to the left and the others to the right."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def figure(value: float) -> str:
    """Three digits, no more: the fourth changes from run to run."""
    digits = max(0, 2 - len(str(int(value))) + 1) if value >= 1 else 3
    return f"{float(f'{value:.3g}'):,.{digits}f}"


def throughput(record: dict[str, Any]) -> str:
    """Everyone's figures, quickest first; what yields all columns apart, beside the script that does."""
    seconds = {name: median(each["seconds"]) for name, each in record["times"].items() if "alone" not in name}
    every = {name: value for name, value in seconds.items() if name.endswith(", all columns")}
    equal = {name: value for name, value in seconds.items() if name not in every}
    return "\n".join(
        table(
            [head, "ns a scenario", "million a second", "times the script"],
            [
                [name.removesuffix(", all columns"), *rates(value, group[script], record["scenarios"])]
                for name, value in sorted(group.items(), key=lambda item: item[1])
            ],
        )
        for head, group, script in (
            ("32 columns: total, categories, months", equal, SCRIPT),
            ("all columns of `simcost run`", every, WHOLE_SCRIPT),
        )
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


def everything() -> str:
    """What stands between the marks of the README."""
    speed = read_record("throughput")
    about = speed["machine"]
    libraries = ", ".join(f"{name} {number}" for name, number in about.items() if name not in ("cpu", "cores"))
    where = f"{about['cores']} cores of an {about['cpu']}; {libraries}."
    how = f"Medians of runs that take turns, {speed['scenarios']:,} scenarios each."
    parts = [
        f"{where} {how}\n",
        throughput(speed),
        kernels(speed),
        accuracy(read_record("accuracy")),
        whole_process(read_record("whole_process_run")),
        answers(read_record("answers")),
    ]
    return "\n".join(parts)


def written(readme: str) -> str:
    """The README with the table in its place."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        message = f"README.md has no {BEGIN.strip()} with an {END} below it. Put both where the table belongs."
        raise ValueError(message)
    return f"{before}{BEGIN}\n{everything()}\n{end}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
