"""The frame of a report: numbers of headings and attachments, empty sections, hints of the template."""

from __future__ import annotations

import re

from jixiao.audit.document import HEADING, Document, Paragraph
from jixiao.audit.lexicon import Words
from jixiao.audit.outline import Section, outline
from jixiao.audit.remark import Remarks

CHINESE = 2
"""Levels with Chinese numbers are headings; 1. 2. also number the items of a list."""
_DIGITS = "一二三四五六七八九"
_RUN_IN = re.compile("。.")
"""The text begins in the line of its heading."""
_ATTACHMENT = re.compile(r"^附件\s*(?P<number>\d{1,2}|[一二三四五六七八九十])?[:：]?")


def check_structure(document: Document, words: Words, remarks: Remarks) -> None:
    """The frame of one document; ``words`` tell hints of a template, and sections that list points."""
    root = outline(document)
    _check_numbers(root, remarks)
    for section in root.walk():
        points = section.head is not None and any(one in section.head.text for one in words.points)
        for part in section.parts:
            if not (points and part.head is not None and part.head.text.endswith("。")):
                _check_empty(part, remarks)
    for paragraph in document.paragraphs:
        for hint in words.hints:
            if found := re.search(hint, paragraph.text):
                remarks.add("JX-719", (paragraph.words, found.start(), found.end()), stated=found[0])
                break
    _check_attachments(document, remarks)


def _check_numbers(section: Section, remarks: Remarks) -> None:
    """Headings of one level below one another count on without gaps."""
    expected = 1
    for part in section.parts:
        head = part.head
        if head is None:
            continue
        number = _number(head)
        if number != expected and 0 < head.level <= CHINESE and number != 1:
            about = (head.words, 0, len(head.number) or 1)
            if number:
                remarks.add(
                    "JX-717", about, stated=head.number.rstrip("、."), expected=_shown(head, expected)
                )
            expected = number
        expected = number + 1 if number else expected + 1
    for part in section.parts:
        _check_numbers(part, remarks)


def _number(head: Paragraph) -> int:
    found = HEADING.match(head.text)
    text = next((found[name] for name in ("first", "second", "third", "fourth") if found and found[name]), "")
    return int(text) if text.isdigit() else _chinese(text)


def _chinese(text: str) -> int:
    if not text:
        return 0
    tens, mark, ones = text.partition("十")
    if not mark:
        return _DIGITS.find(text) + 1
    return (_DIGITS.find(tens) + 1 if tens else 1) * 10 + (_DIGITS.find(ones) + 1 if ones else 0)


def _shown(head: Paragraph, number: int) -> str:
    if head.number.strip("().、").isdigit():
        return str(number)
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else _DIGITS[tens - 1]) + ("十" if tens else "") + (_DIGITS[ones - 1] if ones else "")
    )


def _check_empty(section: Section, remarks: Remarks) -> None:
    """A heading with nothing below it, neither words nor a table nor a section."""
    head = section.head
    if head is None or not 0 < head.level <= CHINESE or section.body or section.parts:
        return
    if _RUN_IN.search(head.text):
        return
    remarks.add("JX-718", (head.words, 0, len(head.text)), stated=head.text)


def _check_attachments(document: Document, remarks: Remarks) -> None:
    last = 0
    for paragraph in document.paragraphs:
        found = _ATTACHMENT.match(paragraph.text)
        if not found or not found["number"] or len(paragraph.text) > 40:
            continue
        number = int(found["number"]) if found["number"].isdigit() else _chinese(found["number"])
        if last and number not in (last, last + 1) and number < last:
            remarks.add(
                "JX-720", (paragraph.words, 0, found.end()), stated=found[0], expected=f"附件{last + 1}"
            )
        last = number
