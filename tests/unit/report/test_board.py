"""A report is one page that needs nothing else, says what the tables say, and shows a stranger's names as text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.unit.report.reported import BY_MONTH, HOSTILE, WHOLE, reported

from simcost import UsageError, api
from simcost.report.board.board import Board
from simcost.report.board.inputs import input_tables
from simcost.report.board.sentences import answer_sentences, facts
from simcost.report.parts.markdown import markdown_text
from simcost.report.parts.page import print_page, table_html
from simcost.report.run.text import result_page
from simcost.results.approved_months import approved_by_month

VOID = {"meta", "br"}


class _Page(HTMLParser):
    """Elements with their attributes, texts, and whether each was closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return reported(tmp_path_factory.mktemp("report"), approved=WHOLE)


@pytest.fixture(scope="module")
def html(result) -> str:
    return api.page(result.path, format="html")


@pytest.fixture(scope="module")
def markdown(result) -> str:
    return api.page(result.path, format="md")


def test_the_page_is_sound_and_each_chart_is_xml_with_a_title(html) -> None:
    page = read(html)
    assert html.startswith("<!DOCTYPE html>")
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(drawings) == 5
    for drawing in drawings:
        root = ET.fromstring(drawing)
        told = {root.find("title").get("id"), root.find("desc").get("id")}
        assert set(root.get("aria-labelledby").split()) == told
        assert root.find("title").text
        assert re.search(r"\d", root.find("desc").text)
    assert [tag for tag, _ in page.elements].count("figure") == len(drawings)


def test_the_page_loads_nothing_runs_nothing_and_names_no_address(html) -> None:
    page = read(html)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "link", "img", "image", "iframe", "object", "foreignobject", "a", "base", "b"})
    attributes = [(name, value or "") for _, found in page.elements for name, value in found.items()]
    assert [name for name, _ in attributes if name.startswith("on") or name == "src"] == []
    assert all(value.startswith("#") for name, value in attributes if name.endswith("href"))
    assert re.findall(r"url\((?!#)|@import|://|base64", html) == []
    policy = next(found for tag, found in page.elements if found.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"].startswith("default-src 'none'")


def test_every_identifier_is_there_once_and_every_reference_finds_one(html) -> None:
    identifiers = re.findall(r'\bid="([^"]*)"', html)
    assert len(identifiers) == len(set(identifiers)) > 100
    referred = {*re.findall(r'href="#([^"]*)"', html), *re.findall(r"url\(#([^)]*)\)", html)}
    assert referred
    assert referred <= set(identifiers)


def test_names_of_a_stranger_are_text(html, result) -> None:
    page = read(html)
    assert result.scenario.name == HOSTILE.replace("'", "")
    shown = "\n".join(page.texts)
    assert shown.count(result.scenario.name) >= 2
    for text in ("Serving <b>", "compute & '小'", "<b>guess</b> | a_b", "三家报价"):
        assert text in shown, text
    drawn = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", html)]
    assert {"Serving <b>", "compute & '小'"} <= set(drawn)  # text, which the reader's fonts draw
    assert "font-family" not in "".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL))


def test_the_page_has_every_word_of_the_printed_tables(html, markdown, result) -> None:
    printed = io.StringIO()
    print_page(result_page(result), printed)
    words = {word for word in printed.getvalue().split() if not re.fullmatch("─+", word)}
    assert len(words) > 100
    shown = "\n".join(read(html).texts)
    plain = re.sub(r"\\([^\w\s])", r"\1", markdown)
    assert {word for word in words if word not in shown} == set()
    assert {word for word in words if word not in plain} == set()


def test_the_answer_comes_first_with_its_errors_and_the_budget(html, result) -> None:
    figures = result.figures
    p95 = figures.total.percentile(95)
    sentences = list(answer_sentences(Board(result, "")))
    assert sentences[0].startswith(
        f"The total is at most {figures.total.percentile(50).value:,.0f} CNY in 50 % of the scenarios (P50, "
    )
    assert sentences[0].endswith(f"and {p95.value:,.0f} CNY in 95 % (P95, ±{(p95.high - p95.low) / 2:,.0f}).")
    assert f"is enough in {100 * figures.budget.probability_within.value:.1f} %" in sentences[1]
    assert html.index(sentences[0]) < html.index("<svg")


def test_what_was_run_is_told_with_the_digests_of_its_files(html, result) -> None:
    digest = sha256(Path(result.path).read_bytes()).hexdigest()
    told = dict(facts(Board(result, digest)))
    assert told["Scenario file"] == f"SHA-256 {sha256(result.scenario.text.encode()).hexdigest()}"
    assert told["Result file"] == f"reported.h5, SHA-256 {digest}"
    assert f"{result.run.scenarios:,} scenarios" in told["Simulated"]
    assert f"seed {result.run.seed}" in told["Simulated"]
    assert all(value in "\n".join(read(html).texts) for value in told.values())
    variant = replace(result.scenario, option="spot", overrides=("inputs.gpus=2",))
    run = replace(result.run, first=500, method="sobol", replicates=16)
    told = dict(facts(Board(replace(result, scenario=variant, run=run), "")))
    assert (told["Option"], told["With"]) == ("spot", "inputs.gpus=2")
    assert "from number 500 (Sobol' points, 16 replicates)" in told["Simulated"]


