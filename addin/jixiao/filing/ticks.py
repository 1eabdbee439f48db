"""Boxes that a unit ticks on a line of choices."""

from __future__ import annotations

import re
from collections.abc import Sequence

TICKS = "☑☒√✓✔■●"
BOXES = "□☐○"


def ticked_in(text: str, names: Sequence[str]) -> list[str]:
    """The names ticked on a line such as ``☑优 □良`` or ``优☑ 良□``; a bare name counts as ticked."""
    box = rf"[{TICKS}{BOXES}]"
    any_name = f"(?:{'|'.join(map(re.escape, names))})"
    more = r"[秀好等]?\s*(?:[（(][^）)]*[）)])?"
    first = re.search(f"{box}|{any_name}", text)
    if not re.search(box, text):
        return [name for name in names if re.fullmatch(re.escape(name) + more, text.strip())]
    if first and first[0] in names:
        return [name for name in names if re.search(rf"{re.escape(name)}{more}\s*[{TICKS}]", text)]
    return [name for name in names if re.search(rf"[{TICKS}]\s*{re.escape(name)}", text)]
