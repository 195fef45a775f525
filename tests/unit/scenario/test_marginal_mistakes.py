"""Distributions that cannot be taken: every mistake at its place, with its remedy."""

import math
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from simcost.scenario.distributions import canonical as d
from simcost.scenario.distributions.marginals import DISTRIBUTION_KEYS, MarginalError, from_table

HERE = Path()


def problems(table, folder=HERE):
    with pytest.raises(MarginalError) as caught:
        from_table(table, folder=folder)
    assert caught.value.problems
    assert all(what and remedy for _, what, remedy in caught.value.problems)
    return {".".join(path): f"{what}. {remedy}" for path, what, remedy in caught.value.problems}


def test_a_metalog_is_refused_exactly_where_its_density_would_be_negative():
    """The limit on |a3| / a2 is where the derivative touches zero: 1 over the greatest of u - 1/2 + u (1 - u) logit u."""
    found = optimize.minimize_scalar(
        lambda u: -(u - 0.5 + u * (1 - u) * math.log(u / (1 - u))), bounds=(0.6, 0.99), method="bounded"
    )
    margin = (1 + 0.8 / (2 * found.fun)) / 2
    table = {"p10": 0.0, "p90": 1.0}
    assert from_table({"metalog": table | {"p50": margin + 1e-5}}, folder=HERE)
    assert "too skew" in problems({"metalog": table | {"p50": margin - 1e-5}})["metalog"]
    assert "0.833" in problems({"metalog": table | {"p50": 0.9}})["metalog"]


