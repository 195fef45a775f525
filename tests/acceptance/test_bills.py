"""Bills in the place of the forecast: against sums by hand, and against the same run without them in every open month."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simcost
from simcost.errors import ScenarioError

N = 500
FILE = """schema = 1
[scenario]
name = "Bills to February"
currency = "CNY"
start = "2027-01"
months = 4
by_month = ["line", "category", "owner"]
[inputs]
gpus = "10 GPU"
price = "9 to 16 CNY/GPU/hour"
rent = "500 CNY/month"
load = { normal = { mean = 1, sd = 0.1 }, unit = "1", draw = "month" }
licence = "5_000 CNY"
[inflation]
rate = "12 %"
[[cost]]
name = "GPUs"
category = "compute"
owner = "search"
amount = "gpus * price * load"
[[cost]]
name = "Rent"
category = "office"
amount = "rent"
[[cost]]
name = "Licence"
category = "software"
every = "once"
month = 2
amount = "licence"
[[compute]]
name = "Ranking"
owner = "ranking"
demand = "910 request/s"
throughput = "100 request/s/GPU"
utilization = "50 %"
price = "10 CNY/GPU/hour"
[budget]
approved = "100_000 CNY"
[actuals]
file = "bills.csv"
"""
BILLS = """month,line,category,owner,amount
2027-01,GPUs,compute,search,"70,000"
2027-01,GPUs,,,500.25
2027-02,GPUs,,,-1000
2027/2/28,Ranking,,,"¥130,000"
2027-02,Travel,people,,300
2027-02,,office,,520
合计,,,,0
"""
BILLED = {
    "line": {
        "GPUs": [70_500.25, -1_000],
        "Ranking": [0, 130_000],
        "Travel": [0, 300],
        "office: billed": [0, 520],
        "Rent": [0, 0],
        "Licence": [0, 0],
        "Ranking: busy": [0, 0],
        "Ranking: headroom": [0, 0],
    },
    "category": {"compute": [70_500.25, 129_000], "office": [0, 520], "software": [0, 0], "people": [0, 300]},
    "owner": {"search": [70_500.25, -1_000], "ranking": [0, 130_000], "(no owner)": [0, 820]},
}


def write(folder: Path, bills: str = BILLS, more: str = "") -> Path:
    (folder / "bills.csv").write_text(bills, encoding="utf-8")
    path = folder / "plan.toml"
    path.write_text(FILE + more, encoding="utf-8")
    return path


def by_month(path: Path, *overrides: str) -> dict[str, dict[str, np.ndarray]]:
    """Return what each line, category and owner costs in each month and scenario, (months, N)."""
    output = path.with_name("r.h5")
    result = simcost.run(path, n=N, overrides=overrides, keep="all", output=output, force=True, backend="reference")
    samples = result.to_xarray("samples")
    return {
        group: {str(name): samples[f"{group}_by_month_cost"].sel({group: name}).values for name in samples[group].values}
        for group in BILLED
    }


def test_bills_stand_in_closed_months_and_no_other_month_has_another_bit(tmp_path: Path) -> None:
    path = write(tmp_path)
    found, plan = by_month(path), by_month(path, "actuals.through=2026-12")
    for group, names in BILLED.items():
        assert found[group].keys() == names.keys()
        for name, bills in names.items():
            months = found[group][name]
            assert (months[:2] == np.array(bills)[:, None]).all(), name
            forecast = plan[group].get(name, np.zeros_like(months))
            assert np.array_equal(months[2:], forecast[2:])
            assert name in ("Travel", "Ranking", "office: billed", "people") or not np.array_equal(months[:2], forecast[:2])


def test_what_is_closed_goes_by_through(tmp_path: Path) -> None:
    path = write(tmp_path)
    january, plan = by_month(path, "actuals.through=2027-01"), by_month(path, "actuals.through=2026-12")
    assert (january["line"]["GPUs"][0] == 70_500.25).all()
    assert np.array_equal(january["line"]["GPUs"][1:], plan["line"]["GPUs"][1:])
    assert "Travel" not in january["line"]
    warnings = simcost.load(path, overrides=["actuals.through=2027-01"]).warnings
    later = "bills after {}, the last month that is closed: left out"
    assert warnings == (
        f"4 {later.format('2027-01')}",
        "no bill in the closed months, and so no cost in them: Rent, Ranking",  # the licence is paid in February
    )
    assert simcost.load(path).warnings == (
        "billed without a cost line of that name in the file: Travel",
        "no bill in the closed months, and so no cost in them: Licence",
    )
    assert simcost.load(path, overrides=["actuals.through=2026-12"]).warnings == (f"6 {later.format('2026-12')}",)


def test_what_the_last_closed_month_lacks_of_all_before_it_is_told(tmp_path: Path) -> None:
    bills = "month,line,amount\n2027-01,GPUs,1\n2027-01,Rent,2\n2027-02,GPUs,3\n2027-02,Rent,4\n2027-03,Rent,5\n"
    path = write(tmp_path, bills + "2027-01,Ranking: busy,0\n2027-02,Licence,6\n")
    told = "billed in each month before 2027-03, the last that is closed, and not in it: GPUs"
    assert simcost.load(path).warnings == (told,)
    assert simcost.load(path, overrides=["actuals.through=2027-02"]).warnings == (
        "1 bill after 2027-02, the last month that is closed: left out",
    )


def test_the_very_same_bill_again_is_told_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, BILLS + "2027-02,Travel,people,,300\n2027-01,Travel,people,,300\n2027-02,Rent,,,0\n2027-02,Rent,,,0\n")
    (again,) = [warning for warning in simcost.load(path).warnings if "again" in warning]
    assert again == f"the very same bill stands there again, and each counts: line {len(BILLS.splitlines()) + 1}"
    assert (by_month(path)["line"]["Travel"][:2] == np.array([[300.0], [600.0]])).all()
    assert not any("again" in warning for warning in simcost.load(write(tmp_path)).warnings)


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    path = write(tmp_path, BILLS.replace("month,line,category,owner,amount", "账期,服务,类别,owner,金额"))
    named = ['actuals.month="账期"', 'actuals.line="服务"', 'actuals.category="类别"', 'actuals.amount="金额"']
    other = write(tmp_path / "other") if (tmp_path / "other").mkdir() is None else path
    with_names, plain = by_month(path, *named), by_month(other)
    assert all(np.array_equal(with_names["line"][name], months) for name, months in plain["line"].items())


def test_the_budget_is_that_of_what_was_billed_and_what_is_left(tmp_path: Path) -> None:
    path = write(tmp_path)
    result = simcost.run(path, n=N, keep="all", output=tmp_path / "r.h5", backend="reference")
    months = result.samples("month")
    assert (months[:2] == np.array([70_500.25, 129_820.0])[:, None]).all()
    assert result.figures.months[1].cumulative.percentile(95).value == 200_320.25
    assert result.figures.budget is not None
    assert [each.value for each in result.figures.budget.p_breach_by_month] == [0, 1, 1, 1]
    assert simcost.verify(result.path, data=tmp_path).passed
    again = simcost.open_result(result.path)
    assert (again.scenario.billed_to, again.document()["scenario"]["billed_to"]) == ("2027-02", "2027-02")
    assert str(again).startswith("Bills to February: 4 months from 2027-01, in CNY, billed to 2027-02")
    assert "in CNY, billed to 2027-02" in simcost.page(result.path, format="md")
    plan = simcost.run(path, n=9, overrides=["actuals.through=2026-12"], output=tmp_path / "p.h5", backend="reference")
    assert (plan.scenario.billed_to, plan.document()["scenario"]["billed_to"]) == ("", None)
    (tmp_path / "bills.csv").write_text(BILLS.replace("520", "521"), encoding="utf-8")
    with pytest.raises(simcost.ResultError, match="data files"):
        simcost.verify(result.path, data=tmp_path)


def test_payments_that_belong_to_other_months_stay_in_the_amortised_view(tmp_path: Path) -> None:
    servers = """[[cost]]
