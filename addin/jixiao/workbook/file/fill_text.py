"""A cell's fill as a text: ``""`` for none, else the element that draws it, theme colours kept."""

from __future__ import annotations

import re
from pyexpat import ExpatError

from jixiao.workbook.errors import BadFill
from jixiao.workbook.file.xml_spans import DoctypeError, Node, attribute_text, parse

_COLOR = re.compile(r"#([0-9A-Fa-f]{6})")
_ELEMENTS = {"patternFill", "gradientFill", "fgColor", "bgColor", "stop", "color"}
_ATTRIBUTES = {
    "patternType", "type", "degree", "left", "right", "top", "bottom", "position",
    "rgb", "theme", "tint", "indexed", "auto",
}  # fmt: skip
NO_FILL = '<patternFill patternType="none"/>'


def fill_xml(fill: str) -> str:
    """The element for ``#RRGGBB`` or a text from :func:`text_of_fill`; empty for none. Raises BadFill."""
    if not fill:
        return ""
    color = _COLOR.fullmatch(fill)
    if color:
        rgb = f"FF{color.group(1).upper()}"
        return f'<patternFill patternType="solid"><fgColor rgb="{rgb}"/><bgColor indexed="64"/></patternFill>'
    try:
        root = parse(fill.encode())
    except (ExpatError, DoctypeError, UnicodeError):
        raise _bad(fill) from None
    known = all(
        n.name in _ELEMENTS and set(n.attributes) <= _ATTRIBUTES and not n.text.strip() for n in root.walk()
    )
    if not known or root.name not in ("patternFill", "gradientFill"):
        raise _bad(fill)
    return _compact(root)


def plain_color(fill: str) -> str | None:
    """``#RRGGBB`` for a fill of one colour, whatever program has written it; None for any other fill."""
    if not fill or _COLOR.fullmatch(fill):
        return fill.upper()
    root = parse(fill.encode())
    color = root.child("fgColor")
    if root.get("patternType") != "solid" or color is None or "tint" in color.attributes:
        return None
    rgb = color.get("rgb").upper()
    return f"#{rgb[-6:]}" if len(rgb) in (6, 8) else None


def text_of_fill(fill: bytes) -> str:
    """The text of a ``<fill>`` element; empty if it paints nothing."""
    drawn = [node for node in parse(fill).children if node.local in ("patternFill", "gradientFill")]
    if not drawn or (drawn[0].local == "patternFill" and drawn[0].get("patternType", "none") == "none"):
        return ""
    return _compact(drawn[0])


def _compact(node: Node) -> str:
    attributes = "".join(
        f' {name}="{attribute_text(value).decode()}"' for name, value in node.attributes.items()
    )
    children = "".join(_compact(child) for child in node.children if child.local in _ELEMENTS)
    return (
        f"<{node.local}{attributes}>{children}</{node.local}>" if children else f"<{node.local}{attributes}/>"
    )


def _bad(fill: str) -> BadFill:
    return BadFill(f"“{fill}”不是颜色。颜色应写成“#”加六位十六进制数，例如“#FFC7CE”；不要底色时留空。")
