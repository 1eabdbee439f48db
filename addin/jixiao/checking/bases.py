"""口径: what a column of amounts means, asked for where nothing is chosen, checked where something is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.quantity import plain
from jixiao.rubric.model import Basis


def check_bases(case: Case) -> Iterator[Finding]:
    for basis in case.rubric.checks.bases:
        if basis.field not in case.gone:
            yield from _basis(case, basis)


def _basis(case: Case, basis: Basis) -> Iterator[Finding]:
    if case.blank(basis.field):
        # Amounts are there, and nobody knows what they mean.
        if any(spec.type == "money" and not case.blank(id) for id, spec in case.rubric.asked.items()):
            yield _asked(case, basis)
        return
    chosen = case.text(basis.field)
    total = case.number(basis.totals[chosen]) if chosen in basis.totals else None
    given = _given(case, basis)
    if total is None or len(given) < len(basis.parts) or chosen in _matching(case, basis):
        return
    fields = [*basis.parts, basis.totals[chosen]]
    yield case.finding(
        "JX-411",
        case.places([*fields, basis.field]),
        subject=basis.field,
        stated=plain(sum(given, Decimal(0))),
        expected=plain(total),
        clause=basis.clause,
        cause=next((one for field in fields if (one := case.earlier({"JX-405"}, field))), None),
        label=case.label(basis.field),
        chosen=chosen,
        parts="＋".join(map(case.label, basis.parts)),
        arithmetic=_arithmetic(given),
        total=case.label(basis.totals[chosen]),
        matches=_likely(case, basis),
    )


def _asked(case: Case, basis: Basis) -> Finding:
    return case.finding(
        "JX-506", case.places([basis.field]), subject=basis.field, label=case.label(basis.field),
        choices="还是".join(case.rubric.asked[basis.field].choices), matches=_likely(case, basis),
    )  # fmt: skip


def _given(case: Case, basis: Basis) -> list[Decimal]:
    return [number for field in basis.parts if (number := case.number(field)) is not None]


def _arithmetic(given: list[Decimal]) -> str:
    return f"{'＋'.join(map(plain, given))}＝{plain(sum(given, Decimal(0)))}"


def _matching(case: Case, basis: Basis) -> list[str]:
    """The choices under which the parts come to the total."""
    whole = sum(_given(case, basis), Decimal(0))
    allowed = case.rubric.checks.tolerance * (len(basis.parts) + 1)
    totals = {choice: case.number(field) for choice, field in basis.totals.items()}
    return [choice for choice, total in totals.items() if total is not None and abs(total - whole) <= allowed]


def _likely(case: Case, basis: Basis) -> str:
    """Which choice the figures bear out, where they bear out exactly one."""
    given, matching = _given(case, basis), _matching(case, basis)
    if len(given) < len(basis.parts) or len(matching) != 1:
        return ""
    total = case.label(basis.totals[matching[0]])
    return f"。从数字看，{_arithmetic(given)}，与{total}相符，像是“{matching[0]}”"
