"""The frame of a report: numbers of headings and attachments, empty sections, hints of the template."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterator, Sequence

from jixiao.audit.document import HEADING, Document, Paragraph, Table, is_row
from jixiao.audit.lexicon import KINDS, Words
from jixiao.audit.numerals import NUMBER, counted
from jixiao.audit.outline import Section, outline
from jixiao.audit.remark import Remarks

CHINESE = 2
"""Levels with Chinese numbers are headings; 1. 2. also number the items of a list."""
_DIGITS = "一二三四五六七八九"
_RUN_IN = re.compile("[。:：].|略[)]?$")
"""The text begins in the line of its heading."""
_REFERENCE = re.compile(rf"(?:见|详见|参见|列入)附件\s*(?P<number>{NUMBER})")
_FIRST = re.compile(r"^附件[:：]\s*(?P<number>1)[.、．]")
_NEXT = re.compile(r"^(?P<number>\d{1,2})[.、．](?!\d)")
_LISTED = re.compile(r"^附件\s*(?:\d{1,2}|[一二三四五六七八九十])[:：]\S")
"""One below the other, a number stands once."""
_LONGEST_TITLE = 40
_ATTACHMENT = re.compile(r"^附件\s*(?P<number>\d{1,2}|[一二三四五六七八九十])?[:：]?")


_TAIL = re.compile(r"[\s.·…\d()/-]+$")
"""Leaders and the number of a page, behind a heading in a table of contents."""
_LEADER = re.compile(r"[.·…]{4,}\d*$")
_PAGED = re.compile(r"[一-龥)]\d{1,3}$")
_LIST = 3
"""So many headings one right after the other, nothing between them, are a list."""
_UNNUMBERED = re.compile(r"^[^\d,，。:：;；、]{4,30}$")


def check_structure(document: Document, words: Words, remarks: Remarks) -> None:
    """The frame of one document; ``words`` tell hints of a template, and sections that list points."""
    root = outline(document)
    listed = {id(head) for head in (*_entries(root, document), *_contents(root, document))}
    _check_numbers(root, listed, remarks)
    for section in root.walk():
        points = section.head is not None and any(one in section.head.text for one in words.points)
        for part in section.parts:
            sentence = part.head is not None and part.head.text.endswith("。")
            others = [one.head for one in section.parts if one.head is not None and one is not part]
            of_sentences = len(others) > 1 and not any(head.level for head in others)
            if not (sentence and (points or of_sentences)) and id(part.head) not in listed:
                _check_empty(part, remarks)
    for paragraph in document.paragraphs:
        for hint in words.hints:
            if found := re.search(hint, paragraph.text):
                remarks.add("JX-719", (paragraph.words, found.start(), found.end()), stated=found[0])
                break
    _check_attachments(document, remarks)


def _entries(root: Section, document: Document) -> list[Paragraph]:
    """Entries of lists: a table of contents, tables that follow, rows of a table taken out of its columns."""
    runs = [
        [part.head for part in run if part.head is not None]
        for section in root.walk()
        for empty, run in itertools.groupby(section.parts, _empty)
        if empty
    ]
    listed = [head for run in runs if len(run) >= _LIST for head in run]
    if any(head.text.endswith(KINDS) for head in listed) or any(
        is_row(one.text) for one in document.paragraphs
    ):
        listed += [one for one in document.paragraphs if one.level and one.text.endswith((*KINDS, "拨款"))]
    return listed


def _contents(root: Section, document: Document) -> Iterator[Paragraph]:
    """Entries of a table of contents: with the number of a page, or the report itself repeats them below."""
    texts = [one.text[len(one.number) :] for one in document.paragraphs]

    def repeated(head: Paragraph) -> bool:
        return sum(text.startswith(_title(head)) for text in texts) > 1

    paged = sum(bool(one.level and _PAGED.search(one.text)) for one in document.paragraphs) >= _LIST
    for section in root.walk():
        within = section.level == 0 and section.head is not None and repeated(section.head)
        for head in (part.head for part in section.parts if _empty(part)):
            if head is None or not head.level:
                continue
            if within or _LEADER.search(head.text) or paged and _PAGED.search(head.text) or repeated(head):
                yield head


def _title(head: Paragraph) -> str:
    return _TAIL.sub("", head.text[len(head.number) :])


def _empty(section: Section) -> bool:
    """A heading with no words below it, nor a table, nor a section."""
    words = (isinstance(block, Table) or re.search("[一-龥]", block.text) for block in section.body)
    return not section.parts and not any(words)


def _check_numbers(section: Section, listed: Container[int], remarks: Remarks) -> None:
    """Headings of one level below one another count on without gaps."""
    expected, before, level = 1, section.body, 0
    for part in section.parts:
        head = part.head
        if head is None or id(head) in listed:
            expected, before = 0, part.body
            continue
        number = _number(head)
        expected = 1 if level and part.level != level else expected
        level = part.level
        lost = any(_unnumbered(block) or _within(block, head, expected) for block in before)
        if number not in (1, expected) and expected and 0 < head.level <= CHINESE and not lost:
            about = (head.words, 0, len(head.number) or 1)
            if number:
                remarks.add(
                    "JX-717", about, stated=head.number.rstrip("、."), expected=_shown(head, expected)
                )
            expected = number
        expected = number + 1 if number else expected + 1
        before = part.body
    for part in section.parts:
        _check_numbers(part, listed, remarks)


def _within(block: Paragraph | Table, head: Paragraph, expected: int) -> bool:
    """The number that is missing stands in the middle of a paragraph."""
    number = head.number.replace(_shown(head, _number(head)), _shown(head, expected))
    return isinstance(block, Paragraph) and number in block.text


def _unnumbered(block: Paragraph | Table) -> bool:
    """A line that looks like a heading which lost its number."""
    return isinstance(block, Paragraph) and not block.level and bool(_UNNUMBERED.match(block.text))


def _number(head: Paragraph) -> int:
    found = HEADING.match(head.text)
    text = next((found[name] for name in ("first", "second", "third", "fourth") if found and found[name]), "")
    return counted(text)


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
    if _RUN_IN.search(head.text) or head.text.endswith("(略)") or not head.number:
        return  # a title has its sections below it
    remarks.add("JX-718", (head.words, 0, len(head.text)), stated=head.text)


def _check_attachments(document: Document, remarks: Remarks) -> None:
    last, before = 0, ""
    for block in document.blocks:
        text = block.text if isinstance(block, Paragraph) else ""
        found = _ATTACHMENT.match(text)
        if isinstance(block, Paragraph) and found and found["number"] and len(text) <= _LONGEST_TITLE:
            number = counted(found["number"])
            listed = _LISTED.match(text) and _LISTED.match(before) and text != before
            if number < last or listed and number == last:
                remarks.add(
                    "JX-720", (block.words, 0, found.end()), stated=found[0], expected=f"附件{last + 1}"
                )
            last = number
        before = text
    _check_references(document, remarks)


def _check_references(document: Document, remarks: Remarks) -> None:
    """见附件4, where the report's own list ends with 3."""
    known = list(_listed(document.paragraphs))
    for paragraph in document.paragraphs if len(known) > 1 else ():
        for found in _REFERENCE.finditer(paragraph.text):
            if counted(found["number"]) > max(known):
                remarks.add(
                    "JX-720", (paragraph.words, *found.span()), stated=found[0],
                    expected=f"附件1至附件{max(known)}中的一个",
                )  # fmt: skip


def _listed(paragraphs: Sequence[Paragraph]) -> Iterator[int]:
    """附件：1.甲表 and the lines behind it that count on."""
    last = 0
    for paragraph in paragraphs:
        found = (_FIRST if not last else _NEXT).match(paragraph.text)
        if found and int(found["number"]) == last + 1:
            last += 1
            yield last
        elif last:
            return
