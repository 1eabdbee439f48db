"""From a folder of rule files to a :class:`Rubric`, with the line of whatever is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from jixiao.rubric import model
from jixiao.rubric.errors import EditionNotFound, RuleFileError
from jixiao.rubric.model import Earning, Ratio, Rubric
from jixiao.rubric.source import NAMES, by_name, did_you_mean, line_of, locate, read_yaml, steps_of

FILES = ("rubric.yaml", "fields.yaml", "checks.yaml", "findings.yaml")
CATALOGUE = "findings.yaml"
"""Stands beside the editions and is shared by them; an edition's own file of that name lies over it."""
DROP = "drop"
"""``drop: true`` in an edition laid over another takes out the record of that id, name or key."""
_PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """A folder of data that ships with the program: inside the installed package, or the checkout."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent.parent / name


def rule_folders(extra: str | Path | None = None) -> list[Path]:
    """Where editions are looked for: ``extra`` (--rules), JIXIAO_RULES, then ours."""
    given = [extra, os.environ.get("JIXIAO_RULES")]
    folders = [Path(folder) for folder in given if folder]
    for folder in folders:
        if not folder.is_dir():
            raise EditionNotFound(f"规则文件夹“{folder}”不存在。请检查 --rules 或环境变量 JIXIAO_RULES。")
    return [*folders, data_folder("rubric_rules")]


def edition_folders(folders: Sequence[Path]) -> dict[str, Path]:
    """All editions found, id -> folder; an earlier folder wins over a later one."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*/rubric.yaml")):
            if not is_base(file.parent):
                found.setdefault(file.parent.name, file.parent)
    return found


def is_base(folder: Path) -> bool:
    """A folder ``_<name>`` holds what editions share; they extend it, and it is no edition itself."""
    return folder.name.startswith("_")


def _find_below(name: str, folders: Sequence[Path]) -> Path:
    """The edition or base that an edition extends. Raises :class:`EditionNotFound`."""
    bases = (folder / name for folder in folders if is_base(Path(name)))
    base = next((base for base in bases if (base / FILES[0]).exists()), None)
    return base or find_edition(name, folders)


def find_edition(edition: str, folders: Sequence[Path]) -> Path:
    found = edition_folders(folders)
    if edition not in found:
        raise EditionNotFound(
            f"没有名为“{edition}”的评分版本{did_you_mean(edition, found)}"
            f"现有版本：{'、'.join(sorted(found)) or '（无）'}。"
        )
    return found[edition]


def ships(edition: str, rules: str | Path | None = None) -> bool:
    """Whether the edition is one of ours, not one of a user's folder."""
    return find_edition(edition, rule_folders(rules)).parent == data_folder("rubric_rules")


class Source(msgspec.Struct):
    """An edition's files, read and merged, before they are typed."""

    data: dict[str, Any]
    files: dict[str, Path]
    """Top-level key -> the file of this edition in which it stands."""
    folder: Path
    parents: list[Path] = []
    layers: list[dict[str, Path]] = []
    """``files`` of this edition, then of those that it is laid over."""

    def error(self, path: str, message: str, chosen: dict[str, str] | None = None) -> RuleFileError:
        file, line = self.place(steps_of(path), chosen or {})
        return RuleFileError(file, line, message)

    def place(self, steps: Sequence[str | int], chosen: dict[str, str]) -> tuple[Path, int]:
        """File and line of what stands at ``steps``, in the uppermost edition that says it."""
        named = by_name(self.data, steps, chosen)
        best = (self.folder / FILES[0], 1, 0)
        for files in self.layers if steps else []:
            if file := files.get(str(steps[0])):
                line, count = locate(file, named, chosen)
                best = (file, line, count) if count > best[2] else best
        return best[0], best[1]


def read_source(folder: Path, folders: Sequence[Path], seen: tuple[Path, ...] = ()) -> Source:
    """The files of an edition; with ``extends: <edition>``, laid over those of that edition."""
    source = Source(data={}, files={}, folder=folder)
    for name in FILES:
        file = folder / name
        if file.exists():
            for key, value in read_yaml(file).items():
                if key in source.data:
                    raise RuleFileError(
                        file, line_of(file, [key], {}), f"“{key}”在 {source.files[key].name} 里已经写过。"
                    )
                source.data[key], source.files[key] = value, file
    source.layers = [source.files]
    base = str(source.data.pop("extends", ""))
    if not base:
        return _over_catalogue(source)
    file = source.files.pop("extends")
    try:
        parent = _find_below(base, folders)
    except EditionNotFound as error:
        raise RuleFileError(file, line_of(file, ["extends"], {}), str(error)) from error
    if parent in (folder, *seen):
        raise RuleFileError(file, line_of(file, ["extends"], {}), f"版本“{base}”互相引用，请改正 extends。")
    below = read_source(parent, folders, (*seen, folder))
    source.data = overlay(below.data, source.data)
    source.layers += below.layers
    source.parents = [parent, *below.parents]
    return source


