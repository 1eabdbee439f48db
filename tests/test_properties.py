"""What must hold for whatever a unit fills in, plausible or not."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import filings
from jixiao.checking.check import check
from jixiao.checking.finding import Finding, Severity, count
from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.scoring.model import Assessment, Basis
from jixiao.scoring.score import score
from jixiao.verbs import examine, write_marks, write_scores
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.filling import fill
from jixiao.workbook.ledger import SHEET
from jixiao.workbook.marking.marks import clear_marks
from jixiao.workbook.reading import form_fields
from jixiao.workbook.scores.results import undo_scores
from rich_workbook import read_parts

RUBRIC = load_rubric("guangzhou-2023")
RIGHT = filings.filing_of("guangzhou-2023", filings.right("guangzhou-2023"))
BLANK = filings.filing_of("guangzhou-2023", {})
FIELDS = form_fields(RUBRIC)
SCORES = [f"score.{one.id}" for one in score(RUBRIC, BLANK).indicators]
IDS = re.compile("|".join(rf"\b{re.escape(id)}\b" for id in FIELDS if "." in id))
NOON = dt.datetime(2026, 11, 21, 12, 0)

# ---------------------------------------------------------------- what units fill in

plausible = some.one_of(
    some.integers(0, 20).map(Decimal),
    some.decimals(0, 1200, places=2),
    some.sampled_from(
        ["是", "否", "无", "/", "定性", "≥80个", "84家", "95%", "１０１％", "602.05万元", "12月", "年底前",
         "正向", "反向", "达成年度指标", "未达成", "没有重点评价", "满分", "5分", "已达标。", "数量指标"]
    ),
)  # fmt: skip
implausible = some.one_of(
    some.decimals(-(10**7), 10**14, places=1),
    some.sampled_from(
        ["约80", "80-90", "≤", "%", "-", "1/0", "=A1", "①", "5吨", "3千克", "2023年上级下达数", "13月40日",
         "100%（含）以上", "99999999999999999999", "½", "Ⅻ", "٣", "<b>&", "　", "优☑", "长" * 300]
    ),
    some.text(max_size=8).filter(lambda text: "{" not in text and "}" not in text and "None" not in text),
)  # fmt: skip
dates = some.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1))
storable = some.one_of(
    some.builds(Entry, plausible),
    some.builds(Entry, implausible),
    some.builds(Entry, some.decimals(0, 3, places=4), percent=some.just(True)),
    some.builds(Entry, some.booleans() | dates),
)
entries = storable | some.sampled_from(
    [Entry(error="#DIV/0!"), Entry(error="#REF!", formula="A1"), Entry(formula="NOW()", uncalculated=True)]
)
COLUMNS = [column.id for column in RUBRIC.blocks[0].columns]


def changed(
    base: Filing, values: Mapping[str, Entry], rows: Mapping[str, list[tuple[int, str, Entry]]]
) -> Filing:
    """These entries typed over those of the filing, each in its own cell."""

    def over(old: Entry, new: Entry) -> Entry:
        return msgspec.structs.replace(new, place=old.place)

    listed = {block: list(some_rows) for block, some_rows in base.rows.items()}
    for block, edits in rows.items():
        for number, column, entry in edits:
            row = listed[block][number]
            cells = {**row.entries, column: over(row[column], entry)}
            listed[block][number] = msgspec.structs.replace(row, entries=cells)
    new = {field: over(base[field], entry) for field, entry in values.items()}
    return msgspec.structs.replace(
        base,
        values={**base.values, **new},
        rows={block: tuple(some_rows) for block, some_rows in listed.items()},
    )


def filings_of(entries: some.SearchStrategy[Entry]) -> some.SearchStrategy[Filing]:
    cells = some.lists(some.tuples(some.integers(0, 7), some.sampled_from(COLUMNS), entries), max_size=14)
    return some.builds(
        changed,
        some.sampled_from([RIGHT, BLANK]),
        some.dictionaries(some.sampled_from(FIELDS), entries, max_size=30),
        some.fixed_dictionaries({"output": cells, "benefit": cells}),
    )


def assess(filing: Filing) -> Assessment:
    return score(RUBRIC, filing)


def findings(filing: Filing) -> tuple[Finding, ...]:
    return check(RUBRIC, filing, assess(filing))


def declared(filing: Filing) -> Filing:
    """The filing with every score that the software arrived at filled in, row by row, then the sums."""
    rows: dict[str, list[tuple[int, str, Entry]]] = {block.id: [] for block in RUBRIC.blocks}
    for row in assess(filing).rows:
        if row.score is not None:
            rows[row.block].append((row.number - 1, "score", Entry(row.score)))
    filing = changed(filing, {}, rows)
    values = {
        f"score.{one.id}": Entry(one.score) for one in assess(filing).indicators if one.score is not None
    }
    return changed(filing, values, {})


fast = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

# ---------------------------------------------------------------- scores


@fast
@given(filings_of(entries))
def test_no_score_is_below_zero_or_above_its_weight(filing):
    found = assess(filing)
    for one in (*found.indicators, *found.rows):
        if one.score is not None:
            assert 0 <= one.score <= one.weight, one
            assert one.score == round(one.score, 2)
        assert (one.score is None) == (one.basis is Basis.MISSING)


@fast
@given(filings_of(entries))
def test_levels_and_total_are_sums_of_the_printed_scores(filing):
    found = assess(filing)
    printed = {one.id: one.score or Decimal(0) for one in found.indicators}
    assert found.total == sum(printed.values())
    for level in found.levels:
        inside = [one for one in found.indicators if one.path[: len(level.path)] == level.path]
        assert level.score == sum(printed[one.id] for one in inside)
        assert level.weight == sum(one.weight for one in inside)


@fast
@given(filings_of(entries), some.dictionaries(some.sampled_from(SCORES), entries, max_size=20))
def test_what_is_declared_changes_no_score_that_is_computed_from_inputs(filing, scores):
    before, after = assess(filing).indicators, assess(changed(filing, scores, {})).indicators
    for one, other in zip(before, after, strict=True):
        if one.basis is Basis.COMPUTED and not one.judged:
            assert (other.score, other.basis, other.steps) == (one.score, one.basis, one.steps)


@fast
@given(filings_of(entries), some.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_sum(filing, random):
    mixed = {block: tuple(random.sample(rows, len(rows))) for block, rows in filing.rows.items()}
    other = assess(msgspec.structs.replace(filing, rows=mixed))
    found = assess(filing)
    assert [(one.id, one.score, one.basis) for one in other.indicators] == [
        (one.id, one.score, one.basis) for one in found.indicators
    ]
    assert (other.total, other.grade, other.unverified) == (found.total, found.grade, found.unverified)


# ---------------------------------------------------------------- findings


@fast
@given(filings_of(entries))
def test_every_filing_can_be_checked_and_nothing_is_said_twice(filing):
    found = findings(filing)
    said = [(one.code, one.subject, one.places) for one in found]
    assert len(said) == len(set(said))
    assert findings(filing) == found
    assert sum(count(found).values()) == len(found)


@fast
@given(filings_of(entries))
def test_every_finding_speaks_to_an_accountant(filing):
    for one in findings(filing):
        text = f"{one.text()}\n{one.stated}\n{one.expected}"
        assert not re.search(r"[{}]|None|Decimal|nan", text), text
        assert not IDS.search(text), text
        assert one.message and one.remedy and (one.clause or one.severity is Severity.UNCHECKED)
        assert one.points is None or one.points >= 0


@fast
@given(filings_of(entries))
def test_a_finding_stands_below_its_cause(filing):
    seen: set[tuple[str, str]] = set()
    for one in findings(filing):
        assert not one.caused_by or (one.caused_by, one.cause) in seen
        seen.add((one.code, one.subject))


@fast
@given(filings_of(entries))
def test_scores_filled_in_as_computed_are_never_questioned(filing):
    filled = declared(filing)
    codes = {"JX-201", "JX-203", "JX-204", "JX-205", "JX-206", "JX-208"}
    assert [one.message for one in findings(filled) if one.code in codes] == []
    assert assess(declared(filled)) == assess(filled)


def test_braces_and_signs_in_a_users_words_are_words():
    words = "{label}{0}%s<b>&“”"
    filing = changed(RIGHT, {"economic.wages": Entry(words)}, {"output": [(0, "name", Entry(words))]})
    said = "\n".join(one.text() for one in findings(filing))
    assert words in said


# ---------------------------------------------------------------- workbooks

few = settings(fast, max_examples=6)


@contextmanager
def filled_form(filing: Filing) -> Iterator[Path]:
    """A form with as much of the filing as cells can hold."""

    def kept(cells: Mapping[str, Entry], derived: set[str]) -> dict[str, Entry]:
        return {id: one for id, one in cells.items() if one.raw not in (None, "") and id not in derived}

    computed = {id for id, spec in RUBRIC.asked.items() if spec.derived} | {"total", "grade"}
    rows = {
        block: tuple(Row(kept(row.entries, {"rate"})) for row in listed)
        for block, listed in filing.rows.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "自评表（终稿）.xlsx"
        shutil.copy(data_folder("workbook_templates") / f"{RUBRIC.id}.xlsx", path)
        port = FilePort.open(path)
        fill(port, RUBRIC, Filing(RUBRIC.id, kept(filing.values, computed), rows))
        port.save()
        yield path


def everything(path: Path) -> dict[str, Any]:
    """All that a user sees: cells (of formulas the formula), notes, fills (of empty cells too); all names."""
    port = FilePort.open(path)
    seen: dict[str, Any] = {"names": dict(port.names())}
    for sheet in port.sheets():
        if sheet == SHEET:
            continue
        cells = port.cells(sheet)
        down, across = (max((place[n] for place in cells), default=0) for n in (0, 1))
        area = [(row, column) for row in range(1, down + 1) for column in range(1, across + 1)]
        seen[sheet] = (
            {
                place: one.formula or one.error or one.raw
                for place, one in cells.items()
                if one.formula or one.error or one.raw not in (None, "")
            },
            dict(port.notes(sheet)),
            {place: fill for place, fill in port.fills(sheet, area).items() if fill},
        )
    return seen


UNSTORABLE = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def marked(path: Path) -> dict[str, bytes]:
    """The parts of the file after a check that marks."""
    port = FilePort.open(path)
    write_marks(port, RUBRIC)
    port.save()
    return read_parts(path)


storable_filings = filings_of(storable.filter(lambda entry: not UNSTORABLE.search(str(entry.raw))))


def check_of(port: FilePort) -> tuple[Finding, ...]:
    return examine(port, RUBRIC).findings


def painted(path: Path) -> dict[str, Any]:
    """The fills of the sheets that are filled in; the list of findings has colours of its own."""
    seen = everything(path)
    return {sheet: seen[sheet][2] for sheet in seen if sheet not in ("names", "校验结果")}


def signed(finding: Finding) -> bool:
    return any(text[:1] in set("=+-@") for text in (finding.stated, finding.expected))


@few
@given(storable_filings.filter(lambda filing: not any(map(signed, findings(filing)))))
def test_marks_leave_no_trace_and_marking_twice_is_marking_once(filing):
    with filled_form(filing) as path:
        before = everything(path)
        once, twice = marked(path), marked(path)
        assert twice == once
        port = FilePort.open(path)
        in_question = any(one.places for one in check_of(port))
        assert in_question == any(fills != before[sheet][2] for sheet, fills in painted(path).items())
        clear_marks(port)
        port.save()
        assert everything(path) == before


@few
@given(storable_filings, some.booleans())
def test_undoing_gives_the_unit_its_own_words_back(filing, overwrite):
    with filled_form(filing) as path:
        before = everything(path)
        port = FilePort.open(path)
        write_scores(port, RUBRIC, overwrite=overwrite, when=NOON)
        port.save()
        port = FilePort.open(path)
        undo_scores(port, RUBRIC)
        port.save()
        after = everything(path)
        assert {sheet: after[sheet][:2] for sheet in after if sheet != "names"} == {
            sheet: before[sheet][:2] for sheet in before if sheet != "names"
        }
        assert after["names"] == before["names"]


def test_marking_twice_is_marking_once_where_a_text_begins_with_a_sign():
    with filled_form(changed(RIGHT, {"procurement.complaints": Entry(Decimal(-1))}, {})) as path:
        once, twice = marked(path), marked(path)
        assert twice == once