@pytest.mark.parametrize(
    ("table", "place", "says"),
    [
        ({"uniform": {"low": 5, "high": 2}}, "uniform", "high = 2 is below low = 5"),
        ({"uniform": {"low": 5, "high": 5}}, "uniform", "value = 5"),
        ({"uniform": [2, 5]}, "uniform", "uniform = { low = ..., high = ... }"),
        ({"uniform": 5}, "uniform", "not a table"),
        ({"uniform": {"low": 2, "hihg": 5}}, "uniform.hihg", 'Did you mean "high"'),
        ({"uniform": {"low": 2}}, "uniform", "lacks high"),
        ({"uniform": {}}, "uniform", "lacks low and high"),
        ({"normal": {"mean": 1, "sd": 0}}, "normal.sd", "above 0"),
        ({"normal": {"mean": "1 GPU", "sd": 1}}, "normal.mean", "without quotes"),
        ({"normal": {"mean": True, "sd": 1}}, "normal.mean", "mean = true is no number"),
        ({"normal": {"mean": math.inf, "sd": 1}}, "normal.mean", "1e+100"),
        ({"normal": {"mean": 10**400, "sd": 1}}, "normal.mean", "1e+100"),
        ({"normal": {"mean": math.nan, "sd": 1}}, "normal.mean", "1e+100"),
        ({"normal": {"mean": 1, "p5": 0}}, "normal", "exactly"),
        ({"normal": {"mean": 1, "sd": 1, "p5": 0}}, "normal", "exactly"),
        ({"normal": {"p5": 9, "p95": 3}}, "normal", "p5 < p95"),
        ({"normal": {"p5": 1, "p50": 2, "p95": 3}}, "normal", "exactly"),
        ({"normal": {"p5": 1}}, "normal", "exactly"),
        ({"normal": {"p5": 1, "p5.0": 2}}, "normal", "same percentile"),
        ({"lognormal": {"p0": 1, "p95": 3}}, "lognormal.p0", "two percentiles"),
        ({"lognormal": {"p5": -9, "p95": 16}}, "lognormal.p5", "above 0"),
        ({"lognormal": {"mean": -9, "sd": 16}}, "lognormal.mean", "above 0"),
        ({"lognormal": {"median": 1, "sd_log": 90}}, "lognormal", "narrower"),
        ({"triangular": {"low": 5, "mode": 4, "high": 9}}, "triangular", "low <= mode <= high"),
        ({"pert": {"low": 5, "mode": 10, "high": 9}}, "pert", "low <= mode <= high"),
        ({"beta": {"mean": 0.45, "sd": 0.6}}, "beta", "sd below 0.4975"),
        ({"beta": {"mean": 45, "sd": 60, "high": 100}}, "beta", "sd below 49.75"),
        ({"beta": {"mean": 1.2, "sd": 0.1}}, "beta", "low < mean < high"),
        ({"beta": {"mean": 0.5, "sd": 1e-9}}, "beta", "larger sd"),
        ({"beta": {"mean": 0.5, "sd": 1e-90}}, "beta", "larger sd"),
        ({"beta": {"alpha": 1, "beta": 1, "low": 2}}, "beta", "low <= high"),
        ({"lognormal": {"p5": 1e5, "p95": math.nextafter(1e5, 2e5)}}, "lognormal", "farther apart"),
        ({"lognormal": {"mean": 1e90, "sd": 1e-90}}, "lognormal", "larger sd"),
        ({"normal": {"mean": 1e-200, "sd": 1}}, "normal.mean", "too small"),
        ({"gamma": {"mean": 1, "shape": 2}}, "gamma", "exactly"),
        ({"gamma": {"mean": 1e90, "sd": 1e-90}}, "gamma", "like size"),
        ({"weibull": {"shape": 0.001, "scale": 1}}, "weibull.shape", "at least 0.02"),
        ({"student_t": {"df": 2, "mean": 0, "sd": 1}}, "student_t.df", "above 2"),
        ({"pareto": {"minimum": 1, "shape": 0.01}}, "pareto.shape", "at least 0.1"),
        ({"pareto": {"minimum": 1e90, "shape": 0.1}}, "pareto", "larger shape"),
        ({"poisson": {"mean": 1e7}}, "poisson.mean", "1,000,000"),
        ({"binomial": {"n": 2.5, "p": 0.5}}, "binomial.n", "whole number"),
        ({"binomial": {"n": 2, "p": 1.5}}, "binomial.p", "at most 1"),
        ({"bernoulli": {"p": -0.1}}, "bernoulli.p", "at least 0"),
        ({"discrete": {"values": [1, 2], "weights": [1]}}, "discrete", "one weight for each value"),
        ({"discrete": {"values": [1], "weights": [0]}}, "discrete.weights", "above 0"),
        ({"discrete": {"values": [1, "x"], "weights": [1, -1]}}, "discrete.values.1", "item 2 of values"),
        ({"discrete": {"values": []}}, "discrete", "lacks weights"),
        ({"discrete": {"values": [], "weights": []}}, "discrete.values", "empty"),
        ({"discrete": {"values": 3, "weights": [1]}}, "discrete.values", "no list"),
        ({"metalog": {"p10": 20, "p50": 30, "p90": 160}}, "metalog", "p50 between 43.3209 and 136.679"),
        ({"metalog": {"p10": 20, "p50": 30, "p90": 25}}, "metalog", "p10 < p50 < p90"),
        ({"metalog": {"p10": 20, "p50": 30, "p90": 60, "low": 30}}, "metalog", "low < p10"),
        ({"metalog": {"p10": 20, "p50": 30, "p90": 60, "high": 50}}, "metalog", "p90 < high"),
        ({"metalog": {"p10": 1e-90, "p50": 1, "p90": 1e90, "low": 0}}, "metalog", "narrower"),
        ({"empirical": {"values": []}}, "empirical.values", "empty"),
        ({"empirical": {"values": [1], "file": "x.csv"}}, "empirical", "exactly"),
        ({"mixture": {"components": []}}, "mixture", "1 to 100 components"),
        ({"mixture": [1]}, "mixture", "parameters have names"),
        ({"mixture": {"components": [{"value": 1}]}}, "mixture.components.0", "lacks weight"),
        ({"mixture": {"components": [3]}}, "mixture.components.0", "not a table"),
        ({"mixture": {"components": [{"weight": 1, "normal": {"mean": 1}}]}}, "mixture.components.0.normal", "lacks sd"),
        ({"mixture": {"components": [{"weight": 1}]}}, "mixture.components.0", "no distribution"),
        ({"mixture": {"components": [{"weight": 0, "value": 1}]}}, "mixture.components", "above 0"),
        ({"scipy": {"loc": 1}}, "scipy", "lacks name"),
        ({"scipy": {"name": "gumble_r"}}, "scipy.name", 'Did you mean "gumbel_r"'),
        ({"scipy": {"name": "poisson", "mu": 1}}, "scipy.name", "no continuous distribution"),
        ({"scipy": {"name": "__init__"}}, "scipy.name", "no continuous distribution"),
        ({"scipy": {"name": 3}}, "scipy.name", "no continuous distribution"),
        ({"scipy": {"name": "skewnorm"}}, "scipy", "lacks a"),
        ({"scipy": {"name": "skewnorm", "a": 1, "lco": 3}}, "scipy.lco", 'Did you mean "loc"'),
        ({"scipy": {"name": "triang", "c": 3}}, "scipy", "domain"),
        ({"scipy": {"name": "norm", "scale": 0}}, "scipy.scale", "above 0"),
        ({"value": "x"}, "value", "no number"),
        ({"value": 1, "min": 0}, "min", "certain number"),
        ({}, "", "no distribution"),
        ({"min": 3}, "", "no distribution"),
        ({"normal": {"mean": 1, "sd": 1}, "uniform": {"low": 0, "high": 1}}, "", "normal and uniform beside each other"),
        ({"normol": {"mean": 1}}, "normol", 'Did you mean "normal"'),
        ({"normal": {"mean": 1, "sd": 1}, "min": 3, "max": 2}, "min", "min < max"),
        ({"normal": {"mean": 1, "sd": 1}, "min": "x"}, "min", "no number"),
        ({"normal": {"mean": 1, "sd": 1}, "min": 30}, "min", "lies above 30"),
        ({"normal": {"mean": 1, "sd": 1}, "max": -30}, "max", "lies below -30"),
        ({"uniform": {"low": 0, "high": 1}, "min": 2, "max": 3}, "min", "between 2 and 3"),
        ({"poisson": {"mean": 3}, "min": 3.2, "max": 3.8}, "min", "between 3.2 and 3.8"),
        ({"gamma": {"shape": 2, "scale": 1}, "max": -1}, "max", "below -1"),
        ({"empirical": {"values": [1, 2]}, "min": 3}, "min", "above 3"),
    ],
)
def test_every_mistake_is_refused_at_its_place_with_a_remedy(table, place, says):
    assert says in problems(table)[place]


