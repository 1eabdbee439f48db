"""Bands, tiers and scales: every possible ratio lies in exactly one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from jixiao.rubric.fault import Fault
from jixiao.rubric.model import (
    Bands,
    Cap,
    CaseScale,
    Deduction,
    Indicator,
    Interval,
    Judged,
    JudgedTier,
    RowRule,
    Rubric,
    Tier,
)  # fmt: skip
from jixiao.rubric.reads import Steps, records
from jixiao.rubric.span import INFINITY, Span, number, ratio, shared, span_of

FROM_ZERO = Span(Decimal(0), INFINITY, low_closed=True)
SHARES = Span(Decimal(0), Decimal(1), low_closed=True, high_closed=True)


def band_faults(rubric: Rubric) -> Iterator[Fault]:
    for at, record in records(rubric):
        match record:
            case Indicator(rule=Bands() as rule):
                yield from _bands((*at, "rule"), rule, record.weight)
            case RowRule():
                yield from _row_rule(at, record)
            case Indicator(rule=Judged(tiers=[_, *_]) as judged):
                yield from _judged((*at, "rule", "tiers"), judged.tiers, record.weight)
            case Rubric() if record.caps:
                yield from _caps((*at, "caps"), record.caps)
            case Deduction() if record.scale:
                yield from _covered((*at, "scale"), record.scale, FROM_ZERO, number, "件数")


def _bands(at: Steps, rule: Bands, weight: Decimal) -> Iterator[Fault]:
    # A ratio of amounts may be negative; whether a band takes those is up to the rubric.
    yield from _covered((*at, "bands"), rule.bands, FROM_ZERO, ratio, "比率")
    for place, band in enumerate(rule.bands):
        if not 0 <= band.points <= weight:
            yield Fault(
                (*at, "bands", place, "points"),
                f"这一档得 {number(band.points)} 分，应在 0 和指标分值 {number(weight)} 之间。",
            )
    if rule.bands and max(band.points for band in rule.bands) < weight:
        yield Fault((*at, "bands"), f"没有一档得满分 {number(weight)} 分，请核对各档的分数。", "提醒")


def _row_rule(at: Steps, rule: RowRule) -> Iterator[Fault]:
    yield from _covered((*at, "completion"), rule.completion, FROM_ZERO, ratio, "完成率")
    if rule.tiers:
        yield from _covered((*at, "tiers"), rule.tiers, SHARES, ratio, "分值的比例")
    for place, tier in enumerate(rule.tiers):
        for key, bound in (("at_least", tier.at_least), ("at_most", tier.at_most)):
            if not SHARES.holds(bound):
                yield Fault(
                    (*at, "tiers", place, key), f"“{tier.name}”的界限 {ratio(bound)} 应在 0% 和 100% 之间。"
                )
    shares = [((*at, "inverse_met"), rule.inverse_met)]
    for place, band in enumerate(rule.completion):
        if band.less < 0:
            yield Fault((*at, "completion", place, "less"), f"另扣的分 {number(band.less)} 是负数，请改正。")
        if band.earns.share is not None:
            shares.append(((*at, "completion", place, "earns"), band.earns.share))
    for where, share in shares:
        if not SHARES.holds(share):
            yield Fault(where, f"得分占分值的 {ratio(share)}，应在 0% 和 100% 之间。")
    below, above = rule.ask_reason_below, rule.ask_reason_above
    if below is not None and above is not None and below > above:
        yield Fault(
            (*at, "ask_reason_below"),
            f"完成率低于 {ratio(below)} 或高于 {ratio(above)} 的要写原因，等于都要写，"
            "请核对 ask_reason_below、ask_reason_above。",
        )


def _judged(at: Steps, tiers: Sequence[JudgedTier], weight: Decimal) -> Iterator[Fault]:
    # Which points are in no tier, or in several (其他情况), is up to the rubric.
    for place, tier in enumerate(tiers):
        if not 0 <= tier.at_least <= tier.at_most <= weight:
            points = f"{number(tier.at_least)} 分至 {number(tier.at_most)} 分"
            yield Fault(
                (*at, place),
                f"“{tier.name}”{points}，应从低到高写，在 0 和指标分值 {number(weight)} 之间。",
            )


def _caps(at: Steps, caps: Sequence[Cap]) -> Iterator[Fault]:
    for name in {cap.of for cap in caps}:
        places = [place for place, cap in enumerate(caps) if cap.of == name]
        yield from _covered(at, [caps[place] for place in places], None, ratio, "比率")


def _covered(
    at: Steps,
    bands: Sequence[Interval | Tier | CaseScale],
    range: Span | None,
    show: Callable[[Decimal], str],
    what: str,
) -> Iterator[Fault]:
    spans = [span_of(band) for band in bands]
    for place, span in enumerate(spans):
        if span.low > span.high or (span.low == span.high and not span.holds(span.low)):
            yield Fault((*at, place), f"这一档的下限高于上限，什么{what}都不包括，请改正。")
            return
    for gap, count in shared(spans, range) if range else []:
        if count == 0:
            yield Fault(at, f"{what} {_spaced(gap.text(show))}没有一档，请补上，或改相邻一档的界限。")
    for overlap, count in shared(spans, Span()):
        if count > 1:
            later = [place for place, span in enumerate(spans) if span.covers(overlap)][-1]
            several = "两" if count == 2 else f" {count} "
            yield Fault(
                (*at, later), f"{what} {_spaced(overlap.text(show))}在{several}档里都有，请只留在一档里。"
            )


def _spaced(text: str) -> str:
    """A number stands apart from the Chinese word that follows it."""
    return f"{text} " if text[-1].isascii() else text
