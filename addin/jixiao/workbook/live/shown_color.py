"""The colour that a fill shows, for a host that can be given no other kind of colour."""

from __future__ import annotations

import colorsys

from jixiao.workbook.file.fill_text import plain_color
from jixiao.workbook.file.xml_spans import Node, parse

_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
"""The colours of a theme by the numbers that fills give them."""


def shown_color(fill: str, theme: bytes) -> str | None:
    """``#RRGGBB`` for a fill of one colour, that of a theme too, ``""`` for none; None for a pattern."""
    plain = plain_color(fill)
    if plain is not None:
        return plain
    root = parse(fill.encode())
    color = root.child("fgColor")
    if root.get("patternType") != "solid" or color is None:
        return None
    rgb = color.get("rgb")[-6:] or _of_theme(color.get("theme"), theme)
    return _tinted(rgb, float(color.get("tint") or 0)) if rgb else None


def _of_theme(number: str, theme: bytes) -> str:
    if not theme or not number.isdigit() or int(number) >= len(_ORDER):
        return ""
    scheme = _find(parse(theme), "clrScheme")
    color = scheme.child(_ORDER[int(number)]) if scheme else None
    if color is None or not color.children:
        return ""
    said = color.children[0]
    return said.get("lastClr") or said.get("val")


def _find(node: Node, name: str) -> Node | None:
    return next((one for one in node.walk() if one.local == name), None)


def _tinted(rgb: str, tint: float) -> str:
    """Darker by a negative tint, lighter by a positive one (ISO 29500-1, 18.8.19)."""
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    channels = colorsys.hls_to_rgb(hue, light, saturation)
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in channels)