def _over_catalogue(source: Source) -> Source:
    file = data_folder("rubric_rules") / CATALOGUE
    source.data = overlay(read_yaml(file), source.data)
    source.layers.append({"findings": file})
    return source


def overlay(below: Any, above: Any) -> Any:
    """``above`` laid over ``below``: mappings key by key, lists of named records record by record.

    ``{id: x, drop: true}``, or ``x: {drop: true}``, takes out what stands below; ``[]`` takes out a
    whole list. A rule of another method, and readings of another option, are replaced as a whole.
    """
    if isinstance(below, dict) and isinstance(above, dict):
        if above.get("method", below.get("method")) != below.get("method"):
            return above
        if above.get("option") != below.get("option"):
            return above
        merged = {key: value for key, value in below.items() if not _dropped(above.get(key))}
        for key, value in above.items():
            if key not in below:
                merged[key] = value
            elif key in merged:
                merged[key] = overlay(below[key], value)
        return merged
    name = next((name for name in NAMES if _named(below, name) and _named(above, name)), None)
    if name:
        known = {record[name] for record in below}
        changed = {record[name]: record for record in above}
        kept = [old for old in below if not _dropped(changed.get(old[name]))]
        return [overlay(old, changed[old[name]]) if old[name] in changed else old for old in kept] + [
            record for record in above if record[name] not in known
        ]
    return above


def _dropped(value: Any) -> bool:
    return isinstance(value, dict) and value.get(DROP) == "true"


def _named(records: Any, name: str) -> bool:
    return (
        isinstance(records, list)
        and bool(records)
        and all(isinstance(r, dict) and isinstance(r.get(name), str) for r in records)
    )


def load_rubric(
    edition: str,
    *,
    rules: str | Path | None = None,
    options: Mapping[str, str] | None = None,
) -> Rubric:
    """The rubric of an edition, its ambiguities read as its defaults or as ``options`` say.

    Raises :class:`EditionNotFound` and :class:`RuleFileError`.
    """
    folders = rule_folders(rules)
    rubric = rubric_of(read_source(find_edition(edition, folders), folders), options)
    return msgspec.structs.replace(rubric, rules=str(rules or ""))


def rubric_of(source: Source, options: Mapping[str, str] | None = None) -> Rubric:
    """Type what was read; the first mistake is raised with its line."""
    chosen = choices(source, options or {})
    used: set[str] = set()
    data = _resolve(source, {k: v for k, v in source.data.items() if k != "options"}, chosen, used, "$")
    declared = source.data.get("options", [])
    data["options"] = (
        [{**option, "default": chosen[option["id"]]} for option in declared]
        if isinstance(declared, list)
        else declared
    )
    data["asked"] = _asked(data)
    try:
        return _typed(data)
    except msgspec.ValidationError as error:
        raise _explained(source, _with_key(str(error), data), chosen) from error


def _typed(data: dict[str, Any]) -> Rubric:
    return msgspec.convert(data, Rubric, strict=False, dec_hook=_decode)


def _with_key(error: str, data: dict[str, Any]) -> str:
    """``error`` with the key that it leaves out: ``$.fields[...].type`` is that of which field?"""
    if not (left_out := _LEFT_OUT.search(error)):
        return error
    for key, value in data[left_out[1]].items():
        try:
            _typed({**data, left_out[1]: {key: value}})
        except msgspec.ValidationError as again:
            if str(again) == error:
                return error.replace("[...]", f'["{key}"]', 1)
    return error


def choices(source: Source, options: Mapping[str, str]) -> dict[str, str]:
    """The reading of every option: as asked for in ``options``, otherwise its default."""
    declared = source.data.get("options", [])
    chosen: dict[str, str] = {}
    for number, option in enumerate(declared if isinstance(declared, list) else []):
        where = f"$.options[{number}]"
        if not isinstance(option, dict) or not {"id", "default", "choices"} <= option.keys():
            raise source.error(where, "每个选项都要写 id、default、choices。")
        if not (isinstance(option["id"], str) and isinstance(option["choices"], dict)):
            raise source.error(where, "选项的 id 要写一个词，choices 要写“读法: 说明”。")
        pick = options.get(option["id"], option["default"])
        if pick not in option["choices"]:
            raise source.error(
                where + ".default",
                f"选项“{option['id']}”没有“{pick}”这种读法{did_you_mean(pick, option['choices'])}",
            )
        chosen[option["id"]] = pick
    for asked in options:
        if asked not in chosen:
            raise EditionNotFound(f"版本“{source.data.get('id', '')}”没有名为“{asked}”的选项。")
    return chosen


