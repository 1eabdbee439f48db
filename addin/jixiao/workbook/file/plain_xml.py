"""XML the way spreadsheet programs plainly write it, read without a parser: several times as fast.

What is written in any other way raises :class:`NotPlain`, and a parser reads it.
"""

from __future__ import annotations

import re

from jixiao.workbook.file.xml_spans import tree_of

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""``&amp;`` last: what it gives is no entity any more."""
_NUMBERED = re.compile("&#([1-9][0-9]{2,4});", re.ASCII)
"""A character by its number, the way openpyxl and others write Chinese ones."""
_PLAIN_NUMBERS = (range(0xA0, 0xD800), range(0xE000, 0xFFFE))
"""Those that XML allows and that are no sign of its own."""


class NotPlain(Exception):
    """It is written in a way that only a parser understands."""


def inside(data: bytes, opening: str, closing: str, *, last: str) -> str:
    """What stands between two tags of a part that ends with the tag ``last``.

    Outside them there is no comment or instruction, in which the tags could stand as well.
    """
    head, _, rest = data.decode().partition(opening)
    held, end, tail = rest.partition(closing)
    if not end or not (end + tail).rstrip().endswith(last) or "\r" in held:
        raise NotPlain
    if any(sign in around for around in (head[2:], tail) for sign in ("<!", "<?")):
        raise NotPlain
    return _with_characters(held) if "&#" in held else held


def plain_text(written: str) -> str:
    """The text that stands between two tags. Raises ValueError for what no parser would take."""
    if "&" not in written:
        return written
    if "&#" in written:
        return tree_of(f"<t>{written}</t>".encode()).text or ""
    for name, sign in _ENTITIES.items():
        written = written.replace(name, sign)
    return written


def _with_characters(written: str) -> str:
    """The XML with its characters as they are; what else is written by number is left for the parser."""
    parts = _NUMBERED.split(written)
    low, high = _PLAIN_NUMBERS
    known = {one: chr(number) if (number := int(one)) in low or number in high else f"&#{one};"
             for one in set(parts[1::2])}  # fmt: skip
    parts[1::2] = map(known.__getitem__, parts[1::2])
    return "".join(parts)