def test_all_problems_of_a_table_come_at_once():
    found = problems({"binomial": {"n": 2.5, "p": 3}, "min": "x", "maks": 3})
    assert found.keys() == {"binomial.n", "binomial.p", "min", "maks"}


def test_observations_come_from_a_csv_file_beside_the_scenario(tmp_path):
    (tmp_path / "use.csv").write_text("\ufeffmonth,用量\n1,3.5\n2,4\n\n3,4\n", encoding="utf-8")
    table = {"empirical": {"file": "use.csv", "column": "用量"}}
    expected = d.Discrete((3.5, 4.0), (1 / 3, 2 / 3))
    assert from_table(table, folder=tmp_path) == expected


@pytest.mark.parametrize(
    ("file", "column", "place", "says"),
    [
        ("../outside.csv", "x", "file", "outside the scenario's folder"),
        ("/etc/hostname", "x", "file", "outside the scenario's folder"),
        ("link.csv", "x", "file", "outside the scenario's folder"),
        ("none.csv", "x", "file", "no file"),
        (".", "x", "file", "no file"),
        ("a\0b", "x", "file", "cannot be read"),
        ("use.csv", "uses", "column", 'Did you mean "use"'),
        ("use.csv", "zzz", "column", "It has: month, use."),
        ("use.csv", 3, "column", "no text"),
        ("holes.csv", "x", "file", 'line 3: "" is no finite number'),
        ("infinite.csv", "x", "file", 'line 2: "inf" is no finite number'),
        ("empty.csv", "x", "column", "no column"),
        ("header.csv", "x", "file", "no values"),
        ("binary.csv", "x", "file", "not UTF-8"),
        ("gbk.csv", "x", "file", 'not UTF-8). Save it as a CSV file in UTF-8 (in Excel: "CSV UTF-8")'),
        ("prices.xlsx", "x", "file", "is a workbook of a spreadsheet program. Save the sheet as a CSV file"),
        ("large.csv", "x", "file", "larger than 16 MiB"),
        ("semicolons.csv", "BilledCost", "file", "separated by semicolons. Save it with commas between columns"),
        ("semicolons.csv", "Bil", "file", "separated by semicolons"),
        ("tabs.csv", "y", "file", "separated by tabs"),
        ("mixed.csv", "x", "file", "separated by semicolons"),
        ("mixed.csv", "zzz", "column", "It has: x;y, z."),  # commas separate it, whatever a name has in it
        ("decimals.csv", "x", "file", "line 3: 2 values, and the first line names 1. Write a point in numbers: 0.5"),
        ("bill.csv", "x", "file", 'line 4: "合计" begins a row of totals'),
    ],
)
def test_files_that_cannot_serve_are_refused(tmp_path, file, column, place, says):
    folder = tmp_path / "scenario"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("x\n1\n")
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "use.csv").write_text("month,use\n1,2\n")
    (folder / "holes.csv").write_text("x,y\n1,1\n,1\n")
    (folder / "infinite.csv").write_text("x\ninf\n")
    (folder / "empty.csv").write_text("")
    (folder / "header.csv").write_text("x\n")
    (folder / "binary.csv").write_bytes(b"\xff\xfe\x00x")
    (folder / "gbk.csv").write_text("价格,x\n1,2\n", encoding="gb18030")
    with zipfile.ZipFile(folder / "prices.xlsx", "w") as workbook:
        workbook.writestr("xl/workbook.xml", "<workbook/>")
    (folder / "semicolons.csv").write_text('"BilledCost";x\n1,5;2\n')
    (folder / "tabs.csv").write_text("x\ty\n1\t2\n")
    (folder / "mixed.csv").write_text("x;y,z\n1;2,3\n")
    (folder / "decimals.csv").write_text("x\n1\n2,5\n")
    with (folder / "large.csv").open("wb") as large:
        large.truncate((16 << 20) + 1)
    (folder / "bill.csv").write_text("month,x\n2026-01,1\n2026-02,2\n合计,3\n", encoding="utf-8")
    found = problems({"empirical": {"file": file, "column": column}}, folder)
    assert says in found[f"empirical.{place}"]


