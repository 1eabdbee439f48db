"""What the report says: every tag with its text, decided before Word is touched.

Text and numbers only; a Word template holds the layout and names the places by tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Filing
from jixiao.report.facts import Facts
from jixiao.report.figures import Figure
from jixiao.report.load import REPORT_FILE
from jixiao.report.model import Listing, Report, Table
from jixiao.report.sentences import Sentences, WrongSentence
from jixiao.rubric.errors import RuleError
from jixiao.rubric.model import Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.scoring.model import Assessment

_T = TypeVar("_T")
ABOVE, LEFT, NOTHING = "\ufdd0", "\ufdd1", "\ufdd2"
"""The text of a table cell that is one with the cell above it, or to its left; and of a passage that
says nothing, whose paragraph goes. No other text holds these."""


class Item(msgspec.Struct, frozen=True):
    """One item of a list: a heading and the paragraphs below it."""

    heading: str
    lines: tuple[str, ...]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report as text, with the figures it was made of."""

    title: str
    unit: str
    passages: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[dict[str, str], ...]]
    lists: dict[str, tuple[Item, ...]]
    figures: tuple[Figure, ...]

    @property
    def missing(self) -> list[Figure]:
        """What is still to be filled in, each once, in the order of the report."""
        absent = (figure for figure in self.figures if figure.absent)
        return list({figure.source: figure for figure in absent}.values())


class CannotSay(RuleError):
    """A sentence at ``path`` of the report's file that cannot be said of a filing."""

    def __init__(self, edition: str, path: str, message: str) -> None:
        self.path, self.message = path, message
        tag = re.sub(r"^\$\.(?:\w+\.)?|\[\d+\]$", "", path)
        super().__init__(f"规则文件错误：{edition} 的 {REPORT_FILE}：“{tag}”：{message}")


def compose(
    report: Report,
    rubric: Rubric,
    filing: Filing,
    assessment: Assessment,
    findings: Iterable[Finding] = (),
    *,
    tags: Collection[str] | None = None,
    public: bool = False,
) -> Content:
    """Say everything that the report says, or what belongs at these ``tags``.

    Sentences may ask which ``findings`` there are that weigh (错误, 警告).
    ``public`` leaves out telephone numbers. Raises :class:`CannotSay`.
    """
    facts = Facts(rubric, filing, assessment, report.measures)
    grave = {one.code for one in findings if one.severity in (Severity.ERROR, Severity.WARNING)}

    def found(code: str) -> bool:
        if code not in rubric.findings:
            raise WrongSentence(f"没有“{code}”这个问题编号{did_you_mean(code, rubric.findings)}")
        return code in grave

    speaker = Sentences(facts.names() | {"found": found})
    cut = _without_phones if public else str

    def wanted(parts: Mapping[str, _T]) -> Iterator[tuple[str, _T]]:
        return ((id, part) for id, part in parts.items() if tags is None or id in tags)

    def at(path: str, say: Callable[..., _T], *about: object) -> _T:
        try:
            return say(*about)
        except WrongSentence as error:
            raise CannotSay(rubric.id, path, str(error)) from error

    passages = {
        id: tuple(
            cut(line)
            for number, text in enumerate(texts)
            for line in at(f"$.passages.{id}[{number}]", speaker.say, text)
        )
        for id, texts in wanted(report.passages)
    }
    tables = {id: at(f"$.tables.{id}", _table, speaker, table) for id, table in wanted(report.tables)}
    lists = {id: at(f"$.lists.{id}", _list, speaker, listing) for id, listing in wanted(report.lists)}
    title = "\n".join(at("$.title", speaker.say, report.title))
    return Content(
        title=title,
        unit=assessment.unit,
        passages=passages,
        tables={
            id: tuple({k: cut(v) for k, v in row.items()} for row in rows) for id, rows in tables.items()
        },
        lists={
            id: tuple(Item(cut(one.heading), tuple(map(cut, one.lines))) for one in items)
            for id, items in lists.items()
        },
        figures=tuple(speaker.printed),
    )


def _table(speaker: Sentences, table: Table) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    above: dict[str, str] = {}
    for item in speaker.items(table.of):
        row, together = {}, True
        for column in table.columns:
            said = "\n".join(speaker.say(column.text, row=item))
            row[column.tag] = said
            if column.merge:  # joins the cell above only where all merged columns before it do too
                together = together and bool(said) and above.get(column.tag) == said
                above[column.tag] = said
                row[column.tag] = ABOVE if together else said
        rows.append(row)
    if rows and table.total:
        texts = (LEFT if text == "<" else "".join(speaker.say(text)) for text in table.total)
        rows.append(dict(zip((column.tag for column in table.columns), texts, strict=True)))
    return rows


def _list(speaker: Sentences, listing: Listing) -> list[Item]:
    return [
        Item(
            "".join(speaker.say(listing.heading, one=one)),
            tuple(line for text in listing.text for line in speaker.say(text, one=one)),
        )
        for one in speaker.items(listing.of)
    ]


_PHONE = re.compile(
    r"(?<![\d.])(?:"
    r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}"
    r"|(?:[(（]0\d{2,3}[)）]|0\d{2,3}[-－—\s])\s?\d{3,4}\s?\d{4}(?:\s?转\s?\d{1,5})?"
    r"|[48]00[-\s]\d{3}[-\s]?\d{4}"
    r"|\d{17}[\dXx]"
    r")(?!\d)|(?<=电话)([:：]?\s*)\d{7,8}(?!\d)"
)
"""Telephone numbers in the ways that they are written, and numbers of identity cards."""


def _without_phones(text: str) -> str:
    return _PHONE.sub(lambda found: f"{found[1] or ''}（略）", text)
