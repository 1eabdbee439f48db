"""What the verbs do to a workbook, whether a file or a live Excel; command line and ribbon share it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from jixiao.checking.beside import Beside
from jixiao.checking.check import check
from jixiao.checking.filled import CARRIED
from jixiao.checking.finding import Finding
from jixiao.filing.model import Filing
from jixiao.rubric.errors import EditionNotFound
from jixiao.rubric.load import (
    data_folder,
    edition_folders,
    find_edition,
    load_rubric,
    rule_folders,
    ships,
)
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Assessment
from jixiao.scoring.readings import Readings
from jixiao.scoring.score import score
from jixiao.workbook.bound import PREFIX
from jixiao.workbook.carried import still_carried
from jixiao.workbook.errors import NotAForm, NotAWorkbook
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Port
from jixiao.workbook.reading import edition_of, read_filing

if TYPE_CHECKING:
    from jixiao.adopt.adopt import Adopted
    from jixiao.audit.remark import Remark
    from jixiao.filing.approved import ApprovedGoals
    from jixiao.workbook.scores.outcome import Written

DEMO = "demo.yaml"


class Work(msgspec.Struct, frozen=True):
    """A workbook, read, scored and checked; ``said`` is what the user should know besides."""

    rubric: Rubric
    filing: Filing
    assessment: Assessment
    findings: tuple[Finding, ...]
    said: tuple[str, ...] = ()


class Loading(Protocol):
    """How a rubric is come by: :func:`load_rubric`, or one that remembers."""

    def __call__(self, edition: str, /, *, rules: str | None) -> Rubric: ...


def rubric_of(port: Port, name: str, rules: str | None = None, *, load: Loading = load_rubric) -> Rubric:
    """The rubric that a workbook was made for. Raises NotAForm, EditionNotFound, RuleFileError."""
    edition = edition_of(port)
    if not edition:
        raise NotAForm(
            f"“{name}”不是本软件的自评表。请用 jixiao new 新建一份，把内容填进去；如果本来是，"
            "多半是“名称管理器”里的名称被删掉了，请用备份恢复。"
        )
    try:
        return load(edition, rules=rules)
    except EditionNotFound as error:
        raise NotAForm(
            f"“{name}”是按评分版本“{edition}”做的，这里没有这个版本。请用 --rules 指明它所在的文件夹；"
            "有哪些版本，运行 jixiao editions 可以看到。"
        ) from error


def recognised(port: Port, name: str, rules: str | None = None, *, load: Loading = load_rubric) -> Rubric:
    """The rubric of a workbook called ``name``; a form that is not ours is recognised by its labels.

    Raises NotAForm, RuleError.
    """
    if any(one.startswith(PREFIX) for one in port.names()):
        return rubric_of(port, name, rules, load=load)
    from jixiao.adopt.adopt import lay_over

    return lay_over(port, name, rules)


def examine(port: Port, rubric: Rubric, approved: ApprovedGoals | None = None) -> Work:
    """Read, score and check, against the approved goals if given; nothing is changed."""
    filing = read_filing(port, rubric)
    readings = Readings(rubric, filing)
    assessment = score(rubric, filing, readings)
    said = (*port.remarks, _lost(filing)) if filing.lost else port.remarks
    beside = Beside(tuple(still_carried(port)), approved)
    return Work(rubric, filing, assessment, check(rubric, filing, assessment, readings, beside), said)


def _lost(filing: Filing) -> str:
    """That something is gone from the form: nobody may take the score for the whole."""
    return (
        f"注意：表里缺了 {filing.lost} 处内容（工作表、行列或名称被删掉了），有关的没有计算，"
        "得分不完整。缺了什么，运行 jixiao check 可以看到；请用备份恢复。"
    )


def write_scores(port: Port, rubric: Rubric, *, overwrite: bool, when: datetime) -> Work:
    """Fill in the scores (计算得分); declared scores are replaced only with ``overwrite``."""
    written = put_scores(port, rubric, overwrite=overwrite, when=when)
    work = examine(port, rubric)
    return msgspec.structs.replace(work, said=(*work.said, *written.lines()))


def put_scores(port: Port, rubric: Rubric, *, overwrite: bool, when: datetime) -> Written:
    """Fill in the scores and nothing else; tells what was written and what differs."""
    from jixiao.workbook.scores import results

    filing = read_filing(port, rubric)
    return results.write_scores(port, rubric, filing, score(rubric, filing), overwrite=overwrite, when=when)


def write_marks(port: Port, rubric: Rubric, approved: ApprovedGoals | None = None) -> Work:
    """Check and mark (校验并标出): fills, notes and the list on 校验结果."""
    from jixiao.workbook.marking import marks

    work = examine(port, rubric, approved)
    return msgspec.structs.replace(work, said=(*work.said, *marks.write_marks(port, rubric, work.findings)))


# ---------------------------------------------------------------- on files


def approved_goals(path: Path, rubric: Rubric) -> ApprovedGoals:
    """What an approved 绩效目标申报表 (.xlsx, .xls, .docx) says. Raises CannotRead, NotAForm."""
    from jixiao.adopt.adopt import grids_of
    from jixiao.adopt.approved import read_approved
    from jixiao.adopt.sources import open_any

    port, _ = open_any([path])
    return read_approved(grids_of(port), path.name, rubric)


def new_form(rubric: Rubric, out: Path, rules: str | None = None) -> None:
    """An empty workbook of an edition: of ours as it ships, of a user's as its form says."""
    template = data_folder("workbook_templates") / f"{rubric.id}.xlsx"
    if template.exists() and ships(rubric.id, rules):
        shutil.copyfile(template, out)
        return
    from jixiao.workbook.form import load_form
    from jixiao.workbook.template import build_template

    build_template(rubric, load_form(rubric.id, rules=rules), out)


