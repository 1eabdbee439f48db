"""From ``report.yaml`` to a :class:`Report`; an edition's lies over those of the editions it extends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from jixiao.report.model import Attachment, Listing, Part, Report, Table, TableColumn
from jixiao.report.sentences import FUNCTIONS, wrong_names
from jixiao.rubric.errors import EditionNotFound, RuleFileError
from jixiao.rubric.load import KINDS, Source, find_edition, overlay, read_source, rule_folders
from jixiao.rubric.model import Rubric, walk
from jixiao.rubric.source import did_you_mean, read_yaml

REPORT_FILE = "report.yaml"
DEEPEST = 4
"""Levels of headings."""
CHART = "得分图"
"""The tag of the score chart (--charts); the outline names its place."""
RESERVED = ("报告标题", "单位名称", "章", "节", "目", "款", CHART)
"""Tags that every report has."""
FACTS = ("indicators", "blocks", "levels", "total", "lost", "measures", "rows", "found")


def has_report(edition: str, *, rules: str | Path | None = None) -> bool:
    """Whether an edition has a report, of its own or of an edition that it extends."""
    folders = rule_folders(rules)
    folder = find_edition(edition, folders)
    return any((one / REPORT_FILE).exists() for one in [folder, *read_source(folder, folders).parents])


def load_report(rubric: Rubric, *, rules: str | Path | None = None) -> Report:
    """The report of a rubric's edition, every name in it checked.

    Raises :class:`EditionNotFound` where the edition has none, and :class:`RuleFileError`.
    """
    folders = rule_folders(rules)
    return read_report(rubric, find_edition(rubric.id, folders), folders)[1]


def read_report(rubric: Rubric, folder: Path, folders: Sequence[Path]) -> tuple[Source, Report]:
    """The report in the folder of an edition; the bases that it extends are looked for in ``folders``."""
    source = Source(data={}, files={}, folder=folder)
    for place in [folder, *read_source(folder, folders).parents]:
        if (file := place / REPORT_FILE).exists():
            data = read_yaml(file)
            source.data = overlay(data, source.data)
            source.layers.append(dict.fromkeys(data, file))
    if "outline" not in source.data:
        raise EditionNotFound(
            f"评分版本“{rubric.id}”没有报告（{REPORT_FILE}）。请换一个版本，或照规则文件夹里的说明补写一份。"
        )
    try:
        report = msgspec.convert(source.data, Report, strict=False)
    except msgspec.ValidationError as error:
        raise _explained(source, str(error)) from error
    _check_names(source, rubric, report)
    return source, report


def _check_names(source: Source, rubric: Rubric, report: Report) -> None:
    for path, text, more in sentences_of(report):
        expression = path.endswith(".of")
        if said := wrong_names(text, rubric.asked, [*FACTS, *FUNCTIONS, *more], expression=expression):
            raise source.error(path, said)
    known = {*report.passages, *report.tables, *report.lists, CHART}
    for path, part in _parts(report.outline, "$.outline"):
        for number, id in enumerate(part.body):
            if id not in known:
                raise source.error(
                    f"{path}.body[{number}]", f"没有名为“{id}”的段落或表格{did_you_mean(id, known)}"
                )
    if not report.outline:
        raise source.error("$.outline", "提纲是空的，请写上标题和段落。")
    for path, part in _parts(report.outline, "$.outline"):
        if path.count("parts") >= DEEPEST:
            raise source.error(path, f"标题最多 {DEEPEST} 级，请把“{part.heading}”提一级。")
    _check_tables(source, report)
    for key in report.measures:
        if key not in (own := {one.id for _, one in walk(rubric.levels)} | {"default"}):
            raise source.error(f"$.measures.{key}", f"没有“{key}”这项指标{did_you_mean(key, own)}")
    for number, field in enumerate(report.personal):
        if field not in rubric.asked:
            said = f"没有“{field}”这个填报项{did_you_mean(field, rubric.asked)}"
            raise source.error(f"$.personal[{number}]", said)
    for number, attachment in enumerate(report.attachments):
        if attachment.holds not in rubric.asked:
            said = f"没有“{attachment.holds}”这个填报项{did_you_mean(attachment.holds, rubric.asked)}"
            raise source.error(f"$.attachments[{number}].holds", said)
    tags = [(f"$.passages.{id}", id) for id in report.passages]
    tags += [(f"$.tables.{id}", id) for id in report.tables]
    tags += [(f"$.lists.{id}", id) for id in report.lists]
    tags += [(f"$.attachments[{number}].id", one.id) for number, one in enumerate(report.attachments)]
    for path, id in tags:
        if not id.isidentifier() or id in RESERVED:
            said = "是软件自己用的标签" if id in RESERVED else "只能用汉字、字母、数字和下划线"
            raise source.error(path, f"“{id}”不能作标签：{said}，请换一个。")


def _check_tables(source: Source, report: Report) -> None:
    for id, table in report.tables.items():
        where = f"$.tables.{id}"
        if not table.columns:
            raise source.error(where, "表格至少要有一栏。")
        if table.total and len(table.total) != len(table.columns):
            said = f"合计行写了 {len(table.total)} 格，表格有 {len(table.columns)} 栏，请写成一样多。"
            raise source.error(f"{where}.total", said)
        for number, column in enumerate(table.columns):
            if not column.tag.isidentifier():
                raise source.error(
                    f"{where}.columns[{number}]", f"“{column.tag}”不能作栏名，只能用汉字、字母和数字。"
                )
            if column.width <= 0:
                raise source.error(f"{where}.columns[{number}]", "width 要大于 0。")


def _parts(outline: list[Part], path: str) -> Iterator[tuple[str, Part]]:
    for number, part in enumerate(outline):
        here = f"{path}[{number}]"
        yield here, part
        yield from _parts(part.parts, f"{here}.parts")


def sentences_of(report: Report) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every sentence and expression, where it stands, and the names that it has besides."""
    yield "$.title", report.title, ()
    for id, lines in report.passages.items():
        for number, line in enumerate(lines):
            yield f"$.passages.{id}[{number}]", line, ()
    for id, table in report.tables.items():
        yield f"$.tables.{id}.of", table.of, ()
        for number, column in enumerate(table.columns):
            yield f"$.tables.{id}.columns[{number}].text", column.text, ("row",)
        for number, line in enumerate(table.total):
            yield f"$.tables.{id}.total[{number}]", line, ()
    for id, listing in report.lists.items():
        yield f"$.lists.{id}.of", listing.of, ()
        yield f"$.lists.{id}.heading", listing.heading, ("one",)
        for number, line in enumerate(listing.text):
            yield f"$.lists.{id}.text[{number}]", line, ("one",)


def _explained(source: Source, error: str) -> RuleFileError:
    what, at, path = error.rpartition(" - at `")
    what, path = (what, path.rstrip("`")) if at else (error, "$")
    if "unknown field `" in what:
        word = what.rpartition("unknown field `")[2].rstrip("`")
        return source.error(f"{path}.{word}", f"不认识“{word}”{did_you_mean(word, _KEYS)}")
    if "missing required field" in what and path == "$":
        word = what.rpartition("field `")[2].rstrip("`")
        return RuleFileError(source.folder / REPORT_FILE, 1, f"缺少“{word}”，请补上。")
    if "missing required field" in what:
        return source.error(path, f"缺少“{what.rpartition('field `')[2].rstrip('`')}”，请补上。")
    if expected := re.search("Expected `([^`]*)`", what):
        return source.error(path, f"这里要写{KINDS.get(expected[1], expected[1])}。")
    if invalid := re.search("Invalid enum value '([^']*)'", what):
        return source.error(path, f"不能写“{invalid[1]}”，请照说明选一种。")
    return source.error(path, "这里的写法不能用，请照说明核对。")


_KEYS = {
    key for kind in (Report, Part, Table, TableColumn, Listing, Attachment) for key in kind.__struct_fields__
}
