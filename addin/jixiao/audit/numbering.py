"""The automatic numbers of a Word file's paragraphs, as they print: 一、 （一） 1."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from docx.oxml.ns import qn

_DIGITS = "一二三四五六七八九"
_BULLETS = {"bullet", "none"}
_CHINESE = re.compile("chinese|ideograph|japanese|taiwanese", re.IGNORECASE)


class _Level(msgspec.Struct, frozen=True):
    start: int
    format: str
    text: str
    """``（%2）``: %2 stands for the number of the second level."""
    plain: bool
    """Numbers of other levels stand in it as 1 2 3, however they are written there."""


class Numbering:
    """Counts on as Word does; paragraphs must be asked for in their order, each once."""

    def __init__(self, word: Any) -> None:
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        """Number of a list -> which counters it shares, and its levels."""
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        root = next(
            (
                one.target_part.element
                for one in word.part.rels.values()
                if one.reltype.endswith("/numbering")
            ),
            None,
        )
        if root is not None:
            self._read(root)
            self._read_styles(word.styles.element)

    def _read(self, root: Any) -> None:
        kinds = {
            one.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"))): _level(level) for level in one.findall(qn("w:lvl"))
            }
            for one in root.findall(qn("w:abstractNum"))
        }
        for one in root.findall(qn("w:num")):
            kind, number = _value(one, "w:abstractNumId"), one.get(qn("w:numId"))
            levels = dict(kinds.get(kind, {}))
            restarted = False
            for override in one.findall(qn("w:lvlOverride")):
                at = int(override.get(qn("w:ilvl")))
                if (own := override.find(qn("w:lvl"))) is not None:
                    levels[at] = _level(own)
                if (start := _value(override, "w:startOverride")) and at in levels:
                    levels[at], restarted = msgspec.structs.replace(levels[at], start=int(start)), True
            self._lists[number] = (f"{kind}/{number}" if restarted else kind, levels)

    def _read_styles(self, styles: Any) -> None:
        based, own = {}, {}
        for style in styles.findall(qn("w:style")):
            id = style.get(qn("w:styleId"))
            based[id] = _value(style, "w:basedOn")
            if (found := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None:
                own[id] = _value(found, "w:numId"), int(_value(found, "w:ilvl") or 0)
        for id in based:
            seen, one = set(), id
            while one and one not in own and one not in seen:
                seen.add(one)
                one = based.get(one, "")
            if one in own:
                self._styles[id] = own[one]

    def of(self, paragraph: Any) -> str:
        """The number of a paragraph; empty for none and for bullets."""
        if not self._lists:
            return ""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        number, at = self._styles.get(_value(properties, "w:pStyle"), ("", 0))
        if (own := properties.find(qn("w:numPr"))) is not None:
            number, at = _value(own, "w:numId") or number, int(_value(own, "w:ilvl") or at)
        shared, levels = self._lists.get(number, ("", {}))
        if at not in levels:
            return ""
        counts = self._counts.setdefault(shared, {})
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [one for one in counts if one > at]:
            del counts[deeper]
        if levels[at].format in _BULLETS:
            return ""

        def shown(found: re.Match[str]) -> str:
            one = int(found[1]) - 1
            level = levels.get(one, levels[at])
            return _written(counts.get(one, level.start), "" if levels[at].plain else level.format)

        return re.sub(r"%(\d)", shown, levels[at].text)


def _level(element: Any) -> _Level:
    start, format = _value(element, "w:start"), _value(element, "w:numFmt")
    plain = element.find(qn("w:isLgl")) is not None
    return _Level(int(start or 1), format or "decimal", _value(element, "w:lvlText"), plain)


def _value(element: Any, name: str) -> str:
    found = element.find(qn(name))
    return str(found.get(qn("w:val"), "")) if found is not None else ""


def _written(number: int, format: str) -> str:
    if not _CHINESE.search(format) or not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    before = ("" if tens < 2 else _DIGITS[tens - 1]) + ("十" if tens else "")
    return before + (_DIGITS[ones - 1] if ones else "")
