"""The published JSON Schemas of filings and rule files, for editors and other programs.

They are generated: ``python -m jixiao.schemas`` writes ``rubric_rules/schemas`` anew after the rules
or their model have changed. A schema of rule files asks for no key to be there, because an edition
that extends another writes only what differs; what is missing is found when the rules are loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from jixiao.filing.interchange import field_labels
from jixiao.filing.notation import DATE, TIME
from jixiao.rubric.load import DROP, data_folder, edition_folders, load_rubric
from jixiao.rubric.model import Field, Ratio, Rubric
from jixiao.workbook.form import Form

FOLDER = "schemas"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LOADED = {"Rubric": ("asked", "rules"), "Indicator": ("options",)}
"""Keys that the loader fills in; no file may write them."""
_FIXED = ("id", "method")
"""Keys that do not depend on how an ambiguity is read."""

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """All schemas by the name of their file."""
    editions = sorted(edition_folders([data_folder("rubric_rules")]))
    return {
        "filing.schema.json": filing_schema(),
        **{f"filing.{one}.schema.json": filing_schema(load_rubric(one)) for one in editions},
        "rubric.schema.json": rubric_schema(),
        "form.schema.json": form_schema(),
    }


def text_of(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into the folder; the files written."""
    folder.mkdir(exist_ok=True)
    written = []
    for name, schema in schemas().items():
        (folder / name).write_text(text_of(schema), encoding="utf-8", newline="\n")
        written.append(folder / name)
    return written


# ---------------------------------------------------------------- filings

_VALUE = {"$ref": "#/$defs/value"}
_GROUP = ["object", "null"]
"""A group of which nothing is written is null in YAML."""
_DEFINITIONS: Schema = {
    "value": {
        "description": "一格的内容。文字照填；null 是没有填。不加引号的 95% 在 YAML 里是百分数。",
        "anyOf": [
            {"$ref": "#/$defs/plain"},
            {
                "description": "单元格里是公式：formula 是公式；value 是它的结果，没有计算过的不写；"
                "结果是错误值的写 error。填入工作簿时只填结果，不填公式。",
                "type": "object",
                "properties": {
                    "formula": {"type": "string", "minLength": 1},
                    "value": {"$ref": "#/$defs/plain"},
                    "error": {"$ref": "#/$defs/error"},
                },
                "required": ["formula"],
                "not": {"required": ["value", "error"]},
                "additionalProperties": False,
            },
            {
                "description": "错误值，例如 #DIV/0!。不能填入工作簿。",
                "type": "object",
                "properties": {"error": {"$ref": "#/$defs/error"}},
                "required": ["error"],
                "additionalProperties": False,
            },
        ],
    },
    "error": {"type": "string", "minLength": 1},
    "plain": {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            {
                "description": "数字；percent 为 true 的显示成百分数：{number: 0.95, percent: true} 是 95%。",
                "type": "object",
                "properties": {"number": {"type": "number"}, "percent": {"type": "boolean"}},
                "required": ["number"],
                "additionalProperties": False,
            },
            {
                "description": "日期，或日期和时间。YAML 里也可以直接写 2024-03-01。",
                "type": "object",
                "properties": {"date": {"type": "string", "pattern": f"^{DATE}([T ]{TIME})?$"}},
                "required": ["date"],
                "additionalProperties": False,
            },
        ],
    },
}


def filing_schema(rubric: Rubric | None = None) -> Schema:
    """The schema of filings; for one edition it lists the fields, blocks and columns by name."""
    values: Schema = {"type": _GROUP, "additionalProperties": _VALUE}
    rows: Schema = {"type": _GROUP, "additionalProperties": _block({"additionalProperties": _VALUE})}
    edition: Schema = {"type": "string", "description": "评分版本，例如 guangzhou-2023。"}
    if rubric is not None:
        edition["const"] = rubric.id
        values = _closed(
            {id: _described(label, rubric.asked.get(id)) for id, label in field_labels(rubric).items()}
        )
        blocks = {
            block.id: _block(_closed({one.id: {"description": one.name, **_VALUE} for one in block.columns}))
            for block in rubric.blocks
        }
        rows = _closed({block.id: {"description": block.name, **blocks[block.id]} for block in rubric.blocks})
    return {
        "$schema": _DIALECT,
        "title": "绩效自评填报" + (f"：{rubric.title}" if rubric else ""),
        "type": "object",
        "properties": {
            "edition": edition,
            "values": {"description": "填报项：编号和内容。", **values},
            "rows": {"description": "单位自己填的指标行；{} 是空行。", **rows},
        },
        "required": ["edition"],
        "additionalProperties": False,
        "$defs": _DEFINITIONS,
    }


