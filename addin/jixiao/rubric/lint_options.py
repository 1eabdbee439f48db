"""Options: each is used, and says what every one of its readings means wherever it is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jixiao.rubric.fault import Fault
from jixiao.rubric.reads import Steps
from jixiao.rubric.source import did_you_mean


def option_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """Faults in rules as they are written, before a reading is chosen."""
    declared = {option["id"]: option["choices"] for option in data.get("options", [])}
    used: set[str] = set()
    for at, choice in _choices({key: value for key, value in data.items() if key != "options"}, ()):
        option = str(choice["option"])
        used.add(option)
        readings = declared.get(option, {})
        for reading in choice:
            if reading != "option" and readings and reading not in readings:
                yield Fault(
                    (*at, reading), f"选项“{option}”没有“{reading}”这种读法{did_you_mean(reading, readings)}"
                )
    for place, option in enumerate(declared):
        if option not in used:
            yield Fault(("options", place, "id"), f"选项“{option}”没有一处用到，请删去，或在规则里用上。")


def _choices(value: Any, at: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    if isinstance(value, dict):
        if "option" in value:
            yield at, value
        for key, item in value.items():
            yield from _choices(item, (*at, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _choices(item, (*at, place))
