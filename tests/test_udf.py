"""The worksheet functions as Excel calls them: cells and blocks in, a cell or a block out."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
import xlwings
import xlwings.conversion
from hypothesis import given
from hypothesis import strategies as st

from jixiao.checking.finding import Severity
from jixiao.cli import main
from jixiao.excel import doctor, udf
from jixiao.excel.buttons import all_buttons
from jixiao.excel.indicators import rubric_of
from jixiao.excel.udf import FORMULAS
from jixiao.rubric.model import Rows, walk
from jixiao.verbs import examine, opened
from test_cases import cases

GUANGZHOU, LOUDI = "guangzhou-2023", "loudi-2023"
CALL = {one.name: one.call for one in FORMULAS}
CARRYOVER = [
    ["年末财政拨款结转和结余决算数", 5.0],
    ["年初财政拨款结转和结余收入决算数", 0.0],
    ["一般公共预算财政拨款收入·决算数", "100万元"],
    [None, None],
    ["政府性基金预算财政拨款收入·决算数", 0.0],
]


COM_ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246}


class Windows:
    """What xlwings' engine for Windows does with the values that Excel hands over, and with our answers."""

    type = name = "excel"

    @staticmethod
    def clean_value_data(data, dates, empty, numbers, errors_as_text):
        named = {number: error for error, number in COM_ERRORS.items()}
        assert errors_as_text
        return [[empty if cell in ("", None) else named.get(cell, cell) for cell in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(cell, options):
        assert isinstance(cell, str | float), "what COM knows how to pass on"
        return cell


@pytest.fixture(scope="module", autouse=True)
def excel():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlwings, "engines", {"excel": xlwings.main.Engine(impl=Windows)})
        yield


def call(name: str, *given: object) -> object:
    """As the server does: every argument through xlwings' own converter, the answer through it too."""
    read = [xlwings.conversion.read(None, one, {"ndim": 2, "err_to_str": True}) for one in given]
    found = xlwings.conversion.write(CALL[name](*read), None, {})
    return found[0][0] if len(found) == len(found[0]) == 1 else found


def test_a_completion_rate_serves_a_cell_and_a_block():
    assert call("JX_RATE", GUANGZHOU, "≥80个", "84个") == 1.05
    found = call(
        "JX_RATE", GUANGZHOU, [["≥80个"], ["95%"], ["≤5%"], [None]], [["84个"], [0.95], [0.04], [None]]
    )
    assert found == [[1.05], [1.0], [1.25], [""]]


def test_a_completion_rate_that_cannot_be_computed_says_why():
    assert call("JX_RATE", GUANGZHOU, "≥80个", None) == "实际值没有填写"
    assert call("JX_RATE", GUANGZHOU, "≥80个", "约84个") == "实际值写的是约数"
    assert "定性" in call("JX_RATE", GUANGZHOU, "定性", "有效提升")
    assert "不晚于" in call("JX_RATE", GUANGZHOU, "2023年12月", dt.datetime(2023, 11, 1))
    assert call("JX_RATE", GUANGZHOU, 80.0, COM_ERRORS["#N/A"]) == "实际值单元格是错误值 #N/A"
    assert "成本指标" in call("JX_RATE", LOUDI, 80.0, 70.0, None, "成本指票")


def test_the_direction_and_the_block_can_be_told():
    assert call("JX_RATE", GUANGZHOU, 100.0, 80.0) == 0.8
    assert call("JX_RATE", GUANGZHOU, 100.0, 80.0, "反向") == 1.25
    assert call("JX_RATE", LOUDI, 100.0, 80.0, "反向", "成本指标") == 1.25


def plain_cases():
    """The cases of indicators that are scored in themselves, from what a formula can be given."""
    for one in cases():
        edition, case = one.values
        kinds = {i.id: type(i.rule) for _, i in walk(rubric_of(edition).levels)}
        if not case.get("options") and not case.get("rows"):
            if not any(kinds[id] is Rows for id in case["expect"]):
                yield pytest.param(edition, case, id=one.id)


@pytest.mark.parametrize("edition, case", list(plain_cases()))
def test_a_formula_gives_what_the_case_expects(edition, case):
    rubric = rubric_of(edition)
    inputs = [[rubric.asked[field].label, text] for field, text in case.get("values", {}).items()]
    for indicator, points in case["expect"].items():
        found = call(
            "JX_SCORE", edition, indicator, inputs or [[None, None]], case.get("declared", {}).get(indicator)
        )
        assert isinstance(found, float) and Decimal(str(found)) == Decimal(points)


def test_the_score_of_an_indicator_of_rows_comes_from_its_table():
    table = [
        ["分值", "三级指标", "年度目标值", "备注", "年度实现值"],
        [10.0, "办件量", "≥80个", "x", "84个"],
        [None] * 5,
        [10.0, "满意度", 0.9, None, "81%"],
    ]
    assert call("JX_SCORE", GUANGZHOU, "output", table) == 19.0
    said = call("JX_EXPLAIN", GUANGZHOU, "output", table)
    assert "办件量：84÷80＝105%" in said and "依据：" in said and "10.00＋9.00＝19.00" in said
    assert "连表头" in call("JX_SCORE", GUANGZHOU, "output", table[1:])


def test_the_explanation_has_score_arithmetic_reading_and_clause():
    said = call("JX_EXPLAIN", GUANGZHOU, "结转结余率", CARRYOVER).splitlines()
    assert said[0] == "结转结余率（分值 2）：2.00 分，已计算"
    assert "结转结余率＝5÷100＝5%" in said and said[-1].startswith("依据：自评表第 5 项")
    assert "没有可用的数据" in call("JX_EXPLAIN", GUANGZHOU, "结转结余率", CARRYOVER[:1])


def test_what_is_lacking_is_named_as_the_form_calls_it():
    found = call("JX_SCORE", GUANGZHOU, "结转结余率", CARRYOVER[:1])
    assert found.startswith("没有计算") and "政府性基金预算财政拨款收入·决算数" in found
    assert "是否想写“结转结余率”" in call("JX_SCORE", GUANGZHOU, "结转结余", CARRYOVER)
    assert "是否想写“年末财政拨款" in call(
        "JX_SCORE", GUANGZHOU, "结转结余率", [["年末财政拨款结转结余决算数", 1.0]]
    )
    assert "两列" in call("JX_SCORE", GUANGZHOU, "结转结余率", [["年末财政拨款结转和结余决算数"]])
    assert "广州" not in call("JX_SCORE", "广州", "结转结余率", CARRYOVER).split("现有版本")[1]
    assert call("JX_SCORE", None, "结转结余率", CARRYOVER) == "没有写评分版本"
    assert "一个单元格" in call("JX_SCORE", [[GUANGZHOU, LOUDI]], "结转结余率", CARRYOVER)


def test_rates_are_exact_quotients_of_amounts():
    found = call(
        "JX_EXECUTION", [[602.05, "602.05万元", "6020500元", None]], [[603.17, 603.17, 603.17, None]]
    )
    assert found == [[float(Decimal("602.05") / Decimal("603.17"))] * 3 + [""]]
    assert call("JX_CONTROL", [[9.0], [12.0]], 9.0) == [[1.0], [12 / 9]]
    assert call("JX_CARRYOVER", 5.0, 0.0, 100.0) == 0.05
    assert call("JX_EXECUTION", 0.1 + 0.2, 0.3) == 1.0


def test_rates_without_a_number_say_why():
    assert call("JX_EXECUTION", 1.0, 0.0) == "预算数是 0，没有比率"
    assert call("JX_CARRYOVER", 1.0, 0.0, 0.0) == "年初结转和结余＋当年收入是 0，没有比率"
    assert call("JX_EXECUTION", 1.0, None) == "预算数没有填写"
    assert call("JX_CONTROL", "很多", 1.0) == "实际数不是数字"
    assert "行数、列数" in call("JX_EXECUTION", [[1.0, 2.0]], [[1.0], [2.0]])


def test_grades_follow_the_edition():
    assert call("JX_GRADE", GUANGZHOU, [[100.0, 90.0, 89.99], [0.0, None, "99.98"]]) == [
        ["优", "优", "良"],
        ["差", "", "优"],
    ]
    assert call("JX_GRADE", GUANGZHOU, 100.5) == "总分应在 0 至 100 之间"


def test_quantities_are_read_into_number_and_unit():
    block = [["≥80个", "1.2亿元", "９０％"], ["定性", None, "约3个"]]
    assert call("JX_NUMBER", block) == [[80.0, 120_000_000.0, 0.9], ["是定性，不是数", "", "写的是约数"]]
    assert call("JX_UNIT", block) == [["个", "元", "%"], ["", "", ""]]


def test_findings_of_saved_forms_are_counted(tmp_path):
    book = tmp_path / "财政 局（终稿）.xlsx"
    main(["demo", "-o", str(tmp_path)])
    next(tmp_path.glob("*.xlsx")).rename(book)
    listed = examine(*opened(book)).findings
    assert call("JX_FINDINGS", str(book)) == len(listed) > 0
    counts = [call("JX_FINDINGS", str(book), str(one)) for one in Severity]
    assert counts == [sum(one.severity is severity for one in listed) for severity in Severity]
    assert call("JX_FINDINGS", [[str(book)], [None]])[1] == [""]
    main(["clear", str(book)])
    assert call("JX_FINDINGS", str(book)) == len(examine(*opened(book)).findings)


def test_files_that_cannot_be_counted_say_why(tmp_path):
    (tmp_path / "别的.xlsx").write_text("不是工作簿")
    assert "没有找到" in call("JX_FINDINGS", str(tmp_path / "没有.xlsx"))
    assert "别的.xlsx" in call("JX_FINDINGS", str(tmp_path / "别的.xlsx"))
    assert call("JX_FINDINGS", str(tmp_path / "别的.xlsx"), "严重") == "只能写：错误、警告、提示、未检查"


@pytest.mark.parametrize(
    "path",
    [r"\\server\a.xlsx", "//server/a.xlsx", "https://a/b.xlsx", r"\\?\UNC\a\b", r"\??\UNC\a\b", "a.xlsx"],
)
def test_a_formula_never_calls_on_another_machine(path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.is_file", lambda path: pytest.fail("the file was looked for"))
    assert "本机" in call("JX_FINDINGS", path)


def test_a_text_with_a_number_sign_is_no_error():
    assert call("JX_NUMBER", "#NA") == "是文字，不是数" and "错误值" in call(
        "JX_NUMBER", COM_ERRORS["#DIV/0!"]
    )


def test_a_fault_of_ours_is_no_traceback(monkeypatch):
    monkeypatch.setattr(udf, "explained", lambda *given: 1 / 0)
    found = call("JX_EXPLAIN", GUANGZHOU, "结转结余率", CARRYOVER)
    assert "ZeroDivisionError" in found and "自检" in found and "\n" not in found


CELLS = st.none() | st.booleans() | st.text(max_size=12) | st.floats(allow_nan=False) | st.datetimes()


@given(st.sampled_from([one.name for one in FORMULAS if one.name != "JX_FINDINGS"]), st.data())
def test_whatever_stands_in_the_cells_a_formula_answers(name, data):
    one = next(one for one in FORMULAS if one.name == name)
    given = [data.draw(CELLS, argument.name) for argument in one.arguments]
    if one.arguments and one.arguments[0].name == "edition":
        given[0] = GUANGZHOU
    answer = call(name, *given)
    assert isinstance(answer, str | float) and "程序出错" not in str(answer)


def test_every_function_is_described_in_chinese_and_named_alike():
    for one in FORMULAS:
        assert one.name.startswith("JX_") and not one.said.isascii()
        assert all(not argument.said.isascii() for argument in one.arguments)
        required = [argument.optional for argument in one.arguments]
        assert required == sorted(required), "what may be left out stands last"


# ---------------------------------------------------------------- what is printed about them

ROOT = Path(__file__).parents[1]
README, SHEET = (ROOT / "README.md").read_text("utf-8"), (ROOT / "addin" / "验收.md").read_text("utf-8")


def test_readme_lists_every_function_and_no_other():
    told = set(re.findall(r"JX_[A-Z]+", README))
    assert told == {one.name for one in FORMULAS} - {"JX_VERSION"}


def test_the_acceptance_sheet_says_what_the_formulas_give():
    formula = re.search(r'=JX_RATE\("(.*?)",A1:A2,B1:B2\)', SHEET)
    typed = dict(re.findall(r"(?:在 )?([AB][12]) 填 `(.*?)`", SHEET.partition("## 按钮")[0]))
    found = call("JX_RATE", formula[1], [[typed["A1"]], [typed["A2"]]], [[typed["B1"]], [typed["B2"]]])
    assert found == [[1.05], ["实际值写的是约数"]] and f"1.05 和“{found[1][0]}”" in SHEET


def test_the_acceptance_sheet_has_excel_asked_by_the_doctor():
    """SelfTest is called only while Excel is open."""
    said = doctor._self_test(lambda: "OK").said
    opened, _, closed_again = SHEET.partition("## 打开")[2].partition("关闭 Excel，运行")
    assert "`jixiao doctor`" in opened and said in opened and closed_again


def test_the_acceptance_sheet_presses_every_button():
    assert [button.label for button in all_buttons() if button.label not in SHEET] == []


def test_the_commands_of_the_acceptance_sheet_are_understood(capsys):
    commands = re.findall(r"^    jixiao (.*)$", SHEET, re.M)
    assert len(commands) > 5
    for command in commands:
        with pytest.raises(SystemExit, match="0"):
            main([*command.split(), "--help"])