def _closed(properties: Schema) -> Schema:
    return {"type": _GROUP, "properties": properties, "additionalProperties": False}


def _block(row: Schema) -> Schema:
    return {"type": ["array", "null"], "items": {**row, "type": "object"}}


def _described(label: str, field: Field | None) -> Schema:
    unit = f"（{field.unit}）" if field and field.unit else ""
    offered = f"可填：{'、'.join(field.choices)}。" if field and field.choices else ""
    return {"description": f"{label}{unit}。{offered}{field.help if field else ''}", **_VALUE}


# ---------------------------------------------------------------- rule files


def rubric_schema() -> Schema:
    """The schema of rubric.yaml, fields.yaml, checks.yaml and findings.yaml."""
    top, parts = _parts(Rubric)
    for part, keys in _LOADED.items():
        for key in keys:
            del parts[part]["properties"][key]
    for part in parts.values():
        properties = part.get("properties", {})
        part["properties"] = {
            key: value if key in _FIXED else _optional(value) for key, value in properties.items()
        } | {DROP: {"description": "true：去掉被扩展的版本里的这一条。", "type": "boolean"}}
    parts["Rubric"]["properties"] |= {"extends": {"type": "string"}}
    return {"$schema": _DIALECT, "title": "评分规则文件", **top, "$defs": parts}


def form_schema() -> Schema:
    """The schema of form.yaml."""
    top, parts = _parts(Form)
    return {
        "$schema": _DIALECT,
        "title": "工作簿说明（form.yaml）",
        "type": "object",
        "properties": {"form": top},
        "required": ["form"],
        "additionalProperties": False,
        "$defs": parts,
    }


def _parts(model: type) -> tuple[Schema, Schema]:
    """The schema of a model and of its parts, with values written as people write them in YAML."""
    tops, parts = msgspec.json.schema_components([model], schema_hook=_custom, ref_template="#/$defs/{name}")
    return tops[0], {name: _written(part) for name, part in parts.items()}


def _custom(kind: type) -> Schema:
    """Types that the loader makes from a text: a ratio such as 60%, or a word of its own."""
    ratio = {"pattern": r"^-?\d+(\.\d+)?%?$"} if kind is Ratio else {}
    return {"type": ["number", "string"], **ratio}


def _written(schema: Any) -> Any:
    """Numbers may stand in quotes, and no key must be there."""
    if isinstance(schema, list):
        return [_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal" or schema.get("type") in ("number", "integer"):
        default = {"default": schema["default"]} if "default" in schema else {}
        return {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?$", **default}
    properties = {key: _written(value) for key, value in schema.get("properties", {}).items()}
    left_out = ("required", "discriminator", "properties")
    rest = {key: _written(value) for key, value in schema.items() if key not in left_out}
    return {**rest, "properties": properties} if properties else rest


def _optional(schema: Schema) -> Schema:
    """The same value, or ``{option: 选项, 读法: 值, …}`` with such a value for each reading."""
    inner = dict(schema)
    for key in ("items", "additionalProperties"):
        if isinstance(inner.get(key), dict):
            inner[key] = _optional(inner[key])
    readings = {"type": "object", "properties": {"option": {"type": "string"}}, "additionalProperties": inner}
    return {"if": {"type": "object", "required": ["option"]}, "then": readings, "else": inner}


if __name__ == "__main__":
    for path in write_schemas(data_folder("rubric_rules") / FOLDER):
        print(path)
