"""The tab 绩效自评 as customUI, for Excel 2007 and for later ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from jixiao.excel.buttons import GROUPS, TAB, Button
from jixiao.excel.xlam.names import ADD_IN, RIBBON_MODULE

SCHEMAS = {"customUI.xml": ("2006/01", "2006"), "customUI14.xml": ("2009/07", "2007")}
"""Part -> the versions of its namespace and of the relation that names it."""


def custom_ui(part: str, editions: Mapping[str, str]) -> str:
    """The part; ``editions`` are those that the menus offer, id -> title."""
    groups = "".join(
        _element("group", _controls(buttons, editions), id=f"{ADD_IN}.group{number}", label=name)
        for number, (name, buttons) in enumerate(GROUPS.items(), 1)
    )
    tabs = _element("tabs", _element("tab", groups, id=f"{ADD_IN}.tab", label=TAB))
    namespace = f"http://schemas.microsoft.com/office/{SCHEMAS[part][0]}/customui"
    return _element("customUI", _element("ribbon", tabs), xmlns=namespace)


def _controls(buttons: Sequence[Button], editions: Mapping[str, str]) -> str:
    return "".join(_control(one, editions) for one in buttons)


def _control(button: Button, editions: Mapping[str, str]) -> str:
    own = {
        "id": f"{ADD_IN}.{button.verb}",
        "label": button.label,
        "size": "large" if button.large else "normal",
        "imageMso": button.image,
        "screentip": button.label,
        "supertip": button.tip,
    }
    action = f"{RIBBON_MODULE}.{button.callback}"
    if not button.editions:
        return _element("button", **own, onAction=action)
    items = (
        _element("button", id=f"{own['id']}{number}", label=title, tag=edition, onAction=action)
        for number, (edition, title) in enumerate(editions.items(), 1)
    )
    return _element("menu", "".join(items), **own)


def _element(name: str, inside: str = "", /, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{inside}</{name}>"