@pytest.mark.parametrize("text", ["x,y\n1,2,,\n3,4\n", '"x",y\n1,"a,b"\n3,\n', "x;y,x\n3,1\n9,3\n"])
def test_a_sound_file_with_something_odd_about_it_is_read(tmp_path, text):
    (tmp_path / "odd.csv").write_text(text)
    assert from_table({"empirical": {"file": "odd.csv", "column": "x"}}, folder=tmp_path).values == (1.0, 3.0)


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("3,100", "Write 3100: "),
        ("¥3,100.50", "Write 3100.50: "),
        ("￥ 12", "Write 12: "),
        ("1,234,567 CNY", "Write 1234567: "),
        ("-40元", "Write -40: "),
        ("1,5", "Its comma looks like a decimal sign. Write a point: 1.5."),
        ("12 %", "Write the share: 0.12"),
        ("3万", "Write 3e4: "),
        ("未知", "Mend or remove"),
    ],
)
def test_a_formatted_cell_is_answered_with_its_number(tmp_path, cell, remedy):
    (tmp_path / "formatted.csv").write_text(f'x\n1\n"{cell}"\n', encoding="utf-8")
    found = problems({"empirical": {"file": "formatted.csv", "column": "x"}}, tmp_path)["empirical.file"]
    assert f'line 3: "{cell}" is no finite number. {remedy}' in found


def test_too_many_observations_are_refused():
    assert "at most 100,000" in problems({"empirical": {"values": [1.0] * 100_001}})["empirical"]


values = st.one_of(
    st.floats(), st.integers(-(10**6), 10**6), st.booleans(), st.text(max_size=5), st.lists(st.floats(-9, 9), max_size=3)
)
names = st.sampled_from(
    ["mean", "sd", "low", "mode", "high", "p5", "p50", "p95", "p10", "p90", "median", "sd_log", "n", "p", "df", "alpha", "beta",
     "shape", "scale", "minimum", "values", "weights"]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(sorted({*DISTRIBUTION_KEYS} - {"scipy"})),
    st.dictionaries(names, values, max_size=4),
    st.dictionaries(st.sampled_from(["min", "max"]), values),
)
def test_any_table_is_a_distribution_or_refused(key, parameters, ends):
    try:
        distribution = from_table({key: parameters, **ends}, folder=HERE)
    except MarginalError as error:
        refusal = error
    else:
        assert distribution.in_words()
        return
    assert all(what and remedy for _, what, remedy in refusal.problems)
