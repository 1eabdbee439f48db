"""A filing is poured into a workbook and taken out again."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from jixiao.filing.interchange import filing_text, read_filing_text
from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.scoring.model import Basis
from jixiao.scoring.score import score
from jixiao.workbook.bound import position_of
from jixiao.workbook.errors import BadRequest, UnstorableValue
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.values import LONGEST_TEXT
from jixiao.workbook.filling import export, fill, form_with_rows, rows_needed
from jixiao.workbook.form import load_form
from jixiao.workbook.port import Edit
from jixiao.workbook.reading import form_fields, read_filing
from jixiao.workbook.template import build_template

RUBRIC = load_rubric("guangzhou-2023")
FORM = load_form("guangzhou-2023")
COLUMNS = [column.id for column in RUBRIC.blocks[0].columns]
DEMO = data_folder("rubric_rules") / "guangzhou-2023" / "demo.yaml"


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("表") / "空白表.xlsx"
    build_template(RUBRIC, form_with_rows(FORM, {"output": 12}), path)
    return path


@pytest.fixture
def demo() -> Filing:
    return read_filing_text(DEMO.read_text(encoding="utf-8"), DEMO.name, RUBRIC)


def through(template: Path, filing: Filing) -> Filing:
    """What comes out of a saved workbook after the filing was poured in."""
    port = FilePort.open(template)
    fill(port, RUBRIC, filing)
    out = template.with_name("填好的表.xlsx")
    port.save_as(out)
    return export(FilePort.open(out), RUBRIC, FORM)


def content(filing: Filing) -> tuple:
    """All that a filing says, without places."""

    def said(entry: Entry) -> tuple:
        return type(entry.raw), entry.raw, entry.percent, entry.formula, entry.error

    values = {field: said(entry) for field, entry in filing.values.items()}
    rows = {
        block: [{column: said(entry) for column, entry in row.entries.items()} for row in rows]
        for block, rows in filing.rows.items()
    }
    return values, rows


def numbers(digits: int = 15) -> some.SearchStrategy[Decimal]:
    whole = some.integers(-(10**digits) + 1, 10**digits - 1)
    return some.builds(lambda number, power: Decimal(number).scaleb(power), whole, some.integers(-20, 20))


characters = some.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\n\r\t"
)
texts = some.text(characters, min_size=1, max_size=40) | some.sampled_from(
    ["=1+1", "-5", "+86", "@甲", "5", "95%", "_x000D_", " ", "　前后　", "\r\n", "'甲", "<a>&", "TRUE",
     "#DIV/0!", "长" * LONGEST_TEXT]
)  # fmt: skip
moments = some.dates(dt.date(1900, 3, 1)) | some.datetimes(dt.datetime(1900, 3, 1)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
entries = some.one_of(
    some.builds(Entry, texts),
    some.builds(Entry, numbers()),
    some.builds(Entry, numbers(), percent=some.just(True)),
    some.builds(Entry, some.booleans() | moments),
)
rows = some.lists(some.dictionaries(some.sampled_from(COLUMNS), entries, max_size=5), max_size=12).map(
    lambda listed: tuple(Row(row) for row in listed)
)
filings = some.builds(
    Filing,
    some.just(RUBRIC.id),
    some.dictionaries(some.sampled_from(form_fields(RUBRIC)), entries, max_size=25),
    some.fixed_dictionaries({}, optional={"output": rows, "benefit": rows.map(lambda listed: listed[:8])}),
)


def trimmed(filing: Filing) -> Filing:
    """Without the empty rows at the end, which no filing has."""
    needed = rows_needed(filing)
    kept = {block: listed[: needed[block]] for block, listed in filing.rows.items() if needed[block]}
    return Filing(filing.edition, filing.values, kept)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(filing=filings)
def test_what_was_filled_in_comes_out_again(template, filing):
    assert content(through(template, filing)) == content(trimmed(filing))


def test_the_published_filing_fills_a_form_and_comes_out_unchanged(template, demo):
    found = through(template, demo)
    assert content(found) == content(demo)
    assert read_filing_text(filing_text(found, as_json=False), "a.yaml", RUBRIC) == Filing(
        demo.edition, demo.values, demo.rows
    )


def test_the_published_filing_scores_what_was_published(template, demo):
    for filing in (demo, through(template, demo)):
        found = score(RUBRIC, filing)
        assert (found.total, found.grade, found.unverified, found.missing) == (Decimal("99.98"), "优", 50, 0)
        by_basis = {basis: [one for one in found.indicators if one.basis is basis] for basis in Basis}
        assert len(by_basis[Basis.UNVERIFIED]) == 23
        assert all(one.path[0] == "管理效率" for one in by_basis[Basis.UNVERIFIED])
        rate = next(one for one in found.indicators if one.id == "execution_rate")
        assert (rate.score, rate.basis) == (Decimal("9.98"), Basis.COMPUTED)
        assert any("代替" in step.text for step in rate.steps)
        assert [row.score for row in found.rows] == [10, 10, 10, 10]


def test_the_form_is_alive_after_filling(template, demo):
    port = FilePort.open(template)
    fill(port, RUBRIC, demo)
    port.save_as(template.with_name("示范.xlsx"))
    found = read_filing(FilePort.open(template.with_name("示范.xlsx")), RUBRIC)
    assert (found["total"].formula != "", found["total"].raw) == (True, Decimal("99.98"))
    assert "☑优" in found["grade"].raw
    assert found["form.budget_basic"].raw == Decimal("575.23")


def test_a_value_typed_over_a_formula_of_the_form_is_the_units_own(template):
    filing = Filing(RUBRIC.id, {"total": Entry(Decimal(98)), "form.unit": Entry("某局")})
    assert content(through(template, filing)) == content(filing)


def test_a_blank_form_holds_no_filing(template):
    found = export(FilePort.open(template), RUBRIC)
    assert (dict(found.values), dict(found.rows)) == ({}, {})


def test_a_formula_of_the_units_own_is_exported_with_its_value_and_filled_in_as_its_value(template):
    port = FilePort.open(template)
    home = read_filing(port, RUBRIC).homes["economic.wages"]
    port.write(home.sheet, [Edit(*position_of(home), Decimal("430.17"), formula="400+30.17")])
    found = export(port, RUBRIC, FORM)
    assert (found["economic.wages"].raw, found["economic.wages"].formula) == (Decimal("430.17"), "400+30.17")
    assert content(through(template, found)) == content(
        Filing(RUBRIC.id, {"economic.wages": Entry(Decimal("430.17"))})
    )


def test_more_rows_than_the_blank_form_has_make_a_longer_form(tmp_path):
    listed = tuple(Row({"name": Entry(f"指标{n}"), "weight": Entry(Decimal(1))}) for n in range(30))
    filing = Filing(RUBRIC.id, {}, {"benefit": (*listed, Row({}), Row({}))})
    assert rows_needed(filing) == {"benefit": 30}
    path = tmp_path / "长表.xlsx"
    build_template(RUBRIC, form_with_rows(FORM, rows_needed(filing)), path)
    assert content(through(path, filing)) == content(Filing(RUBRIC.id, {}, {"benefit": listed}))


def test_rows_that_do_not_fit_are_refused(template):
    filing = Filing(RUBRIC.id, {}, {"output": tuple(Row({"name": Entry("甲")}) for _ in range(13))})
    with pytest.raises(BadRequest, match="“产出指标”要填 13 行，工作簿里只有 12 行"):
        fill(FilePort.open(template), RUBRIC, filing)


def test_a_number_is_shown_as_a_percentage_only_where_the_filing_says_so(template):
    filing = Filing(
        RUBRIC.id,
        {
            "rate.m01": Entry(Decimal(95)),
            "rate.m02": Entry(Decimal("0.95"), percent=True),
            "score.output": Entry(Decimal("0.95"), percent=True),
        },
    )
    assert content(through(template, filing)) == content(filing)


@pytest.mark.parametrize(
    "entry, why",
    [
        (Entry(Decimal("1.234567890123456")), "15 位"),
        (Entry(Decimal("1E+309")), "超出"),
        (Entry("长" * (LONGEST_TEXT + 1)), "32767"),
        (Entry("甲\x00"), "控制字符"),
        (Entry(dt.date(1900, 2, 28)), "1900 年 3 月 1 日"),
        (Entry(error="#DIV/0!"), "#DIV/0!"),
        (Entry(formula="B2*2", uncalculated=True), "没有计算结果"),
    ],
)
def test_what_no_cell_can_hold_is_refused_before_anything_is_written(template, entry, why):
    port = FilePort.open(template)
    before = {sheet: port.cells(sheet) for sheet in port.sheets()}
    filing = Filing(
        RUBRIC.id,
        {"unit.name": Entry("某局"), "three": entry, "carryover.end": entry},
        {"output": (Row({"name": entry}),)},
    )
    with pytest.raises(UnstorableValue) as caught:
        fill(port, RUBRIC, filing)
    lines = str(caught.value).splitlines()
    assert "没有写入" in lines[0]
    assert "“three”（three）在工作簿里没有单元格" in lines[1]
    assert lines[2].startswith("“年末财政拨款结转和结余决算数”（carryover.end）") and why in lines[2]
    assert lines[3].startswith("“产出指标”第 1 行的“三级指标”") and why in lines[3]
    assert {sheet: port.cells(sheet) for sheet in port.sheets()} == before


def test_a_form_that_is_filled_in_already_is_left_alone(template, demo):
    port = FilePort.open(template)
    fill(port, RUBRIC, demo)
    with pytest.raises(BadRequest, match="已经填了内容"):
        fill(port, RUBRIC, demo)


def test_a_filing_of_another_edition_is_refused(template):
    with pytest.raises(BadRequest, match="loudi-2023"):
        fill(FilePort.open(template), RUBRIC, Filing("loudi-2023", {}))