name = "Servers"
category = "machines"
every = "once"
amount = "6 * licence"
view = "cash"
[[cost]]
name = "Share of servers"
category = "machines"
amount = "licence * 1.5 / wait"
view = "amortised"
[inputs.wait]
value = "1 month"
"""
    bills = BILLS + "2027-01,Servers,,,31000\n"
    path = write(tmp_path, bills, servers)
    result = simcost.run(path, n=3, keep="all", output=tmp_path / "r.h5", backend="reference")
    samples = result.to_xarray("samples")
    cash = samples.line_by_month_cost.sel(line="Servers").values
    share = samples.amortised_line_by_month_cost.sel(amortised_line="Share of servers").values
    assert cash.tolist() == [[31_000.0] * 3, [0.0] * 3, [0.0] * 3, [0.0] * 3]
    assert (share == 7_500).all()


RESERVED = """[[commitments]]
name = "Reserved"
category = "machines"
quantity = "4 GPU"
use = "gpus"
upfront = "6_000 CNY/GPU"
list_price = "9 CNY/GPU/hour"
term = 4
"""
TWICE = "the amortised view counts Reserved: used, Reserved: unused beside the bills of {}: name its lines in them"


@pytest.mark.parametrize(
    ("bill", "counted_twice"),
    [
        (",machines", "machines: billed"),
        ("Reserved,", "Reserved"),
        ("Reserved: upfront,", ""),
        (",compute", ""),
    ],
)
def test_what_the_amortised_view_counts_beside_the_bill_of_a_whole_block_is_told(
    tmp_path: Path, bill: str, counted_twice: str
) -> None:
    path = write(tmp_path, BILLS + f"2027-01,{bill},,24000\n", RESERVED)
    result = simcost.run(path, n=3, keep="all", output=tmp_path / "r.h5", backend="reference")
    said = [warning for warning in result.figures.warnings if "amortised" in warning]
    assert said == [TWICE.format(counted_twice)] * bool(counted_twice)
    january = result.to_xarray("samples").amortised_line_by_month_cost.values[:, 0, 0].sum()
    in_both_views = 0 if "upfront" in bill else 24_000
    spread = 24_000 * 31 / (31 + 28 + 31 + 30)
    assert january == pytest.approx(70_500.25 + spread + in_both_views, rel=1e-12)


@pytest.mark.parametrize(("view", "line", "alone"), [("cash", "used", "amortised"), ("amortised", "upfront", "cash")])
def test_a_bill_that_the_view_of_the_file_does_not_count_is_told(tmp_path: Path, view: str, line: str, alone: str) -> None:
    path = write(tmp_path, BILLS + f"2027-01,Reserved: {line},,,24000\n", RESERVED)
    told = f"the {alone} view alone counts the bills of Reserved: {line}"
    for either in ("cash", "amortised"):
        assert (told in simcost.load(path, overrides=[f"scenario.view={either}"]).warnings) == (either == view)
    result = simcost.run(
        path, n=3, keep="all", output=tmp_path / "r.h5", overrides=[f"scenario.view={view}"], backend="reference"
    )
    january = result.to_xarray("samples")[f"{alone}_month_cost"].values[0]
    assert january == pytest.approx([70_500.25 + 24_000] * 3, rel=1e-14)


def test_a_category_that_no_line_of_the_file_has_is_told(tmp_path: Path) -> None:
    warnings = simcost.load(write(tmp_path, BILLS + "2027-01,,Office,,1\n2027-02,,Office,,1\n")).warnings
    assert "billed in a category of which the file has no cost line: Office" in warnings


def test_totals_of_months_are_no_bills_unless_they_are_all_there_is(tmp_path: Path) -> None:
    totals = "2027-01,合计,machines,,70500.25\n2027-02,,Subtotal,,129300\n"
    found, plain = by_month(write(tmp_path, BILLS + totals)), by_month(write(tmp_path))
    assert found["line"].keys() == plain["line"].keys()
    alone = by_month(write(tmp_path, "month,category,amount\n2027-01,Total,70500\n2027-02,Total,129300\n"))
    assert alone["category"]["Total"][:2, 0].tolist() == [70_500, 129_300]


def test_a_bill_may_show_a_sign_that_its_currency_shares(tmp_path: Path) -> None:
    signs = "2027-01,GPUs,,,CNY 1\n2027-01,GPUs,,,2 元\n2027-01,GPUs,,,¥3\n"
    found = by_month(write(tmp_path, BILLS + signs))
    assert (found["line"]["GPUs"][0] == 70_506.25).all()


def test_an_expansion_has_the_bills_and_the_same_figures(tmp_path: Path) -> None:
    path = write(tmp_path)
    whole = tmp_path / "expanded.toml"
    whole.write_text(simcost.expand(path), encoding="utf-8")
    found, expanded = by_month(path), by_month(whole)
    assert all(np.array_equal(months, expanded["line"][name]) for name, months in found["line"].items())


DECIDED = """schema = 1
[scenario]
name = "Reserved or by the hour"
currency = "CNY"
start = "2027-01"
months = 4
by_month = ["line"]
[inputs]
quantity = "0 GPU"
needed = { lognormal = { p5 = 22, p95 = 90 }, unit = "GPU", draw = "month" }
own = "10 CNY/GPU/month"
rent = "16 CNY/GPU/month"
[[cost]]
name = "GPUs"
category = "compute"
amount = "quantity * own + max(needed - quantity, 0) * rent * where(month < 3, 5, 1)"
[optimize]
minimise = "mean"
[[optimize.decision]]
set = "inputs.quantity"
from = "0 GPU"
to = "200 GPU"
"""


def test_a_decision_is_the_quantile_of_the_open_months_alone(tmp_path: Path) -> None:
    n, path = 2_000, tmp_path / "plan.toml"
    (tmp_path / "bills.csv").write_text("month,line,amount\n2027-01,GPUs,1\n2027-02,GPUs,2\n", encoding="utf-8")
    path.write_text(DECIDED, encoding="utf-8")
    plan = simcost.optimize(path, n=n, backend="reference").optimum
    samples = simcost.run(path, n=n, keep="all", output=tmp_path / "r.h5", backend="reference").samples("line_by_month")
    path.write_text(DECIDED + '[actuals]\nfile = "bills.csv"\n', encoding="utf-8")
    billed = simcost.optimize(path, n=n, backend="reference").optimum
    needed = np.sort(samples.reshape(4, n)[2:].ravel() / 16)
    by_hand = needed[int(np.ceil((1 - 10 / 16) * len(needed))) - 1]
    assert (len(plan.ratios), len(billed.ratios)) == (1, 1)
    assert float(billed.choices[0].value.split()[0]) == pytest.approx(by_hand, rel=2e-3)  # between two draws of 4,000
    assert float(plan.choices[0].value.split()[0]) > 1.2 * by_hand  # the control: months of five times the rent


PROBLEMS = {
    "2027-13,GPUs,,,1\n": '"2027-13" is no month',
    "2027-01,GPUs,,,\n": '"" is no sum of money',
    '2027-01,GPUs,,,"1,5"\n': "Write a point: 1.5",
    "2027-01,,,,5\n": "nothing says what was billed",
    '2027-01,GPUs,,,"9,000 USD"\n': '"9,000 USD" is no sum in CNY. Write what was paid for it in CNY.',
    "2027-01,GPUs,,,$9000\n": '"$9000" is no sum in CNY',
    "2027-01,GPU,,,5\n": 'Did you mean "GPUs"?',
    "2027-01,GPUs,office,,5\n": '"GPUs" has the category "compute" elsewhere, and "office" here',
    "2027-04,GPUs,,,5\n": "no bill of 2027-03. Add what was billed, 0 if nothing; or close the months before it: through = "
    '"2027-02"',
}


@pytest.mark.parametrize("row", PROBLEMS)
def test_a_bill_that_cannot_be_taken_is_told_with_its_place_and_remedy(tmp_path: Path, row: str) -> None:
    with pytest.raises(ScenarioError) as error:
        simcost.load(write(tmp_path, BILLS + row))
    assert PROBLEMS[row] in str(error.value)
    assert len(error.value.problems) == 1
    assert error.value.problems[0].line == FILE.count("\n")


def test_every_problem_of_the_bills_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        simcost.load(write(tmp_path, BILLS + "soon,GPUs,,,1\n2027-01,GPUs,,,2k\n"))
    assert len(error.value.problems) == 2


def test_a_month_that_cannot_be_closed_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    for through, said in {"2027-05": "Give 2027-01 to 2027-04; 2026-12 closes none", "2027/1": 'through = "2027-01"'}.items():
        with pytest.raises(ScenarioError) as error:
            simcost.load(path, overrides=[f'actuals.through="{through}"'])
        assert said in str(error.value)
