"""The official forms inside a report as a filing, so that the form's own checks look at them.

Rows are told by their labels, columns by their headers; what is not told is left out, and what the
report does not hold is gone from the form: nothing is missing from a form that a report need not
hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.claims import Claim
from jixiao.audit.document import Document, Table, Words
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.tables import IndicatorRow, IndicatorTable
from jixiao.filing.model import Entry, Filing, Gap, Place, Row
from jixiao.filing.quantity import read_field
from jixiao.rubric.model import Adjustment, Block, Overrun, Rubric, declared_cells, walk
from jixiao.rubric.reads import reads

_NUMBERED = re.compile(
    r"^(?:\d{1,2}[、.]|\(\d\)|[一二三四五六七八九][、.])|^(?:其中|包括|\d{4}年(?:度|末)?)[:：]?|[:：]$"
    r"|\([^()]*\)$"
)
_COLUMNS_AT_LEAST = 2
"""A row with fewer names of columns is no header."""
EXACT = Decimal("0.005")
"""Half a unit of the last place that forms print; what is rounded more does not add up."""
_LEAD_AT_MOST = 15
_TEXT_AT_LEAST = 8
"""A shorter text below or beside a label is another label."""


class Forms(msgspec.Struct, frozen=True):
    """The filing that the tables of a report make up, and the cells that its places stand for."""

    filing: Filing
    cells: Mapping[Place, Cell]
    claims: tuple[Claim, ...]
    """All numbers that stand beside a field's label, also those told a second time."""
    rows_lost: bool
    """Some rows of the indicators are out of their columns, and were not read."""


class Cell(msgspec.Struct, frozen=True):
    """A cell of a report, or the words of its text from ``start`` to ``end``.

    ``beside`` says what it is about where it is empty itself.
    """

    document: str
    words: Words
    beside: Words | None = None
    span: tuple[int, int] | None = None

    @property
    def shown(self) -> tuple[Words, int, int]:
        if self.span is not None:
            return (self.words, *self.span)
        words = self.beside if self.beside is not None and not self.words.text else self.words
        return words, 0, len(words.text)

    @property
    def place(self) -> str:
        return self.words.place(self.span[0] if self.span else 0)


class _Places:
    """Gives each cell a place of its own; ``第 12 行`` may be that of several cells."""

    def __init__(self) -> None:
        self.cells: dict[Place, Cell] = {}

    def claimed(self, claim: Claim) -> Entry:
        place = Place(str(len(self.cells)))
        self.cells[place] = Cell(claim.document, claim.words, span=(claim.start, claim.end))
        return Entry(claim.value, place)

    def entry(self, document: str, words: Words, beside: Words | None = None) -> Entry:
        raw = "\n".join(segment.text.strip() for segment in words.segments if segment.text.strip())
        place = Place(str(len(self.cells)))
        self.cells[place] = Cell(document, words, beside)
        return Entry(raw or None, place)


def forms_of(
    documents: Sequence[Document],
    tables: Sequence[IndicatorTable],
    claims: Sequence[Claim],
    rubric: Rubric,
    lexicon: Lexicon,
) -> Forms:
    """What the tables of the documents say of the edition's form, and ``claims`` where they do not."""
    places = _Places()
    values: dict[str, Entry] = {}
    told: list[Claim] = []
    labels = _Labels(rubric)
    for document in documents:
        for plain in document.tables:
            for field, cell in labels.fields(plain):
                values.setdefault(field, places.entry(document.name, cell))
                kind = rubric.asked[field].type if field in rubric.asked else "score"
                value = read_field(Entry(cell.text), kind).value
                if isinstance(value, Decimal):
                    told.append(Claim(field, value, EXACT, document.name, cell, 0, len(cell.text)))
    rows: dict[str, list[tuple[IndicatorTable, Row]]] = {}
    texts = _Explanations(documents, lexicon)
    # Of two tables with the same rows, the one that has room for reasons tells more.
    for table in sorted(tables, key=lambda one: "reason" not in one.columns):
        for block, row in _rows(table, rubric):
            known = rows.setdefault(block.id, [])
            if all(other is table or not _alike(row, typed) for other, typed in known):
                known.append((table, _row(block, row, table, places, texts)))
        for total in table.totals:
            least = 1 + ("weight" in table.columns)
            named = "总分" in next(cell.text for cell in total if cell.text)
            if named and (score := _number(total, least)):
                values.setdefault("total", places.entry(table.document, score))
    for claim in claims:
        if claim.slack <= EXACT or claim.field in rubric.asked and rubric.asked[claim.field].type == "count":
            values.setdefault(claim.field, places.claimed(claim))
    for field, sentence in texts.of(rubric).items():
        values.setdefault(field, Entry(sentence))
    declared = declared_cells([indicator for _, indicator in walk(rubric.levels)])
    gone = [field for field in (*rubric.asked, *declared, "total", "grade") if field not in values]
    homes = {field: entry.place for field, entry in values.items() if entry.place}
    filing = Filing(
        rubric.id,
        values,
        {id: tuple(row for _, row in found) for id, found in rows.items()},
        gaps=(Gap("report", "", tuple(gone)),),
        homes=homes,
    )
    scored = [block.id for block in rubric.blocks if block.row_rule]
    lost = any(table.shifted for table in tables) or not all(rows.get(id) for id in scored)
    return Forms(filing, places.cells, tuple(told), lost)


