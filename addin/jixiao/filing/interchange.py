"""A filing as a file of its own, YAML or JSON: text in, text out, nothing lost either way.

::

    edition: guangzhou-2023
    values:
      unit.name: 某局
      expenditure.general.adjusted: 603.17        # a number, exactly as written
      score.system: "5分"                          # quoted: text
      rate.m01: 95%                               # a number shown as a percentage
      unit.date: 2024-03-01                       # a date
    rows:
      output:
        - {name: 办件量, target: ≥80个, actual: 84个, weight: 10}

What plain writing cannot say is a small mapping: ``{number: 0.95, percent: true}``,
``{date: "2024-03-01"}`` (JSON knows no dates), ``{formula: "=B2*2", value: 6}``, the formula that
stood in the cell with its last value, ``{error: "#DIV/0!"}``. A row ``{}`` is an empty row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import msgspec
import yaml

from jixiao.filing.errors import FilingFileError
from jixiao.filing.model import Entry, Filing, Row, carried_down
from jixiao.filing.notation import number_text, read_date, read_plain, write_plain
from jixiao.filing.source import Node, read_nodes
from jixiao.rubric.model import Rubric, declared_cells, walk
from jixiao.rubric.source import did_you_mean

_PARTS = ("edition", "values", "rows")
_INTEGER = re.compile(r"[-+]?\d+|0o[0-7]+", re.ASCII)
"""A whole number of YAML 1.2, zeros in front included; PyYAML knows those of YAML 1.1."""
_WIDE = 1 << 30
"""Lines are never folded: a folded text would be read back with other blanks."""


def field_labels(rubric: Rubric) -> dict[str, str]:
    """Every field that a filing may hold a value for, with its Chinese name, in the order of the form."""
    indicators = {indicator.id: indicator for _, indicator in walk(rubric.levels)}
    words = {"score": "自评分", "reason": "未达标原因、改进措施"}
    declared = (cell.partition(".") for cell in declared_cells(indicators.values()))
    return {
        **{field: asked.label for field, asked in rubric.asked.items()},
        **{f"{kind}.{id}": f"{indicators[id].name}·{words[kind]}" for kind, _, id in declared},
        "total": "总分",
        "grade": "评价等级",
    }


# ---------------------------------------------------------------- from text


def read_filing_text(text: str, name: str, rubric: Rubric) -> Filing:
    """The filing that the file called ``name`` (``….json``, otherwise YAML) holds.

    Raises :class:`FilingFileError`, with the line, for whatever the rubric or the format does not know.
    """
    return _Reader(name, rubric).filing(read_nodes(text, name))


class _Reader:
    def __init__(self, name: str, rubric: Rubric) -> None:
        self._name = name
        self._rubric = rubric

    def filing(self, top: Node) -> Filing:
        parts = self._mapping(top, "填报文件要写成“edition: 版本”“values: 各项内容”“rows: 指标行”三部分")
        self._check_keys(parts, {part: "" for part in _PARTS})
        edition = self._text(parts["edition"], "edition") if "edition" in parts else ""
        if edition != self._rubric.id:
            line = parts["edition"].line if edition else top.line
            said = f"写的版本是“{edition}”" if edition else "没有写明版本（edition）"
            raise self._error(line, f"{said}，现在按版本“{self._rubric.id}”读。请核对版本。")
        labels = field_labels(self._rubric)
        values = self._part(parts, "values", "“编号: 内容”")
        self._check_keys(values, labels)
        entries = {field: self._entry(node, f"“{labels[field]}”") for field, node in values.items()}
        return Filing(edition, entries, self._rows(parts))

    def _rows(self, parts: Mapping[str, Node]) -> dict[str, tuple[Row, ...]]:
        blocks = {block.id: block for block in self._rubric.blocks}
        listed = self._part(parts, "rows", "“区块: 指标行”")
        self._check_keys(listed, {id: block.name for id, block in blocks.items()})
        rows: dict[str, tuple[Row, ...]] = {}
        for id, node in listed.items():
            block = blocks[id]
            if not isinstance(node.value, list) and not _empty(node):
                raise self._error(node.line, f"“{block.name}”要写成列表，每一行指标以 - 开头。")
            columns = {column.id: column.name for column in block.columns}
            items = node.value if isinstance(node.value, list) else []
            found = (
                self._row(item, columns, f"“{block.name}”第 {number} 行")
                for number, item in enumerate(items, 1)
            )
            rows[id] = carried_down(found, block.inherited)
        return rows

    def _row(self, node: Node, columns: Mapping[str, str], where: str) -> Row:
        cells = self._mapping(node, f"{where}要写成“列: 内容”；空行写 {{}}")
        self._check_keys(cells, columns)
        return Row({id: self._entry(cell, f"{where}的“{columns[id]}”") for id, cell in cells.items()})

    # ------------------------------------------------------------ one value

    def _entry(self, node: Node, where: str) -> Entry:
        if isinstance(node.value, Entry):
            return node.value
        if isinstance(node.value, list):
            raise self._error(node.line, f"{where}只能写一个内容，不能写列表。")
        parts = node.value
        kinds = {
            "formula": self._formula,
            "number": self._number,
            "date": self._date,
            "error": self._excel_error,
        }
        kind = next((kind for kind in kinds if kind in parts), None)
        if kind is None:
            known = "、".join(f"{{{kind}: …}}" for kind in kinds)
            raise self._error(node.line, f"{where}要写数字、文字、日期，或 {known}。")
        return kinds[kind](parts, node.line, where)

    def _number(self, parts: Mapping[str, Node], line: int, where: str) -> Entry:
        self._check_keys(parts, {"number": "", "percent": ""})
        number, percent = parts["number"].value, _scalar(parts.get("percent")) or False
        if not isinstance(number, Entry) or not isinstance(number.raw, Decimal) or number.percent:
            raise self._error(
                line, f"{where}的 number 要写数字，不带引号和 %；是百分数的加上 percent: true。"
            )
        if not isinstance(percent, bool):
            raise self._error(line, f"{where}的 percent 要写 true 或 false。")
        return Entry(number.raw, percent=percent)

    def _date(self, parts: Mapping[str, Node], line: int, where: str) -> Entry:
        self._check_keys(parts, {"date": ""})
        said = _scalar(parts["date"])
        day = read_date(said) if isinstance(said, str) else said
        if not isinstance(day, dt.date):
            raise self._error(line, f"{where}的日期要写成 2024-03-01 或 2024-03-01T10:30:00。")
        return Entry(day)

    def _formula(self, parts: Mapping[str, Node], line: int, where: str) -> Entry:
        self._check_keys(parts, {"formula": "", "value": "", "error": ""})
        formula = self._text(parts["formula"], f"{where}的公式").removeprefix("=")
        if not formula or {"value", "error"} <= parts.keys():
            raise self._error(line, f"{where}的公式不能是空的，它的结果只能写 value 和 error 中的一个。")
        error = self._text(parts["error"], f"{where}的错误值") if "error" in parts else ""
        value = self._entry(parts["value"], where) if "value" in parts else Entry()
        if value.formula or value.error:
            raise self._error(line, f"{where}的公式，结果（value）要写数字、文字或日期。")
        uncalculated = value.raw is None and not error
        return msgspec.structs.replace(value, formula=formula, error=error, uncalculated=uncalculated)

    def _excel_error(self, parts: Mapping[str, Node], line: int, where: str) -> Entry:
        self._check_keys(parts, {"error": ""})
        return Entry(error=self._text(parts["error"], f"{where}的错误值"))

    # ------------------------------------------------------------ what is asked of a node

    def _text(self, node: Node, where: str) -> str:
        text = _scalar(node)
        if not isinstance(text, str) or not text:
            raise self._error(node.line, f"{where}要写文字。")
        return text

    def _part(self, parts: Mapping[str, Node], part: str, shape: str) -> Mapping[str, Node]:
        node = parts.get(part)
        return {} if node is None or _empty(node) else self._mapping(node, f"{part} 要写成{shape}的一组")

    def _mapping(self, node: Node, otherwise: str) -> Mapping[str, Node]:
        if not isinstance(node.value, dict):
            raise self._error(node.line, f"{otherwise}。")
        return node.value

    def _check_keys(self, found: Mapping[str, Node], known: Mapping[str, str]) -> None:
        for key, node in found.items():
            if key not in known:
                raise self._error(node.line, f"不认识“{key}”{_meant(key, known)}")

    def _error(self, line: int, message: str) -> FilingFileError:
        return FilingFileError(self._name, line, message)


def _scalar(node: Node | None) -> object:
    return node.value.raw if node is not None and isinstance(node.value, Entry) else None


def _empty(node: Node) -> bool:
    return isinstance(node.value, Entry) and node.value.raw is None


def _meant(word: str, known: Mapping[str, str]) -> str:
    """``known`` maps ids to Chinese names; people may have written either."""
    named = {label: id for id, label in known.items() if label}
    close = get_close_matches(word, named, n=1, cutoff=0.6)
    return f"，是否想写“{named[close[0]]}”（{close[0]}）？" if close else did_you_mean(word, known)


# ---------------------------------------------------------------- to text


def filing_text(filing: Filing, *, as_json: bool) -> str:
    """The filing as the text of a file; places and what the form lacks are not part of it."""
    write = _for_json if as_json else _for_yaml
    data: dict[str, Any] = {
        "edition": filing.edition,
        "values": {field: write(entry) for field, entry in filing.values.items()},
        "rows": {
            block: [{column: write(entry) for column, entry in row.entries.items()} for row in rows]
            for block, rows in filing.rows.items()
        },
    }
    if as_json:
        return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE,
                     default_flow_style=False)  # fmt: skip


def _with_formula(entry: Entry, value: Any) -> Any:
    if not entry.formula:
        return {"error": entry.error} if entry.error else value
    result = {"error": entry.error} if entry.error else {} if entry.uncalculated else {"value": value}
    return {"formula": f"={entry.formula}", **result}


def _for_json(entry: Entry) -> Any:
    raw = entry.raw
    if isinstance(raw, Decimal):
        exact = msgspec.Raw(number_text(raw).encode())
        return _with_formula(entry, {"number": exact, "percent": True} if entry.percent else exact)
    return _with_formula(entry, {"date": write_plain(entry)} if isinstance(raw, dt.date) else raw)


def _for_yaml(entry: Entry) -> Any:
    return _with_formula(entry, entry.raw if isinstance(entry.raw, str) else _Plain(write_plain(entry)))


class _Plain(str):
    """To be written without quotes."""


class _Dumper(yaml.SafeDumper):
    """Writes a text without quotes only where it is read back as that text."""

    yaml_implicit_resolvers: dict[Any, Any] = {}
    """PyYAML's own idea of numbers, dates and yes/no has no part in this."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def plain(self, data: _Plain) -> yaml.Node:
        return self.represent_scalar("tag:yaml.org,2002:str", data)

    def text(self, data: str) -> yaml.Node:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=_style(data))


_Dumper.add_representer(_Plain, _Dumper.plain)
_Dumper.add_representer(str, _Dumper.text)


def _style(text: str) -> str | None:
    """A block for paragraphs, double quotes where a plain text would be read as something else."""
    lines = text.split("\n")
    if any(not line.isprintable() for line in lines):
        return '"'
    if len(lines) > 1:
        return "|" if all(line and line == line.strip() for line in lines) else '"'
    try:
        return None if read_plain(text) == Entry(text) and not _no_text_to_others(text) else '"'
    except ValueError:
        return '"'


def _no_text_to_others(text: str) -> bool:
    """Other programs take more than we do for numbers, times, yes and no: ``0012``, ``12:30``, ``yes``."""
    patterns = yaml.SafeDumper.yaml_implicit_resolvers.get(text[:1], [])
    return any(pattern.match(text) for _, pattern in patterns) or bool(_INTEGER.fullmatch(text))
