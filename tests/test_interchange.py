"""A filing as YAML or JSON: nothing is lost, and what is wrong is named with its line."""

import datetime as dt
from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from jixiao.filing.errors import FilingFileError
from jixiao.filing.interchange import field_labels, filing_text, read_filing_text
from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import load_rubric
from jixiao.workbook.reading import form_fields

RUBRIC = load_rubric("guangzhou-2023")
COLUMNS = [column.id for column in RUBRIC.blocks[0].columns]

numbers = some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
traps = some.sampled_from(
    ["", "5", "1E+2", "-0", "95%", "yes", "no", "null", "~", "true", "2024-03-01", "12:30:00", "010", "0x1F",
     ".5", "=A1", "- a", "a: b", "a #b", "# a", "'", '"', "{}", "[1]", "&a", "*a", "!a", "|", ">", "%", "@",
     "一\n二", "一\n\n二\n", " 前", "后 ", "\t", "a\rb", "\x85", "\u2028", "\ufeff", "𠮷", "1e9999999999999"]
)  # fmt: skip
texts = some.text(some.characters(exclude_categories=["Cs"]), max_size=60) | traps
moments = some.dates() | some.datetimes()
plain = some.one_of(
    some.builds(Entry, texts | numbers | some.booleans() | moments | some.none()),
    some.builds(Entry, numbers, percent=some.just(True)),
)
errors = some.sampled_from(["#DIV/0!", "#N/A", "#REF!"])
formulas = some.builds(
    lambda value, formula: Entry(
        value.raw, percent=value.percent, formula=formula, uncalculated=value.raw is None
    ),
    plain,
    texts.map(lambda text: text.lstrip("=")).filter(bool),
)
entries = some.one_of(
    plain,
    formulas,
    some.builds(Entry, error=errors),
    some.builds(Entry, error=errors, formula=some.just("1/0")),
)
rows = some.builds(Row, some.dictionaries(some.sampled_from(COLUMNS), entries, max_size=4))
filings = some.builds(
    Filing,
    some.just(RUBRIC.id),
    some.dictionaries(some.sampled_from(form_fields(RUBRIC)), entries, max_size=6),
    some.dictionaries(some.sampled_from(["output", "benefit"]), some.lists(rows, max_size=4).map(tuple)),
)


def kinds(filing: Filing) -> list[type]:
    return [type(entry.raw) for entry in filing.values.values()]


@settings(max_examples=300, deadline=None)
@given(filings, some.booleans())
def test_a_filing_written_down_is_read_back_the_same(filing, as_json):
    text = filing_text(filing, as_json=as_json)
    found = read_filing_text(text, "a.json" if as_json else "a.yaml", RUBRIC)
    assert (found, kinds(found)) == (filing, kinds(filing))


def yaml_of(*lines: str) -> str:
    return "\n".join(["edition: guangzhou-2023", "values:", *(f"  {line}" for line in lines)])


@pytest.mark.parametrize(
    "written, meant",
    [
        ("603.17", Entry(Decimal("603.17"))),
        ("1E+2", Entry(Decimal("1E+2"))),
        ("0.1000000000000000055511151231257827", Entry(Decimal("0.1000000000000000055511151231257827"))),
        ("-12", Entry(Decimal(-12))),
        ('"5"', Entry("5")),
        ("'5'", Entry("5")),
        ("5分", Entry("5分")),
        ("95.32%", Entry(Decimal("0.9532"), percent=True)),
        ('"95.32%"', Entry("95.32%")),
        ("2024-03-01", Entry(dt.date(2024, 3, 1))),
        ("2024-03-01T10:30:00", Entry(dt.datetime(2024, 3, 1, 10, 30))),
        ("2024-03-01 10:30", Entry(dt.datetime(2024, 3, 1, 10, 30))),
        ("{date: '2024-03-01'}", Entry(dt.date(2024, 3, 1))),
        ("{number: 0.95, percent: true}", Entry(Decimal("0.95"), percent=True)),
        ("{number: 0.95}", Entry(Decimal("0.95"))),
        ("{formula: '=B2*2', value: 6}", Entry(Decimal(6), formula="B2*2")),
        ("{formula: '=B2*2', value: 6%}", Entry(Decimal("0.06"), percent=True, formula="B2*2")),
        ("{formula: '=B2*2'}", Entry(formula="B2*2", uncalculated=True)),
        ("{error: '#DIV/0!'}", Entry(error="#DIV/0!")),
        ("true", Entry(True)),
        ("null", Entry()),
        ("", Entry()),
        *((word, Entry(word)) for word in (
            "yes", "no", "on", "off", "True", "020123456", "1_000", "12:30:00", "0x1F", "0o17", ".inf",
            ".nan", "2024-02-30", "80个", "≥80个", "/", "+5",
        )),
    ],
)  # fmt: skip
def test_a_value_is_read_as_what_it_says(written, meant):
    entry = read_filing_text(yaml_of(f"unit.head: {written}"), "a.yaml", RUBRIC)["unit.head"]
    assert (entry, type(entry.raw)) == (meant, type(meant.raw))


def test_json_numbers_are_exact_and_its_texts_are_texts():
    text = '{"edition": "guangzhou-2023", "values": {"economic.wages": 430.170, "unit.name": "95%"}}'
    found = read_filing_text(text, "甲.JSON", RUBRIC)
    assert str(found["economic.wages"].raw) == "430.170"
    assert found["unit.name"] == Entry("95%")


def test_a_file_saved_with_a_byte_order_mark_is_read():
    assert (
        read_filing_text("\ufeff" + yaml_of("unit.name: 某局"), "a.yaml", RUBRIC)["unit.name"].raw == "某局"
    )


