"""The list of worksheet functions, from which wrappers and the function wizard's texts are made."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import msgspec

from jixiao.excel.grids import answered


class Argument(msgspec.Struct, frozen=True):
    name: str
    said: str
    """What the function wizard says about it."""
    optional: bool


class Formula(msgspec.Struct, frozen=True):
    name: str
    said: str
    """What the function wizard says about it."""
    arguments: tuple[Argument, ...]
    call: Callable[..., Any]


def formula(
    formulas: list[Formula], said: str, **arguments: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the list; what it raises becomes a few words in the cell."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)
        assert list(signature.parameters) == list(arguments), function.__name__

        def call(*given: Any) -> Any:
            return answered(function, *given)

        call.__name__, call.__doc__, call.__module__ = function.__name__, said, function.__module__
        # xlwings reads these; an annotation would be taken for a conversion
        bare = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
        call.__signature__ = inspect.Signature(bare)  # type: ignore[attr-defined]
        call.__annotations__ = {}
        listed = tuple(
            Argument(name, arguments[name], one.default is not inspect.Parameter.empty)
            for name, one in signature.parameters.items()
        )
        formulas.append(Formula(function.__name__, said, listed, call))
        return call

    return enter


def bind(formulas: list[Formula], func: Callable[..., Any], arg: Callable[..., Any]) -> None:
    """Tell xlwings (its ``func`` and ``arg``): whole grids, errors by their name."""
    for one in formulas:
        for argument in one.arguments:
            arg(argument.name, ndim=2, err_to_str=True, doc=argument.said)(one.call)
        func(one.call)