# ---------------------------------------------------------------- the unit's indicators


def _rows(table: IndicatorTable, rubric: Rubric) -> Iterator[tuple[Block, IndicatorRow]]:
    if {"target", "actual", "weight", "score"} <= table.columns:
        for row in table.rows:
            if (block := _block(row.level1, row.level2, rubric)) is not None:
                yield block, row


def _row(
    block: Block, row: IndicatorRow, table: IndicatorTable, places: _Places, texts: _Explanations
) -> Row:
    """A row as on the form; the reason may stand anywhere in the report."""
    name = row.cells["name"]
    entries = {column: places.entry(table.document, cell, name) for column, cell in row.cells.items()}
    entries |= {"level1": Entry(row.level1), "level2": Entry(row.level2, entries["name"].place)}
    reason = entries.get("reason", Entry())
    if reason.blank and (told := texts.about(row.name)):
        entries["reason"] = Entry(told, reason.place)
    known = {column.id for column in block.columns}
    return Row({id: one for id, one in entries.items() if id in known}, entries["name"].place)


def _alike(row: IndicatorRow, typed: Row) -> bool:
    """The same indicator, listed a second time in another table."""
    text = str(typed["target"].raw or "")
    same = Words.of(text).text == row.text("target")
    return same or Words.of(str(typed["name"].raw or "")).text == row.name


def _block(level1: str, level2: str, rubric: Rubric) -> Block | None:
    scored = [block for block in rubric.blocks if block.row_rule]
    for block in scored:
        if block.name.removesuffix("指标") in level1.partition("(")[0]:
            return block
    return next((block for block in scored if level2 in block.classes), None)


# ---------------------------------------------------------------- amounts, counts, texts

_AMOUNT = re.compile(r"-?[\d,]+(?:\.\d+)?")


class _Labels:
    """The labels of the form's fields, as tables print them."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        self._ids: dict[str, list[str]] = {}
        for id, field in rubric.fields.items():
            if field.type in ("money", "count", "area", "percent", "longtext"):
                for part in (field.label, field.label.rpartition("·")[2], field.label.rpartition("表的")[2]):
                    self._ids.setdefault(bare(part), []).append(id)
        self._columns = {bare(label): id for id, label in rubric.amount_columns.items()}
        self._columns |= {"全年执行数": "actual", "执行数": "actual", "分值": "weight", "得分": "score"}
        self._dated = {f"{rubric.year - 1}年决算数": "previous", f"{rubric.year}年预算数": "budget",
                       f"{rubric.year}年决算数": "actual"}  # fmt: skip
        self._scored = {
            read.field.rpartition(".")[0]: one.id
            for _, one in walk(rubric.levels)
            for read in reads(one.rule)
            if not one.summed and read.field.endswith(".actual")
        }

    def fields(self, table: Table) -> Iterator[tuple[str, Words]]:
        """Cells beside or below a field's label; amounts in the label's row, below the column's header."""
        header: dict[int, str] = {}
        width = 0
        for number, row in enumerate(table.rows):
            if columns := self._header(row):
                header, width = columns, len(row)
                continue
            rows = (one if len(one) == len(row) else () for one in table.rows[number + 1 : number + 3])
            below, after = (*rows, (), ())[:2]
            for place, cell in enumerate(row):
                if place and row[place - 1] is cell:
                    continue
                ids = list(dict.fromkeys(self._ids.get(bare(cell.text), [])))
                told = [found for id in ids for found in self._amounts(id, place, row, header)]
                amounts = told if _in_columns(row, place, header, width) else []
                yield from amounts
                for id in ids if not told else ():
                    listed = any(_both_amounts(one, other) for one, other in _column(below, after, place))
                    listed = listed or _slipped_below(table.rows[number + 2 : number + 3], row)
                    if value := self._value(id, place, row, () if listed else below):
                        yield id, value

    def _header(self, row: Sequence[Words]) -> dict[int, str]:
        found: dict[int, str] = {}
        for place, cell in enumerate(row):
            column = self._dated.get(cell.text) or self._columns.get(bare(cell.text))
            if column and column not in found.values():
                found[place] = column
        amounts = [one for one in found.values() if one not in ("weight", "score")]
        return found if len(amounts) >= _COLUMNS_AT_LEAST else {}

    def _amounts(
        self, id: str, place: int, row: Sequence[Words], header: Mapping[int, str]
    ) -> Iterator[tuple[str, Words]]:
        for column, amount in header.items():
            field = f"{id}.{amount}"
            if column <= place or column >= len(row):
                continue
            if field in self._rubric.asked and not _unreadable(row[column], "money"):
                yield field, row[column]
            elif amount == "score" and id in self._scored and not _unreadable(row[column], "score"):
                yield f"score.{self._scored[id]}", row[column]

    def _value(self, id: str, place: int, row: Sequence[Words], below: Sequence[Words]) -> Words | None:
        field = self._rubric.asked.get(id)
        if field is None:
            return None
        cells = [cell for cell in row[place + 1 :] if cell is not row[place]]
        right = cells[0] if cells else None
        after = next((cell for cell in cells if cell is not right), None)
        if field.type in ("money", "count") and right and after and _both_amounts(right, after):
            return None  # amounts of several columns, with a header that is not known
        for cell in (right, below[place] if place < len(below) else None):
            if cell is None or not cell.text:
                continue
            if field.type == "longtext":
                if len(cell.text) >= _TEXT_AT_LEAST and bare(cell.text) not in self._ids:
                    return cell
            elif not _unreadable(cell, field.type):
                return cell
        return None