@pytest.mark.parametrize(
    "said",
    ["0012", "013800138000", "+8620", "1_000", "0x1F", "0o17", ".5", ".inf", "12:30:00", "yes", "TRUE", "=",
     "2024-3-1", "5", "95%", "84个", "≥80个", "一\n二"],
)  # fmt: skip
def test_a_text_is_a_text_to_every_reader_of_yaml(said):
    filing = Filing(RUBRIC.id, {"unit.phone": Entry(said)})
    assert yaml.safe_load(filing_text(filing, as_json=False))["values"] == {"unit.phone": said}


@pytest.mark.parametrize(
    "number, text", [("1E+2", "100"), ("603.170", "603.170"), ("1E-7", "0.0000001"), ("1E+30", "1E+30")]
)
def test_numbers_are_written_for_people(number, text):
    filing = Filing(RUBRIC.id, {"economic.wages": Entry(Decimal(number))})
    assert f"economic.wages: {text}\n" in filing_text(filing, as_json=False)
    assert f'"economic.wages": {text}\n' in filing_text(filing, as_json=True)


def test_every_field_of_the_form_may_be_filled_in():
    assert list(field_labels(RUBRIC)) == form_fields(RUBRIC)


ROWS = "edition: guangzhou-2023\nrows:\n  output:\n"
JSON = '{"edition": "guangzhou-2023",\n "values":'


@pytest.mark.parametrize(
    "text, name, line, words",
    [
        (yaml_of("unit.year: 2023", "unit.nam: 某局"), "a.yaml", 4, ["“unit.nam”", "是否想写“unit.name”"]),
        (yaml_of("部门名称: 某局"), "a.yaml", 3, ["“部门名称”", "是否想写“unit.name”（部门名称）"]),
        (yaml_of("unit.year: 1", "unit.year: 2"), "a.yaml", 4, ["“unit.year”写了两次"]),
        (yaml_of("unit.year: [1]"), "a.yaml", 3, ["“自评年度”", "列表"]),
        (yaml_of("unit.year: {nmber: 1}"), "a.yaml", 3, ["“自评年度”", "number"]),
        (yaml_of("unit.year: {number: 1, percnt: true}"), "a.yaml", 3, ["“percnt”", "是否想写“percent”"]),
        (yaml_of("unit.year: {number: 五}"), "a.yaml", 3, ["数字"]),
        (yaml_of("unit.year: {number: 5%}"), "a.yaml", 3, ["percent: true"]),
        (yaml_of("unit.year: {number: 5, percent: 1}"), "a.yaml", 3, ["true 或 false"]),
        (yaml_of("unit.date: {date: 昨天}"), "a.yaml", 3, ["2024-03-01"]),
        (yaml_of("unit.date: {formula: '='}"), "a.yaml", 3, ["公式"]),
        (yaml_of("unit.year: 1e999999999999999999"), "a.yaml", 3, ["太大或太小"]),
        (yaml_of("unit.year: &a 1", "unit.name: *a"), "a.yaml", 3, ["引用"]),
        (yaml_of("unit.year: !!python/name:os.system ''"), "a.yaml", 3, ["标记"]),
        (yaml_of("unit.year: [", "unit.name"), "a.yaml", 4, ["格式不对"]),
        (yaml_of("? [a]", ": 1"), "a.yaml", 3, ["一个词"]),
        ("edition: guangzhou-2032", "a.yaml", 1, ["guangzhou-2032", "guangzhou-2023"]),
        ("values: {}", "a.yaml", 1, ["没有写明版本"]),
        ("", "a.yaml", 1, ["三部分"]),
        ("editon: guangzhou-2023", "a.yaml", 1, ["是否想写“edition”"]),
        (yaml_of() + "\n---\na: 1", "a.yaml", 3, ["一份填报"]),
        (ROWS + "    - {name: 甲}\n    - {nmae: 乙}", "a.yaml", 5, ["“nmae”", "是否想写“name”"]),
        (ROWS + "    - 甲", "a.yaml", 4, ["“产出指标”第 1 行"]),
        (ROWS + "    name: 甲", "a.yaml", 3, ["“产出指标”", "列表"]),
        (ROWS + "    - {name: [甲]}", "a.yaml", 4, ["“产出指标”第 1 行的“三级指标”"]),
        (ROWS.replace("output", "产出指标"), "a.yaml", 3, ["是否想写“output”（产出指标）"]),
        ("[" * 100_000, "a.yaml", 1, ["嵌套"]),
        ("[" * 100_000, "a.json", 0, ["嵌套"]),
        ("#" * 3_000_000, "a.yaml", 0, ["2 MB"]),
        ("a: \x01", "a.yaml", 0, ["不能使用的字符"]),
        (JSON + '{"unit.name": "某局",\n "unit.name": "某局"}}', "a.json", 3, ["“unit.name”写了两次"]),
        (JSON + '{"unit.year": 2023,\n "unit.nam": "\\"unit.nam\\":"}}', "a.json", 3, ["“unit.nam”"]),
        (JSON + '{"unit.year": 2023,}}', "a.json", 2, ["格式不对"]),
        (JSON + '{"unit.year": NaN}}', "a.json", 0, ["NaN"]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, name, line, words):
    with pytest.raises(FilingFileError) as caught:
        read_filing_text(text, name, RUBRIC)
    said = str(caught.value)
    assert said.startswith(f"填报文件错误：{name}:{line}：" if line else f"填报文件错误：{name}：")
    assert all(word in said for word in words)