def _resolve(source: Source, value: Any, chosen: dict[str, str], used: set[str], path: str) -> Any:
    """Replace every ``{option: …, 读法: 内容}`` by the content of the chosen reading."""
    if isinstance(value, list):
        return [_resolve(source, item, chosen, used, f"{path}[{n}]") for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if "option" in value:
        option = str(value["option"])
        if option not in chosen:
            raise source.error(path, f"没有声明名为“{option}”的选项{did_you_mean(option, chosen)}", chosen)
        if chosen[option] not in value:
            raise source.error(path, f"选项“{option}”缺少读法“{chosen[option]}”的内容。", chosen)
        used.add(option)
        return _resolve(source, value[chosen[option]], chosen, used, path)
    inner: set[str] = set()
    resolved = {key: _resolve(source, item, chosen, inner, f"{path}.{key}") for key, item in value.items()}
    if "criteria" in resolved and "rule" in resolved:
        _read_by_rows(source, resolved["rule"], chosen, inner)
        resolved["options"] = sorted(inner)
    used |= inner
    return resolved


def _read_by_rows(source: Source, rule: Any, chosen: dict[str, str], used: set[str]) -> None:
    """A rule that adds up rows reads the options of its block and of the block's row rule too."""
    block, row_rules = rule.get("block") if isinstance(rule, dict) else None, source.data.get("row_rules")
    blocks = source.data.get("blocks")
    for number, one in enumerate(blocks if block and isinstance(blocks, list) else []):
        if isinstance(one, dict) and one.get("id") == block:
            row_rule = _resolve(source, one, chosen, used, f"$.blocks[{number}]").get("row_rule")
            if isinstance(row_rules, dict) and isinstance(row_rule, str) and row_rule in row_rules:
                _resolve(source, row_rules[row_rule], chosen, used, f"$.row_rules.{row_rule}")


def _asked(data: dict[str, Any]) -> dict[str, Any]:
    """The fields one by one: a row of amounts becomes one field per column."""
    columns = data.get("amount_columns", {})
    asked: dict[str, Any] = {}
    fields = data.get("fields", {})
    for name, field in fields.items() if isinstance(fields, dict) else ():
        if not isinstance(field, dict) or not field.get("amounts"):
            asked[name] = field
            continue
        for column in field["amounts"]:
            label = f"{field.get('label', name)}·{columns.get(column, column)}"
            asked[f"{name}.{column}"] = {**field, "label": label, "amounts": []}
    return asked


def _decode(kind: type, value: Any) -> Any:
    if kind is Ratio and isinstance(value, str):
        if (ratio := _ratio(value)) is None:
            raise ValueError(f"“{value}”不是比率，请写成 60% 或 0.6")
        return ratio
    if kind is Earning and isinstance(value, str):
        ratio = None if value == "ratio" else _ratio(value)
        if ratio is None and value != "ratio":
            raise ValueError(f"“{value}”不能用在这里，请写 ratio（按完成率得分），或写占分值的比例，例如 50%")
        return Earning(ratio)
    raise ValueError(f"“{value}”不能用在这里")


def _ratio(text: str) -> Ratio | None:
    text = text.strip()
    try:
        number = Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    if number > 1 and not text.endswith("%"):
        raise ValueError(f"“{text}”没有写 %，分不清是 {text}% 还是 {number * 100:f}%，请写上 %")
    return Ratio(number)


_LEFT_OUT = re.compile(r"\$\.(\w+)\[\.\.\.\]")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_INVALID = re.compile(r"Invalid (?:enum )?value '([^']*)'")
_EXPECTED = re.compile(r"Expected `([^`]*)`")
KINDS = {
    "str": "文字", "decimal": "数字", "int": "整数", "bool": "true 或 false", "array": "列表（以 - 开头）",
    "object": "“名称: 内容”的一组", "str | null": "文字", "float": "数字",
}  # fmt: skip


def known_keys() -> set[str]:
    """Every key a rule file may use."""
    kinds = [
        kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    ]
    return {field for kind in kinds for field in kind.__struct_fields__} | {"method", "option", "extends"}


def _methods() -> set[str]:
    tags = (getattr(getattr(kind, "__struct_config__", None), "tag", None) for kind in vars(model).values())
    return {tag for tag in tags if isinstance(tag, str)}


def _explained(source: Source, error: str, chosen: dict[str, str]) -> RuleFileError:
    what, _, path = error.rpartition(" - at `")
    what, path = (what or error), path.rstrip("`") or "$"
    if unknown := _UNKNOWN.search(what):
        key = unknown[1]
        if key == DROP:
            said = "被扩展的版本里没有这一条，不能用 drop: true 去掉，请核对编号或名称。"
            return source.error(f"{path}.{key}", said, chosen)
        return source.error(f"{path}.{key}", f"不认识“{key}”{did_you_mean(key, known_keys())}", chosen)
    if missing := _MISSING.search(what):
        return source.error(path, f"缺少“{missing[1]}”，请补上。", chosen)
    if invalid := _INVALID.search(what):
        meant = did_you_mean(invalid[1], _methods() if path.endswith("method") else known_keys())
        return source.error(path, f"“{invalid[1]}”不能用在这里{meant}", chosen)
    if expected := _EXPECTED.search(what):
        return source.error(path, f"这里要写{KINDS.get(expected[1], expected[1])}。", chosen)
    if "decimal" in what.lower():
        return source.error(path, "这里要写数字，不带单位。", chosen)
    return source.error(path, f"{what}。", chosen)