def test_a_certain_total_is_told_as_one_and_an_interval_that_does_not_exist_not_at_all(result) -> None:
    total = result.figures.total
    certain = replace(total, min=total.max, mean=total.max)
    figures = replace(result.figures, total=certain, budget=None)
    assert list(answer_sentences(Board(replace(result, figures=figures), ""))) == [
        f"The total is {total.max:,.0f} CNY in every scenario."
    ]
    endless = replace(total, percentiles=tuple(replace(each, low=None) for each in total.percentiles))
    (first, *_) = answer_sentences(Board(replace(result, figures=replace(result.figures, total=endless)), ""))
    assert first.endswith("in 95 % (P95).")


def test_assumptions_are_those_of_the_file_the_uncertain_first(result) -> None:
    uncertain, certain = input_tables(result.scenario.inputs)
    assert [column.header.plain for column in uncertain.columns] == [
        "uncertain",
        "as the file has it",
        "unit",
        "drawn",
        "source",
        "note",
    ]
    assert [cell.plain for cell in uncertain.columns[0].cells] == ["gpu_price", "fee"]
    assert [cell.plain for cell in uncertain.columns[3].cells] == ["each year", "once"]
    assert [cell.plain for cell in certain.columns[0].cells] == ["gpus", "refund"]
    assert [column.header.plain for column in certain.columns] == ["certain", "as the file has it", "unit"]
    assert "pert = { low = 0, mode = 3000, high = 9000 }" in table_html(uncertain)


def test_the_same_result_is_the_same_page_to_the_last_byte(result, html, markdown) -> None:
    assert api.page(result.path, format="html") == html
    assert api.page(result.path, format="md") == markdown


def test_markdown_is_tables_and_sentences_without_charts(markdown, result) -> None:
    lines = markdown.splitlines()
    assert lines[0].startswith("# \\<script\\>alert(x)\\</script\\> \\& \\$5\\$ \\| \\*b\\* 小: 12 months")
    assert "<svg" not in markdown
    rows = [line for line in lines if line.startswith("|")]
    cells = [len(re.split(r"(?<!\\)\|", row)) for row in rows]
    heads = [number for number, row in enumerate(rows) if re.fullmatch(r"(\| (---|--:) )+\|", row)]
    assert len(heads) == 5
    for number in heads:
        assert cells[number - 1] == cells[number] == cells[number + 1]
    assert any(f"| {result.figures.total.percentile(95).value:,.0f} |" in row for row in rows)


def test_what_markdown_would_read_is_escaped_and_names_stay_legible() -> None:
    assert markdown_text("a_b *c* _d_ <e> [f](g) `h` | i\nj") == r"a_b \*c\* \_d\_ \<e\> \[f\](g) \`h\` \| i j"
    table = next(input_tables(()), None)
    assert table is None


def test_other_percentiles_and_the_other_view_are_those_of_show(result) -> None:
    asked = api.page(result.path, format="md", percentiles="p97.5")
    value = api.show(result.path, percentiles=97.5).figures.total.percentile(97.5).value
    assert f"{value:,.0f}" in asked
    assert "| P97.5 |" in asked


def test_what_is_approved_by_month_is_read_from_the_file_the_result_holds(tmp_path) -> None:
    sums = [90_000.0] * 6 + [80_000.0] * 6
    monthly = reported(tmp_path, approved=BY_MONTH, n=50)
    assert approved_by_month(monthly) == tuple(sums)
    data = 'history = { empirical = { file = "gone.csv", column = "x" }, unit = "1" }'
    text = monthly.scenario.text.replace("[inputs]", f"[inputs]\n{data}")
    assert approved_by_month(replace(monthly, scenario=replace(monthly.scenario, text=text))) == tuple(sums)
    set_to = replace(monthly.scenario, overrides=('budget.approved="1_020_000 CNY"',))
    assert approved_by_month(replace(monthly, scenario=set_to)) == (1_020_000.0,)
    other = replace(monthly.scenario, overrides=('budget.approved="7 CNY"',))
    assert approved_by_month(replace(monthly, scenario=other)) == ()
    assert approved_by_month(replace(monthly, scenario=replace(monthly.scenario, text="no TOML ["))) == ()
    assert approved_by_month(reported(tmp_path, n=50)) == ()


def test_a_wide_table_by_month_is_several_on_the_page(tmp_path) -> None:
    result = reported(tmp_path, months=30, fiscal='by_month = ["line"]', n=50)
    html = api.page(result.path, format="html")
    heads = re.findall(r"<thead>(.*?)</thead>", html)
    assert max(head.count("<th") for head in heads) <= 14
    assert sum("mean by cost line" in head for head in heads) >= 3


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({}, 'neither a file nor a format is told. Name a file with `output="board.html"`'),
        ({"output": "board.pdf"}, "board.pdf does not end in .html or .md. Name a file with"),
        ({"format": "csv"}, "no report as 'csv'. Give one of: html, md."),
        ({"format": "pdf"}, "format = 'pdf' is none of"),
        ({"output": "board.html", "percentiles": 200}, "is no percentile"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(result, choices, said, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        api.page(result.path, **choices)
    assert said in str(refused.value)
    assert list(tmp_path.iterdir()) == []