class Begun(msgspec.Struct, frozen=True):
    """A form begun with last year's: how many cells were carried over, and what was not to be had."""

    carried: int
    lacking: list[str]


def begun(edition: str, last: Path, out: Path, rules: str | None = None) -> Begun:
    """A new form with what last year's gives, marked for review, saved as ``out``.

    Raises CannotRead, NotAForm, RuleError.
    """
    from jixiao.filing.last_year import drafts
    from jixiao.workbook.carried import remember
    from jixiao.workbook.marking import marks

    rubric = load_rubric(edition, rules=rules)
    old, old_rubric = opened(last, rules)
    found = drafts(rubric, read_filing(old, old_rubric))
    port = poured(rubric, found.filing, rules)
    remember(port, rubric, found.filing)
    findings = [one for one in examine(port, rubric).findings if one.code == CARRIED]
    carried = len(findings[0].places) if findings else 0
    said = f"从去年的表带来 {carried} 处，都标出了，请逐格核对；还没有校验。"
    marks.write_marks(port, rubric, findings, said)
    port.save_as(out)
    return Begun(carried, found.lacking)


def beside(workbook: Path, words: str, suffix: str) -> Path:
    """A name beside the workbook that no file has yet: what was made before stays."""
    names = (
        workbook.with_name(f"{workbook.stem}{words}{number and f'（{number}）' or ''}{suffix}")
        for number in range(1000)
    )
    return next(name for name in names if not name.exists())


def report_beside(workbook: Path, *, public: bool = False) -> Path:
    """Where the report of a workbook goes when nobody says where."""
    return beside(workbook, f"-自评报告{'（公开版）' if public else ''}", ".docx")


def commented_beside(report: Path) -> Path:
    """Where the copy of a report with its remarks goes when nobody says where."""
    return beside(report, "-核对", ".docx")


class Report(msgspec.Struct, frozen=True):
    """A report that was written: the .docx, the workbook it tells of, and what is still to be filled in."""

    document: bytes
    work: Work
    lacking: tuple[Finding, ...]


