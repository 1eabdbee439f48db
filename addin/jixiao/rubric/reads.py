"""Which fields the rules read, where they say so, and what each must hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from jixiao.rubric import model

Steps = tuple[str | int, ...]
"""Where something stands in the rules: ``("levels", 0, "weight")``."""

Need = Literal["number", "money", "percent", "score", "choice", "yes", "any", "row"]
"""``yes``: 是 must be among the possible answers. ``row``: a whole row of amounts will do."""


class Read(NamedTuple):
    at: Steps
    field: str
    need: Need


def records(
    value: msgspec.Struct | list[Any] | dict[str, Any], at: Steps = ()
) -> Iterator[tuple[Steps, msgspec.Struct]]:
    """Every record of the rules, each before those inside it, with where it stands."""
    if isinstance(value, msgspec.Struct):
        yield at, value
        # the loader made ``asked``; ``findings`` is not about the edition
        parts = ((name, getattr(value, name)) for name in value.__struct_fields__)
        inside: list[tuple[Any, Any]] = [
            (name, item) for name, item in parts if at or name not in ("asked", "findings")
        ]
    else:
        inside = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, item in inside:
        if isinstance(item, msgspec.Struct | list | dict):
            yield from records(item, (*at, key))


def reads(value: msgspec.Struct, at: Steps = ()) -> Iterator[Read]:
    """Every mention of a field in ``value`` and the records inside it."""
    for here, record in records(value, at):
        for name, need in _named(record):
            held = getattr(record, name)
            if isinstance(held, list | dict):
                for key, field in held.items() if isinstance(held, dict) else enumerate(held):
                    yield Read((*here, name, key), field, need)
            if isinstance(held, str) and held:
                yield Read((*here, name), held, need)


def _named(record: msgspec.Struct) -> list[tuple[str, Need]]:
    match record:
        case model.Condition():
            return [("of", "any")]
        case model.Quotient():
            return [("mean_of", "percent"), ("numerator", "number"), ("denominator", "number")]
        case model.Deduction():
            return [("field", "any" if record.equals is not None else "number"), ("scale_of", "number")]
        case model.ChecklistItem():
            return [("field", "yes" if record.reading == "answer" else "number")]
        case model.Judged():
            return [("tier_field", "any")]
        case model.Level():
            return [("total_field", "score")]
        case model.Excess() | model.Limit():
            return [("actual", "number"), ("limit", "number")]
        case model.Tie():
            return [("whole", "number"), ("parts", "number"), ("less", "number"), ("more", "number")]
        case model.Rate():
            return [("field", "percent"), ("part", "number"), ("whole", "number")]
        case model.Basis():
            return [("field", "choice"), ("parts", "number"), ("totals", "number")]
        case model.Expected():
            return [("fields", "row")]
        case model.Texts():
            return [("fields", "any")]
        case model.Stated():
            return [("field", "number")]
        case model.Reasons():
            return [("texts", "any"), ("general", "any")]
        case model.Overrun():
            return [("actual", "number"), ("limit", "number"), ("explained_by", "any")]
        case model.Adjustment():
            return [("before", "number"), ("after", "number"), ("explained_by", "any")]
        case model.Contradicted():
            return [("texts", "any")]
        case model.Same():
            return [("fields", "any")]
        case model.Approved():
            return [("goal", "any")]
        case model.Result():
            return [("field", "any"), ("goal", "any")]
        case model.Checks():
            return [("unit_scale", "money")]
    return []
