"""规则检查: every mistake in the rules of an edition that can be found without a filing.

An edition is looked at in every reading of its options, the default ones first and then each
other one by itself: a reading that nobody has chosen yet must work when somebody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jixiao.rubric.errors import EditionNotFound, RuleFileError
from jixiao.rubric.fault import Fault, Gravity
from jixiao.rubric.lint_bands import band_faults
from jixiao.rubric.lint_fields import field_faults
from jixiao.rubric.lint_form import TOP, form_faults
from jixiao.rubric.lint_options import option_faults
from jixiao.rubric.lint_rules import rule_faults
from jixiao.rubric.lint_tree import tree_faults
from jixiao.rubric.load import (
    Source,
    choices,
    edition_folders,
    find_edition,
    is_base,
    overlay,
    read_source,
    rubric_of,
    rule_folders,
)  # fmt: skip
from jixiao.rubric.model import Rubric
from jixiao.rubric.reads import reads, records
from jixiao.rubric.source import read_yaml

FORM_FILE = "form.yaml"
CHECKS: tuple[Callable[[Rubric], Iterator[Fault]], ...] = (
    tree_faults,
    band_faults,
    rule_faults,
    field_faults,
)


class Complaint(msgspec.Struct, frozen=True):
    """Something in ``file``, line ``line`` (from 1; 0 for the whole file), that should be changed.

    错误: scores would be wrong or the edition cannot be used. 提醒: probably not what was meant.
    """

    file: Path
    line: int
    message: str
    gravity: Gravity

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{self.gravity} {where}：{self.message}"


def lint(edition: str | Path | None = None, rules: str | Path | None = None) -> list[Complaint]:
    """All complaints about an edition (its id or folder), a folder of editions, or all editions.

    Raises :class:`EditionNotFound` when there is no such edition or folder.
    """
    folders = rule_folders(rules)
    found: list[Complaint] = []
    for folder in editions_named(edition, folders):
        found += sorted(_lint(folder, [folder.parent, *folders]), key=lambda one: (str(one.file), one.line))
    return list(dict.fromkeys(found))


def editions_named(edition: str | Path | None, folders: list[Path]) -> list[Path]:
    """The folders of an edition (its id or folder), of a folder of editions, or of all editions.

    Raises :class:`EditionNotFound`.
    """
    if edition is None:
        return list(edition_folders(folders).values())
    path = Path(edition)
    if path.is_file():
        path = path.parent
    if not path.is_dir():
        return [find_edition(str(edition), folders)]
    if is_base(path.resolve()):
        raise EditionNotFound(
            f"“{path.resolve().name}”是几个版本共用的部分，不单独使用，请检查扩展它的版本。"
        )
    if (path / "rubric.yaml").exists():
        return [path.resolve()]
    inside = list(edition_folders([path]).values())
    if not inside:
        raise EditionNotFound(f"文件夹“{edition}”里没有评分版本（每个版本一个文件夹，里面有 rubric.yaml）。")
    return inside


class _Book:
    """The complaints about one edition, each once however many readings show it."""

    def __init__(self, source: Source, form: Source) -> None:
        self.source, self.form = source, form
        self.complaints: dict[tuple[Path, int, str], Complaint] = {}

    def faults(self, faults: Iterable[Fault], chosen: dict[str, str], reading: str = "") -> None:
        for fault in faults:
            self._add(*self._place(fault, chosen), fault.message, fault.gravity, reading)

    def error(self, error: RuleFileError, reading: str = "") -> None:
        self._add(error.file, error.line, error.message, "错误", reading)

    def _place(self, fault: Fault, chosen: dict[str, str]) -> tuple[Path, int]:
        if fault.at[:1] == (TOP,):
            return self.form.place(fault.at, {})
        return self.source.place(fault.at, chosen)

    def _add(self, file: Path, line: int, message: str, gravity: Gravity, reading: str) -> None:
        complaint = Complaint(file, line, message + reading, gravity)
        self.complaints.setdefault((file, line, message), complaint)


def _lint(folder: Path, folders: Sequence[Path]) -> list[Complaint]:
    try:
        source = read_source(folder, folders)
        choices(source, {})
    except RuleFileError as error:
        return [Complaint(error.file, error.line, error.message, "错误")]
    try:
        form = _form(source)
    except RuleFileError as error:
        return [Complaint(error.file, error.line, error.message, "错误")]
    book = _Book(source, form)
    book.faults(_own_id(source), {})
    book.faults(option_faults(source.data), {})
    rubrics = []
    for options, reading in _readings(source.data):
        try:
            rubric = rubric_of(source, options)
        except RuleFileError as error:
            book.error(error, reading)
            continue
        rubrics.append(rubric)
        book.faults(_faults(rubric), choices(source, options), reading)
    if rubrics:
        book.faults(_form_faults(rubrics, form), choices(source, {}))
    return list(book.complaints.values())


def _own_id(source: Source) -> Iterator[Fault]:
    name = source.folder.name
    if source.data.get("id") != name:
        yield Fault(
            ("id",) if "id" in source.files else (),
            f"版本编号（id）要与文件夹同名，请写 id: {name}；否则工作簿会用别的版本计分。",
        )


def _readings(data: dict[str, Any]) -> Iterator[tuple[dict[str, str], str]]:
    """The default readings, then every other one by itself, with the words that say so."""
    yield {}, ""
    for option in data.get("options", []):
        for choice in option["choices"]:
            if choice != option["default"]:
                yield {option["id"]: choice}, f"（选项“{option.get('name', option['id'])}”取“{choice}”时）"


def _faults(rubric: Rubric) -> Iterator[Fault]:
    endless = [
        Fault((*at, name), "这里要写数字，不带单位。")
        for at, record in records(rubric)
        for name in record.__struct_fields__
        if isinstance(value := getattr(record, name), Decimal) and not value.is_finite()
    ]
    if endless:  # nothing can be compared with NaN
        yield from endless
        return
    for check in CHECKS:
        yield from check(rubric)


def _form(source: Source) -> Source:
    """The form files of an edition and those that it is laid over, merged as they are read."""
    form = Source(data={}, files={}, folder=source.folder)
    for folder in (source.folder, *source.parents):
        if (file := folder / FORM_FILE).exists():
            form.data = overlay(read_yaml(file), form.data)
            form.layers.append({TOP: file})
    return form


def _form_faults(rubrics: list[Rubric], form: Source) -> Iterator[Fault]:
    if not form.layers:
        yield Fault((), f"这个版本没有 {FORM_FILE}，不能生成工作簿。", "提醒")
        return
    used = {read.field for rubric in rubrics for read in reads(rubric)}
    yield from form_faults(rubrics[0], form.data.get(TOP), used)
