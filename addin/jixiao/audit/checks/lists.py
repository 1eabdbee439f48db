"""Lists of parts after 其中, in text: 活动 126 场，其中讲座 24 场、展览 18 场、其他 84 场."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jixiao.audit.amounts import Stated
from jixiao.audit.checks.figures import ZERO
from jixiao.audit.mentions import Mention
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain

_OPENS = re.compile(r"^次?[,，:：(（]?其中[:：]?[^,，。;；、]*$")
_GOES_ON = re.compile(r"^、[^,，。;；、()（）]*$")
_REST = re.compile(r"^、(?:其他|其余|其它)")


def check_list(one: Stated, remarks: Remarks) -> None:
    """A list that ends with 其他 tells all parts; other lists may leave parts out, or count some twice."""
    for whole, parts in _lists(one.mentions, one.paragraph.text):
        last = one.paragraph.text[parts[-2].end : parts[-1].start] if len(parts) > 1 else ""
        if not _REST.match(last) or any(part.about for part in (whole, *parts)):
            continue
        total = sum((part.value for part in parts), ZERO)
        room = sum((part.slack for part in parts), whole.slack) if whole.money else ZERO
        if abs(total - whole.value) > room:
            unit = "万元" if whole.money else whole.unit
            remarks.add(
                "JX-705", whole, stated=whole.quote, expected=f"{plain(total)}{unit}", whole=whole.words,
                parts="＋".join(plain(part.value) for part in parts),
            )  # fmt: skip


def _lists(found: Sequence[Mention], text: str) -> Iterator[tuple[Mention, list[Mention]]]:
    """A quantity and the parts of the same kind that follow it, one after the other."""
    for number, whole in enumerate(found[:-1]):
        parts: list[Mention] = []
        before = whole
        for one in found[number + 1 :]:
            between = text[before.end : one.start]
            if not (_GOES_ON if parts else _OPENS).match(between) or not _alike(one, whole):
                break
            parts.append(one)
            before = one
        if parts:
            yield whole, parts


def _alike(one: Mention, whole: Mention) -> bool:
    return (one.money and whole.money) or bool(one.unit and one.unit == whole.unit and not one.percent)
