"""The texts of a Word file with the runs they stand in, and findings written into it as comments."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import msgspec
from docx import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.run import Run

from jixiao.audit.remark import Remark

AUTHOR, INITIALS = "绩效自评核对", "核"
_SKIPPED = {"txbxContent", "del", "moveFrom", "AlternateContent", "instrText"}
"""Boxes are no part of the text; deleted words and the codes of fields do not print."""
_BLANK = {"tab", "br", "cr"}


class Piece(msgspec.Struct, frozen=True):
    """Text as it prints, and the element of a run that holds it."""

    leaf: Any
    text: str


def pieces(paragraph: Any) -> Iterator[Piece]:
    """The words of a paragraph in order; tabs and line breaks are blanks."""
    for element in paragraph:
        kind = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if kind == "t":
            yield Piece(element, element.text or "")
        elif kind in _BLANK and element.getparent().tag == qn("w:r"):
            yield Piece(element, " ")
        elif kind not in _SKIPPED:
            yield from pieces(element)


def boxes(paragraph: Any) -> Iterator[Any]:
    """The contents of the text boxes that hang on a paragraph, each once.

    Word writes a box twice, for itself and for older programs (``Fallback``).
    """
    for box in paragraph.iter(qn("w:txbxContent")):
        hosts = list(box.iterancestors())
        inner = next((one for one in hosts if one.tag == qn("w:p")), None)
        if inner is paragraph and not any(str(one.tag).endswith("}Fallback") for one in hosts):
            yield box


def in_box(paragraph: Any) -> bool:
    return any(one.tag == qn("w:txbxContent") for one in paragraph.iterancestors())


def with_comments(data: bytes, remarks: Sequence[Remark]) -> bytes:
    """The file with each remark as a comment at the words it quotes; its text and formats stay."""
    document = WordDocument(io.BytesIO(data))
    paragraphs = list(document.element.body.iter(qn("w:p")))
    for remark in remarks:
        first, last = remark.words.span(remark.start, remark.end)
        runs = _runs(paragraphs[first.source], first.at, None if last.source != first.source else last.at)
        if last.source != first.source:
            runs += _runs(paragraphs[last.source], 0, last.at)
        runs = runs or _nearest(paragraphs, first.source)
        if runs:
            text = f"{remark.finding.severity} {remark.finding.code}\n{remark.finding.text()}"
            document.add_comment(
                [Run(one, document._body) for one in (runs[0], runs[-1])], text, AUTHOR, INITIALS
            )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _nearest(paragraphs: Sequence[Any], source: int) -> list[Any]:
    """The first run of the paragraph that something hangs on, or of the next one that has any."""
    for paragraph in [*paragraphs[source:], *reversed(paragraphs[:source])]:
        if not in_box(paragraph) and (runs := list(paragraph.iterchildren(qn("w:r")))):
            return runs[:1]
    return []


def _runs(paragraph: Any, start: int, end: int | None) -> list[Any]:
    """The runs that hold the text from ``start`` to ``end`` and nothing else; others are split."""
    found: list[Any] = []
    at = 0
    for piece in list(pieces(paragraph)):
        low, high = (
            max(start - at, 0),
            min((end if end is not None else at + len(piece.text)) - at, len(piece.text)),
        )
        at += len(piece.text)
        if low < high:
            run = _alone(piece.leaf, low, high)
            if run is not None and (not found or found[-1] is not run):
                found.append(run)
    return found


def _alone(leaf: Any, low: int, high: int) -> Any:
    """The run that holds this part of a leaf, after what stands before and behind it has got its own."""
    run = leaf.getparent()
    if run.tag != qn("w:r"):
        return None
    place = list(run).index(leaf)
    before = [one for one in list(run)[:place] if one.tag != qn("w:rPr")]
    if before or low:
        head = _copy(run, before)
        if low:
            head.append(_text(leaf, 0, low))
        run.addprevious(head)
    after = list(run)[place + 1 :]
    for one in before:
        if one.getparent() is run:
            run.remove(one)
    rest = len(leaf.text or "") if leaf.tag == qn("w:t") else 1
    if after or high < rest:
        tail = _copy(run, [])
        if high < rest:
            tail.append(_text(leaf, high, rest))
        for one in after:
            tail.append(one)
        run.addnext(tail)
    if leaf.tag == qn("w:t") and (low or high < rest):
        part = _text(leaf, low, high)
        run.replace(leaf, part)
    return run


def _copy(run: Any, moved: Sequence[Any]) -> Any:
    """A run of the same format with these elements moved into it."""
    copy = run.makeelement(run.tag, dict(run.attrib))
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        copy.append(deepcopy(properties))
    for one in moved:
        copy.append(one)
    return copy


def _text(leaf: Any, start: int, end: int) -> Any:
    part = leaf.makeelement(leaf.tag)
    part.text = leaf.text[start:end]
    part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return part