def report(
    path: Path,
    *,
    when: datetime,
    rules: str | None = None,
    template: Path | None = None,
    charts: bool = False,
    public: bool = False,
) -> Report:
    """The narrative report of a workbook file. Raises CannotRead, NotAForm, RuleError, ReportError."""
    from jixiao.report.content import compose
    from jixiao.report.errors import BadTemplate
    from jixiao.report.lacking import lacking
    from jixiao.report.load import load_report
    from jixiao.report.word.render import Drawn, Stamp, render
    from jixiao.report.word.score_chart import chart_of
    from jixiao.report.word.tags import checked_template
    from jixiao.workbook.file.package import read_file
    from jixiao.workbook.printed_sheet import printed_sheets

    port, rubric = opened(path, rules)
    work, plan = examine(port, rubric), load_report(rubric, rules=rules)
    filing = work.filing
    if template and template.is_dir():
        raise BadTemplate(template.name, "它是一个文件夹，请选择里面的 .docx 文件。")
    layout = read_file(template) if template else report_template(rubric, rules)
    checked = checked_template(layout, template.name if template else f"{rubric.id}.docx", plan)
    content = compose(plan, rubric, filing, work.assessment, work.findings, tags=checked.tags, public=public)
    homes = {one.id: filing.place(one.holds) for one in plan.attachments if one.id in checked.tags}
    data = read_file(path)
    personal = (filing.place(field) for field in plan.personal) if public else ()
    hidden = [home for home in personal if home]
    drawn = Drawn(
        sheets=printed_sheets(data, {id: home.sheet for id, home in homes.items() if home}, hidden),
        chart=chart_of(work.assessment) if charts else None,
    )
    stamp = Stamp(rubric.id, rubric.version, hashlib.sha256(data).hexdigest(), when)
    document = render(checked, plan, content, drawn, stamp)
    return Report(document, work, tuple(lacking(rubric, content)))


def report_template(rubric: Rubric, rules: str | None = None) -> bytes:
    """The Word template of an edition: of ours as it ships, of a user's as its outline says."""
    from jixiao.report.load import load_report
    from jixiao.report.word.template import template_bytes

    shipped = data_folder("workbook_templates") / f"{rubric.id}.docx"
    if shipped.exists() and ships(rubric.id, rules):
        return shipped.read_bytes()
    return template_bytes(rubric, load_report(rubric, rules=rules))


def opened(path: Path, rules: str | None = None, *, load: Loading = load_rubric) -> tuple[FilePort, Rubric]:
    """A workbook file and its rubric; a form that is not ours is recognised by its labels.

    Raises CannotRead, NotAForm, RuleError.
    """
    try:
        port = FilePort.open(path)
    except NotAWorkbook:
        from jixiao.adopt.sources import open_any

        port, _ = open_any([path])
    return port, recognised(port, path.name, rules, load=load)


def adopt(paths: Sequence[Path], edition: str, out: Path, rules: str | None = None) -> Adopted:
    """Bind an official form that is not ours, and save it as ``out``: names are added, nothing else.

    Raises CannotRead, CannotWrite, NotAForm, RuleError.
    """
    from jixiao.adopt.adopt import bind

    port, found = bind(paths, edition, rules)
    port.save_as(out)
    return found


def filled(edition: str, filing: Path, rules: str | None = None) -> tuple[FilePort, Rubric]:
    """A new workbook with what a YAML or JSON file says, not saved anywhere yet.

    Raises FilingFileError, UnstorableValue, RuleError.
    """
    from jixiao.filing.interchange import read_filing_text

    rubric = load_rubric(edition, rules=rules)
    return poured(rubric, read_filing_text(_text(filing), filing.name, rubric), rules), rubric


def poured(rubric: Rubric, given: Filing, rules: str | None = None) -> FilePort:
    """A new workbook with a filing in it, not saved anywhere yet. Raises UnstorableValue, RuleError."""
    from jixiao.workbook.filling import fill, form_for, in_place
    from jixiao.workbook.form import load_form
    from jixiao.workbook.template import build_template

    form = form_for(load_form(rubric.id, rules=rules), rubric, given)
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / "blank.xlsx"
        build_template(rubric, form, blank, room_for=in_place(form, rubric, given))
        port = FilePort.open(blank)
    fill(port, rubric, given)
    return port


