"""退回意见: the letter that sends a filing back, with what the unit has to put right; a draft to be signed.

The reviewer's name, telephone and date are left blank. A letter that somebody has worked on since is
never written over: the new one goes beside it.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from jixiao.batch.resubmitted import Comparison, State
from jixiao.batch.result import Noted, Result
from jixiao.batch.words import ReplyWords, batch_words
from jixiao.checking.finding import Severity
from jixiao.filing.quantity import plain
from jixiao.report.sentences import UNPRINTABLE
from jixiao.report.word import styles
from jixiao.troubles import whole
from jixiao.verbs import beside

_NUMERALS = "一二三四"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 60
"""Characters of the name of a file."""


class ReplyTask(msgspec.Struct, frozen=True):
    """One letter: what was found, what was found the time before, and the file to write."""

    result: Result
    compared: Comparison | None
    file: str
    rules: str | None = None


def file_name(result: Result, words: ReplyWords) -> str:
    """How the letter is called; units of the same name are told apart by whoever writes the files."""
    unit = "-".join(part for part in (result.unit or Path(result.path).stem, result.about) if part)
    name = words.name.format(unit=unit[:_LONGEST], year=result.year or "未填")
    return _NOT_IN_NAMES.sub("_", " ".join(name.split())).strip(". ") + ".docx"


def replied(task: ReplyTask) -> bytes:
    """Write the letter; the path of the file that was written. Raises OSError, RuleError."""
    file = Path(task.file)
    if file.exists() and not _untouched(file):
        file = beside(file, "", file.suffix)
    text = letter(task.result, task.compared, batch_words(task.rules).reply)
    with whole(file):
        file.write_bytes(text)
    return str(file).encode()


def _untouched(file: Path) -> bool:
    """Whether the letter is as we wrote it."""
    try:
        document = Document(str(file))
        with zipfile.ZipFile(file) as archive:
            return bool(document.core_properties.identifier == _digest(archive.read("word/document.xml")))
    except Exception:  # not even a letter
        return False


def _digest(part: bytes) -> str:
    return f"sha256:{hashlib.sha256(part).hexdigest()}"


@lru_cache(maxsize=1)
def _paper() -> bytes:
    document = Document()
    styles.set_styles(document)
    styles.set_page(document.sections[0])
    styles.set_page_numbers(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def letter(result: Result, compared: Comparison | None, words: ReplyWords) -> bytes:
    """The letter as a .docx."""
    document = Document(io.BytesIO(_paper()))
    _write(document, result, compared, words)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = words.title, "", ""
    properties.identifier = _digest(document.part.blob)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(document: Any, result: Result, compared: Comparison | None, words: ReplyWords) -> None:
    def say(text: str, style: str = styles.BODY) -> Any:
        return document.add_paragraph(UNPRINTABLE.sub("", text), style=style)

    say(words.title, "Title")
    say(words.addressee.format(unit=result.unit or result.path)).paragraph_format.first_line_indent = 0
    say(words.opening.format(title=result.title, errors=result.errors, warnings=result.warnings))
    say(_scores(result, words))
    if compared:
        counts = {state.name.lower(): compared.count(state) for state in State}
        say(words.compared.format(**counts))
    say(words.request)
    parts = [
        (words.errors, [one for one in result.findings if one.severity is Severity.ERROR]),
        (words.warnings, [one for one in result.findings if one.severity is Severity.WARNING]),
    ]
    states = compared.states() if compared else {}
    numerals = iter(_NUMERALS)
    for heading, findings in parts:
        if findings:
            say(f"{next(numerals)}、{heading}", "Heading 1")
        for number, one in enumerate(findings, 1):
            state = states.get((one.code, one.subject))
            said = words.state.format(state=state) if state else ""
            title = say(f"{number}．{one.title}{said}")
            title.paragraph_format.keep_with_next = True
            title.runs[0].bold = True
            for line in _lines(one, words):
                say(line)
    if compared and (fixed := [one for state, one in compared.findings if state is State.FIXED]):
        say(f"{next(numerals)}、{words.fixed}", "Heading 1")
        for number, one in enumerate(fixed, 1):
            say(f"{number}．{one.title}（{one.place}）")
    say("")
    for blank in words.blanks:
        line = say(blank)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if blank == words.blanks[-1] else WD_ALIGN_PARAGRAPH.LEFT
        line.paragraph_format.keep_together = True


def _scores(result: Result, words: ReplyWords) -> str:
    if result.declared is None:
        said = words.scores_missing
    else:
        said = words.scores_agree if result.declared == result.total else words.scores
    declared = "" if result.declared is None else plain(result.declared)
    return said.format(declared=declared, total=plain(result.total), unverified=plain(result.unverified))


def _lines(one: Noted, words: ReplyWords) -> list[str]:
    lines = [words.place.format(place=one.place), words.found.format(message=one.message)]
    lines += [words.clause.format(clause=one.clause)] if one.clause else []
    return lines + ([words.remedy.format(remedy=one.remedy)] if one.remedy else [])
