"""One file, from its path to what is kept of it: the work that is done many times over.

A plain function of paths and words, so that any process on any machine can do it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

from jixiao.batch.errors import RulesBroken
from jixiao.batch.result import Failure, Noted, NotFiled, Record, Result, Scored, Written, encode
from jixiao.batch.words import Words, batch_words
from jixiao.checking.finding import Finding, Severity, count, ranges
from jixiao.filing.model import Filing
from jixiao.filing.quantity import as_text
from jixiao.rubric.errors import RuleError
from jixiao.rubric.load import load_rubric
from jixiao.rubric.model import Rubric
from jixiao.troubles import fault, file_trouble
from jixiao.verbs import Work, examine, opened
from jixiao.workbook.errors import NotAForm, WorkbookError
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.package import read_file

SUMMARY_NAME = "jx.summary"
"""The defined name by which a 汇总 of ours is known."""
_BEGINS = 60
"""Characters of a text by which a reader knows it again."""


class Task(msgspec.Struct, frozen=True):
    """``path`` below ``folder``; ``known`` is the digest under which its record is kept already."""

    folder: str
    path: str
    rules: str | None = None
    known: str = ""


def examined(task: Task) -> bytes:
    """The record of a file as it is kept; empty when the known one still holds.

    Raises RulesBroken: then no file can be examined. Nothing else is raised.
    """
    file = Path(task.folder, task.path)
    try:
        state = digest(file)  # first: what is saved in between is examined the next time
        if state == task.known:
            return b""
        return encode(_record(file, task, state))
    except RuleError as error:
        raise RulesBroken(str(error)) from None
    except WorkbookError as error:
        return encode(Failure(path=task.path, reason=str(error)))
    except OSError as error:
        return encode(Failure(path=task.path, reason=file_trouble(error)))
    except (MemoryError, RecursionError):
        return encode(
            Failure(path=task.path, reason="内容太多，内存放不下。请删去多余的行、列和图片，另存后再试。")
        )
    except Exception:
        return encode(Failure(path=task.path, reason=fault()))


def digest(file: Path) -> str:
    """SHA-256 of a file. Raises CannotRead."""
    return hashlib.sha256(read_file(file)).hexdigest()


def _record(file: Path, task: Task, state: str) -> Record:
    try:
        port, rubric = opened(file, task.rules, load=_rubric)
    except NotAForm:
        if _is_summary(file):
            return NotFiled(path=task.path)
        raise
    work = examine(port, rubric)
    return result_of(task.path, state, work, batch_words(task.rules), recognised=port.remarks)


def _is_summary(file: Path) -> bool:
    try:
        return SUMMARY_NAME in FilePort.open(file).names()
    except WorkbookError:  # of a kind that is read in another way
        return False


@lru_cache(maxsize=64)
def _rubric(edition: str, *, rules: str | None = None) -> Rubric:
    return load_rubric(edition, rules=rules)


def result_of(
    path: str, digest: str, work: Work, words: Words, *, recognised: tuple[str, ...] = ()
) -> Result:
    """What is kept of a filing that was scored and checked."""
    assessment, counts = work.assessment, count(work.findings)
    return Result(
        path=path,
        digest=digest,
        edition=work.rubric.id,
        title=work.rubric.title,
        unit=assessment.unit.strip(),
        year=assessment.year,
        about="、".join(
            as_text(work.filing[one].raw).strip() for one in words.told_apart_by if not work.filing[one].blank
        ),
        declared=assessment.declared_total,
        total=assessment.total,
        unverified=assessment.unverified,
        grade=assessment.grade,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        lost=bool(work.filing.lost),
        indicators=tuple(
            Scored(one.id, one.name, one.weight - one.excluded, one.score, one.basis, one.apart)
            for one in assessment.indicators
        ),
        findings=tuple(_noted(one) for one in work.findings),
        texts=_texts(work.rubric, work.filing, assessment.unit.strip(), words),
        recognised=recognised,
    )


def _noted(one: Finding) -> Noted:
    listed = ranges(one.places)
    first = listed[0] if listed else None
    return Noted(
        one.code,
        one.severity,
        one.subject,
        first.sheet if first else "",
        first.cell if first else "",
        one.place,
        one.title,
        one.message,
        one.clause,
        one.remedy,
        one.points,
        one.missing,
    )


def _texts(rubric: Rubric, filing: Filing, unit: str, words: Words) -> tuple[Written, ...]:
    from jixiao.batch.fingerprint import bare, fingerprint

    found = []
    for field, spec in rubric.asked.items():
        raw = filing[field].raw if spec.type == "longtext" else None
        if not isinstance(raw, str) or len(raw) < words.similar.shortest:
            continue
        text = bare(raw, unit)
        if len(text) >= words.similar.shortest:
            found.append(Written(field, spec.label, " ".join(raw.split())[:_BEGINS], fingerprint(text)))
    return tuple(found)