def demo(edition: str, book: Path, rules: str | None = None) -> Work:
    """A published filing: new workbook, filled, scored, checked and marked, saved as ``book``.

    Raises EditionNotFound.
    """
    folders = rule_folders(rules)
    source = find_edition(edition, folders) / DEMO
    if not source.exists():
        shown = [id for id, folder in edition_folders(folders).items() if (folder / DEMO).exists()]
        raise EditionNotFound(
            f"版本“{edition}”没有可以演示的公开填报。要看这一版的表，"
            f"请运行 jixiao new {edition} 空白表.xlsx；有演示的版本：{'、'.join(shown) or '（无）'}。"
        )
    port, rubric = filled(edition, source, rules)
    put_scores(port, rubric, overwrite=False, when=datetime.now())
    work = write_marks(port, rubric)
    book.parent.mkdir(parents=True, exist_ok=True)
    port.save_as(book)
    return work


def _text(file: Path) -> str:
    from jixiao.filing.errors import FilingFileError

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FilingFileError(file.name, 0, "文件不是 UTF-8 编码，请另存为 UTF-8。") from error
    except FileNotFoundError as error:
        raise FilingFileError(file.name, 0, f"没有找到“{file}”，请检查文件名和位置。") from error


# ---------------------------------------------------------------- finished reports


class Audited(msgspec.Struct, frozen=True):
    """Finished reports, audited; ``commented`` is the one file with its remarks as comments, if asked for."""

    edition: str
    """Empty where it could not be told."""
    remarks: tuple[Remark, ...]
    said: tuple[str, ...] = ()
    commented: bytes = b""


def audit(
    paths: Sequence[Path],
    *,
    edition: str = "",
    workbook: Path | None = None,
    rules: str | None = None,
    commented: bool = False,
) -> Audited:
    """The audit of reports of one unit, read together, and against its workbook if there is one.

    Raises CannotRead, NotAForm, AuditError, RuleError.
    """
    from jixiao.audit.audit import audit
    from jixiao.audit.edition import better_edition, nearest, report_year
    from jixiao.audit.edition import edition_of as edition_told
    from jixiao.audit.opening import open_report

    files = [_report_bytes(path) for path in paths]
    names = [path.name for path in paths]
    shown = names if len(set(names)) == len(names) else list(map(str, paths))
    documents = [open_report(data, name) for data, name in zip(files, shown, strict=True)]
    work = other = None
    every: list[Rubric] = []
    told: Rubric | None
    if workbook is not None:
        port, told = opened(workbook, rules)
        work = examine(port, told)
    else:
        every = [load_rubric(one, rules=rules) for one in sorted(edition_folders(rule_folders(rules)))]
        if edition:
            told = load_rubric(edition, rules=rules)
            other = better_edition(documents, told, every)
        else:
            told = edition_told(documents, every)
    rubric = told or nearest(documents, every)
    remarks = tuple(
        audit(documents, rubric, filing=work.filing if work else None, held=told is not None, other=other)
    )
    said = _by_which(told, report_year(documents)) if told else _by_none(every)
    data = b""
    if commented:
        from jixiao.audit.word import with_comments

        data = with_comments(files[0], remarks)
    return Audited(rubric.id if told else "", remarks, tuple(said), data)


def _by_which(rubric: Rubric, year: int) -> list[str]:
    said = [f"按“{rubric.title}”（{rubric.id}）核对。"]
    if year and year != rubric.year and not rubric.every_year:
        said.append(f"注意：报告像是 {year} 年度的，评分规则是 {rubric.year} 年度的，请检查两者是不是配套。")
    return said


def _by_none(rubrics: Sequence[Rubric]) -> list[str]:
    return [
        "看不出报告用的是哪个评分版本，只核对了报告自身的数字，没有按评分标准核对得分和指标表。"
        "是下面哪一个版本的，请用 --edition 指明；在 Excel 里核对的，请先打开这个单位的自评表，再核对一次：",
        *(f"  {one.id}　{one.title}" for one in rubrics),
    ]


def _report_bytes(path: Path) -> bytes:
    from jixiao.audit.errors import CannotReadReport
    from jixiao.workbook.errors import IsFolder
    from jixiao.workbook.file.package import read_file

    try:
        return read_file(path)
    except IsFolder as error:
        raise CannotReadReport(f"“{path.name}”是一个文件夹。请选择里面的 .docx 或 .txt 报告。") from error