def _in_columns(row: Sequence[Words], place: int, header: Mapping[int, str], width: int) -> bool:
    """The label stands before the columns, and no cell of its row has slipped."""
    at = {column: row[one].text for one, column in header.items() if one < len(row)}
    scored = "score" not in at or bool(at["score"]) == bool(at.get("weight", at["score"]))
    return len(row) == width and place not in header and scored and "%" not in at.get("weight", "")


def _column(below: Sequence[Words], after: Sequence[Words], place: int) -> Iterator[tuple[Words, Words]]:
    """The two cells below a label: with a number in each it heads a list, and is no form's."""
    if place < min(len(below), len(after)):
        yield below[place], after[place]


def _slipped_below(after: Sequence[Sequence[Words]], row: Sequence[Words]) -> bool:
    """The second row below has figures, and is out of its columns: they may be those of a list."""
    figures = [cell for one in after if len(one) != len(row) for cell in one if _AMOUNT.fullmatch(cell.text)]
    return len(figures) > 1


def _both_amounts(one: Words, other: Words) -> bool:
    return all(_AMOUNT.fullmatch(cell.text) for cell in (one, other))


def _unreadable(cell: Words, kind: str) -> bool:
    return bool(read_field(Entry(cell.text or None), kind).why)


def bare(text: str) -> str:
    """A label without number, 其中, year, unit and colon."""
    before = ""
    while before != text:
        before, text = text, _NUMBERED.sub("", text)
    return text.replace("“", "").replace("”", "")


def _number(row: Sequence[Words], least: int) -> Words | None:
    """The last of at least so many numbers of a total row: the score stands after the weight."""
    found = [cell for cell in row if re.fullmatch(r"\d+(?:\.\d+)?", cell.text)]
    return found[-1] if len(found) >= least else None


# ---------------------------------------------------------------- reasons told in the text


_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?[万亿千百]?元")
"""Explains, but states nothing of the form: the amounts in a sentence may be those of a part."""


def _lead(text: str) -> str:
    """What a paragraph says before a colon that all its sentences are about: 偏差原因：甲……；乙……."""
    before, colon, _ = text.partition(":")
    return before if colon and len(before) <= _LEAD_AT_MOST else ""


class _Explanations:
    """Sentences that give a cause; what a report explains in its text is explained."""

    def __init__(self, documents: Sequence[Document], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        causes = re.compile("|".join(map(re.escape, lexicon.words.causes)))
        self._sentences = [
            sentence
            for document in documents
            for paragraph in document.paragraphs
            for sentence in re.split("[。；;]", paragraph.text)
            if causes.search(sentence) or causes.search(_lead(paragraph.text))
        ]

    def about(self, name: str) -> str:
        """The sentence that tells why it is so with an indicator of this name."""
        return next((one for one in self._sentences if len(name) > 1 and name in one), "")

    def of(self, rubric: Rubric) -> dict[str, str]:
        """What explains the form's overruns and adjustments: field of the explanation -> sentence."""
        found: dict[str, str] = {}
        words = self._lexicon.words.changes
        moves = re.compile("|".join(map(re.escape, [*words["up"], *words["down"], "调整", "追加", "超"])))
        rules: list[Overrun | Adjustment] = [*rubric.checks.overruns, *rubric.checks.adjustments]
        for rule in rules:
            subject = self._lexicon.subject(rule.name)
            for sentence in self._sentences:
                same = subject and self._lexicon.subject(sentence) == subject
                if moves.search(sentence) and (same or rule.name in sentence or "预算" in sentence):
                    for field in rule.explained_by:
                        found.setdefault(field, _FIGURE.sub("", sentence))
        return found
