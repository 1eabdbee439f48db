"""A machine rule in plain Chinese, so that finance staff can hold it against the official wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from jixiao.rubric import model
from jixiao.rubric.span import INFINITY, Span, number, ratio, span_of

MISSED = {
    "completion": "按目标值÷实际值算完成率，再按上面各档计分",
    "ratio": "得分＝目标值÷实际值×分值",
    "zero": "不得分",
    "declared": "由单位在 0 与分值之间自评，并写明理由",
}
_INNER = str.maketrans("“”", "‘’")


def rule_lines(rubric: model.Rubric, indicator: model.Indicator) -> list[str]:
    """How the rule of an indicator scores it, a sentence a line."""
    rule, full = indicator.rule, number(indicator.weight)
    match rule:
        case model.Bands():
            lines = [f"{band_text(span_of(band))}，得 {number(band.points)} 分" for band in rule.bands]
            return [*_ratios(rubric, rule.ratio), *lines]
        case model.Proportional():
            over = f"最多得 {full} 分" if rule.over == "full" else "比率超过 100% 的由单位自评"
            return [*_ratios(rubric, rule.ratio), f"得分＝比率×{full}，{over}"]
        case model.Deductions():
            items = [_deduction(rubric, item) for item in rule.items]
            return [f"从 {full} 分起扣，扣完为止", *items]
        case model.Checklist():
            return _checklist(rubric, rule, indicator.weight)
        case model.Excess():
            actual, limit = label(rubric, rule.actual), label(rubric, rule.limit)
            each = f"每满一个 {ratio(rule.step)} 扣 {number(rule.each)} 分（不足的部分不扣）"
            if rule.counting == "begun":
                each = f"每超一个 {ratio(rule.step)} 扣 {number(rule.each)} 分（不足的部分按一个算）"
            spent = MISSED[rule.no_limit]
            return [
                f"超支率＝（{actual}－{limit}）÷{limit}",
                f"超支率不大于 0，得 {full} 分；大于 0 的，{each}，扣完为止",
                f"{limit}为 0 的：{actual}不大于 0 得 {full} 分；大于 0 的，{spent}",
            ]
        case model.Limit():
            return [f"{label(rubric, rule.actual)}≤{label(rubric, rule.limit)}，得 {full} 分；否则不得分"]
        case model.Judged():
            met = "；".join(condition_text(rubric, condition) for condition in rule.full_when)
            lines = [f"{met}，得 {full} 分"] if met else []
            if rule.tiers:
                return [*lines, *_judged_tiers(rubric, rule)]
            otherwise = "否则由" if met else "由"
            return [*lines, f"{otherwise}单位在 0 与 {full} 分之间自评，并写明理由"]
        case model.Rows():
            block = next(block for block in rubric.blocks if block.id == rule.block)
            summed = ["表上没有这一项的得分栏，自评分是各行得分之和"] if indicator.summed else []
            return [
                f"单位填写的“{block.name}”逐行计分后相加，最多得 {full} 分",
                *summed,
                *_row_rule(rubric.row_rules[block.row_rule]),
            ]


def total_lines(rubric: model.Rubric) -> list[str]:
    """What becomes of the sum of all scores, where anything does."""
    lines = ["得分不舍入相加，合计和总分最后才舍入"] if rubric.sums == "exact" else []
    if rubric.not_applicable_rows == "rescale":
        total = number(rubric.total)
        lines.append(
            f"目标值填“/”（不适用）的行保留分值、不参加计分，总分＝得分之和×{total}÷（{total}－这些行的分值）"
        )
    names = {indicator.id: indicator.name for _, indicator in model.walk(rubric.levels)}
    for cap in rubric.caps:
        held = f"总分最多 {number(cap.total_at_most)} 分"
        lines.append(f"{band_text(span_of(cap), f'“{names[cap.of]}”的比率')} 时，{held}（{cap.clause}）")
    return lines


def _judged_tiers(rubric: model.Rubric, rule: model.Judged) -> list[str]:
    lines = [f"由单位在{label(rubric, rule.tier_field)}选档次，在该档的分数之内自评："]
    for tier in rule.tiers:
        low, high = number(tier.at_least), number(tier.at_most)
        lines.append(f"　{tier.name}：{low} 分" + ("" if low == high else f"至 {high} 分"))
    return lines


def label(rubric: model.Rubric, field: str) -> str:
    return f"“{rubric.asked[field].label.translate(_INNER)}”"


def labels(rubric: model.Rubric, fields: Iterable[str], mark: str) -> str:
    return mark.join(label(rubric, field) for field in fields)


def condition_text(rubric: model.Rubric, condition: model.Condition) -> str:
    """“应公开的采购意向数”为 0：没有应公开的采购意向，…"""
    named = labels(rubric, condition.of, "＋")
    words = rubric.asked[condition.of[0]].type in ("answer", "choice")
    met = f"填“{condition.equals}”" if words else f"为 {condition.equals}"
    return f"{named}{'之和' if len(condition.of) > 1 else ''}{met}：{condition.because}"


def band_text(span: Span, what: str = "比率", show: Callable[[Decimal], str] = ratio) -> str:
    """60%≤比率＜100%, as a rubric prints it."""
    low = "" if span.low == -INFINITY else f"{show(span.low)}{'≤' if span.low_closed else '＜'}"
    high = "" if span.high == INFINITY else f"{'≤' if span.high_closed else '＜'}{show(span.high)}"
    if low and not high:
        return f"{what}{'≥' if span.low_closed else '＞'}{show(span.low)}"
    return f"{low}{what}{high}"


def _ratios(rubric: model.Rubric, quotients: list[model.Quotient]) -> list[str]:
    lines = []
    for place, quotient in enumerate(quotients):
        instead = f"（{quotient.substitute}）" if quotient.substitute else ""
        lines.append(f"{'前一种算不出时，改用' if place else '比率'}：{_quotient(rubric, quotient)}{instead}")
    return lines


def _quotient(rubric: model.Rubric, quotient: model.Quotient) -> str:
    if quotient.mean_of:
        cap = quotient.each_at_most
        held = "" if cap is None else f"，每项最多按 {ratio(cap)} 计"
        first, last = label(rubric, quotient.mean_of[0]), label(rubric, quotient.mean_of[-1])
        return f"{quotient.name}＝{first}至{last}之和÷填写的项数{held}"
    above, below = (_sum(rubric, fields) for fields in (quotient.numerator, quotient.denominator))
    return f"{quotient.name}＝{above}÷{below}"


def _sum(rubric: model.Rubric, fields: list[str]) -> str:
    named = labels(rubric, fields, "＋")
    return f"（{named}）" if len(fields) > 1 else named


def _deduction(rubric: model.Rubric, item: model.Deduction) -> str:
    unit = rubric.asked[item.field].unit or "件"
    if item.equals is not None:
        text = f"{label(rubric, item.field)}填“{item.equals}”，扣 {number(item.each or Decimal(0))} 分"
    elif item.each is not None:
        text = f"{label(rubric, item.field)}，每{unit}扣 {number(item.each)} 分"
    else:
        of = label(rubric, item.scale_of or item.field)
        steps = (
            f"{band_text(span_of(s), of, number)} 时，每{unit}扣 {number(s.each)} 分" for s in item.scale
        )
        text = f"{label(rubric, item.field)}：{'；'.join(steps)}"
    most = "" if item.at_most is None else f"，最多扣 {number(item.at_most)} 分"
    return f"{item.name}：{text}{most}"


def _checklist(rubric: model.Rubric, rule: model.Checklist, weight: Decimal) -> list[str]:
    if rule.all_or_nothing:
        lines = [f"下面各项全部符合，得 {number(weight)} 分；有一项不符，不得分"]
    else:
        lines = [f"下面各项得分相加，满分 {number(weight)} 分"]
    for item in rule.items:
        points = item.points if item.points is not None else (item.share or Decimal(0)) * weight
        lines.append(f"{item.name}：{_item(rubric, item, points, weight, rule.all_or_nothing)}")
        lines += [f"　其中{condition_text(rubric, one)}" for one in item.not_applicable]
        lines += [f"　其中{condition_text(rubric, one)}，这一项不得分" for one in item.forfeited]
    return lines


def _item(
    rubric: model.Rubric, item: model.ChecklistItem, points: Decimal, weight: Decimal, together: bool
) -> str:
    named = label(rubric, item.field)
    share = "" if item.share is None else f"（占 {ratio(item.share)}）"
    if item.reading == "judged":
        return f"{named}由单位在 0 与 {number(points)} 分之间自评{share}"
    if item.reading == "answer":
        return f"{named}填“是”" + ("" if together else f"，得 {number(points)} 分{share}；否则不得分")
    each = f"{named}×{number(item.each or Decimal(0))}"
    if item.base == "weight":
        return f"得分＝（{number(weight)}－{each}）×{ratio(item.share or Decimal(0))}，扣完为止"
    return f"得分＝{number(points)}－{each}，扣完为止{share}"


def _row_rule(rule: model.RowRule) -> list[str]:
    lines = ["完成率＝实际完成值÷目标值"]
    for band in rule.completion:
        share = band.earns.share
        earned = "完成率×分值" if share is None else f"分值的 {ratio(share)}" if share else " 0 分"
        if band.falling_from is not None:
            earned += f"，完成率比 {ratio(band.falling_from)} 每高 1%，少得分值的 1%"
        if band.less:
            earned += f"，再扣 {number(band.less)} 分"
        lines.append(f"{band_text(span_of(band), '完成率')}，得{earned}")
    words = "、".join(rule.inverse_words)
    lines += [
        f"反向指标（越小越好）：实际值{'不大于' if rule.inverse_exceeded == 'met' else '等于'}目标值，"
        f"得分值的 {ratio(rule.inverse_met)}；大于目标值的，{MISSED[rule.inverse_missed]}",
        f"没有写方向、目标值也没有 ≥、≤ 的，名称或类别里有这些词按反向：{words}",
        f"目标值是日期：不晚于目标日期得满分；晚于目标日期的，{MISSED[rule.late]}",
    ]
    if rule.inverse_exceeded == "completion":
        lines.append(f"反向指标的实际值小于目标值的，{MISSED['completion']}；实际值是 0 的由单位自评")
    zero = "视为达成" if rule.zero_both == "met" else MISSED["declared"]
    lines.append(f"正向指标的目标值和实际值都是 0 的，{zero}")
    if rule.zero_target == "zero" and rule.inverse_missed != "zero":
        lines.append("反向指标目标值是 0 的：实际值是 0 得满分，大于 0 的不得分")
    if rule.constraint_actual == "accept":
        lines.append("实际值写成 ≥、≤ 的，与目标相同或好于目标时按达成计，并提示不是实际数")
    tiers = (f"{tier.name}，分值的 {span_of(tier).text()}" for tier in rule.tiers)
    if rule.tiers:
        lines.append(f"定性指标由单位在所选档次之内自评：{'；'.join(tiers)}")
    asked = [
        f"{word} {ratio(bound)}"
        for word, bound in (("低于", rule.ask_reason_below), ("高于", rule.ask_reason_above))
        if bound is not None
    ]
    return [*lines, f"完成率{' 或'.join(asked)} 的，要写明原因"] if asked else lines
