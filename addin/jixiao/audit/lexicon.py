"""The words by which reports speak of amounts (``audit.yaml``); no report's own names are among them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import data_folder
from jixiao.rubric.model import Model
from jixiao.rubric.source import read_yaml

LEXICON = "audit.yaml"
KINDS = ("支出", "收入")
_OF_YEAR = re.compile("(?:年度|全年|计划|下达|[省市区县]定|既定)(?:的)?$")
"""Names that after another name say nothing more."""


class Identity(Model, frozen=True, kw_only=True):
    """Parts that make up a whole when all of them are told."""

    whole: str
    parts: list[str]
    apart: bool = False
    """The parts are always all told, but their whole perhaps elsewhere and under another name."""


class Statement(Model, frozen=True, kw_only=True):
    """Words that figures can contradict: ``missed`` targets, or an ``overrun`` of one of these subjects."""

    says: list[str]
    of: list[str] = []
    """One of these stands in the same sentence; none: whatever the sentence is about."""
    against: Literal["missed", "overrun"]
    subjects: list[str] = []


class Tables(Model, frozen=True, kw_only=True):
    """What heads of columns and labels of rows say (patterns); the first kind that fits a head is its."""

    totals: str
    subtotals: str
    numbers: list[str]
    captions: str
    """Words that stand above the heads of a table: its name, its unit."""
    heads: str
    kinds: dict[str, str]
    """``growth``, ``ratio``, ``difference``, ``points``, ``count``, ``sum``: pattern of the heads."""
    goals: dict[str, list[str]]
    """``reached`` and ``target``: words of the heads of results and targets."""
    completed: list[str]
    scored: list[str]
    money: str
    """Heads and labels of amounts, which may be rounded to the last place that is printed."""
    counted: str
    single: str
    """Heads of figures that do not add up: prices, averages, targets."""
    partial: str
    """Words before a table that lists only some of the items."""
    proportional: str
    """A rule that scores are the completion rate times the weight."""
    extra: str
    """Rows beyond the hundred points."""


class Ratio(Model, frozen=True, kw_only=True):
    """A rate, and the words by which amounts are known to be its numerator and its base."""

    names: list[str]
    above: list[str]
    below: list[str]
    of_unit: bool = False
    """Where one of the two is not told beside it, it is that of the whole unit."""


class Classes(Model, frozen=True, kw_only=True):
    """Classes of which nothing is in two.

    Where each of ``kinds`` is told, in one of its forms, nothing is left out.
    """

    kinds: list[list[str]]
    also: list[str] = []
    narrower: list[str] = []
    """A name with one of these is only a part of its class: 全额事业编."""


_NAMED_FUND = 4
"""So many characters say what money is for: 文物保护资金, not 专项资金."""


class Undertakings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Titles of one thing that a unit did: those that end so, and those without any word of ``never``.

    ``funds`` end those of money for one purpose, which they name: 文物保护资金, not 项目资金.
    """

    ends: list[str]
    funds: list[str]
    never: list[str]


class Words(Model, frozen=True, kw_only=True):
    """Name -> the ways it is written."""

    subjects: dict[str, list[str]]
    wide: list[str]
    """Subjects that say nothing more after another one."""
    bases: dict[str, list[str]]
    names_with_budget: list[str]
    names_with_change: list[str]
    names_with_each: list[str]
    neutral: list[str]
    units: list[list[str]]
    """Units of what is counted; those that count the same kind of thing together."""
    identities: list[Identity]
    changes: dict[str, list[str]]
    wanted: list[str]
    """What a number before 的 is, if it was not reached but wanted: 250 座的任务."""
    targets: list[str]
    """Other words for what is compared with: 计划, 全省平均."""
    each: list[str]
    each_of: dict[str, str]
    """What 车均, 案均 count by."""
    counted_by: dict[str, list[str]]
    """Names of the one number in a report that such an average counts by."""
    received: list[str]
    earned: list[str]
    """Income, of which in its ``own_year`` the spending leaves the rest."""
    own_year: list[str]
    ratios: list[Ratio]
    undertakings: Undertakings
    assessed: dict[str, list[str]]
    """What is assessed (the whole unit, a project) -> words of titles that say so, the surest first."""
    remainders: list[str]
    flows: dict[str, list[str]]
    """``came`` and ``went``: what a net change is the difference of."""
    lacking: list[str]
    year_end: list[str]
    carried: list[str]
    adjustments: dict[str, list[str]]
    moved: list[str]
    """Words of a report whose budget was changed during the year."""
    classes: list[Classes]
    acts: list[str]
    """What is done with things, before 合格、通过 and the like: no name of other things."""
    overlapping: list[str]
    exclusive: list[str]
    """Names that hold such a word, and are classes for all that."""
    near_whole: Decimal
    share: list[str]
    adverbs: list[str]
    """Words before 占 that do not say whose share it is."""
    rates: dict[str, list[str]]
    scores: dict[str, list[str]]
    staff: dict[str, list[str]]
    hints: list[str]
    causes: list[str]
    plans: list[str]
    points: list[str]
    intended: list[str]
    statements: list[Statement]
    tables: Tables


class Lexicon:
    """Finds the names of the lexicon in words."""

    def __init__(self, words: Words) -> None:
        self.words = words

    @cached_property
    def unit_kinds(self) -> dict[str, str]:
        """Unit -> the first of the units that count the same."""
        return {unit: kind[0] for kind in self.words.units for unit in kind}

    @cached_property
    def _subjects(self) -> tuple[re.Pattern[str], dict[str, str]]:
        return _finder(self.words.subjects)

    def subject(self, words: str) -> str:
        """What an amount after these words is the amount of: the last name among them, or empty.

        一般公共预算年初预算支出 is 一般公共预算支出 on the basis 年初预算.
        """
        found = _all(self._subjects, self._between.sub("", words))
        if len(found) > 1 and self.general(found[-1][0]):  # 公用经费支出, 公用经费全年支出 are 公用经费
            kind, name = found[-1][0][-2:], found[-2][1]
            as_kind = re.sub("收入$|支出$", "", name) + kind
            return as_kind if as_kind in self.words.subjects else name
        if found and found[-1][1] in self.words.wide:
            return next((name for _, name in reversed(found) if name not in self.words.wide), found[-1][1])
        return found[-1][1] if found else ""

    def several(self, words: str) -> bool:
        """Names of two subjects: 一般公共预算财政拨款基本支出 is only a part of 基本支出."""
        found = _all(self._subjects, self._between.sub("", words))
        names = {name for _, name in found[:-1]} - {name for _, name in found[-1:]}
        return bool(names) and found[-1][1] not in self.words.wide

    def topic(self, heading: str) -> str:
        """The one part of the budget that a heading names; empty where it names none, several, or all."""
        found = {name for _, name in _all(self._subjects, self._between.sub("", heading))}
        one = found.pop() if len(found) == 1 else ""
        return "" if one in ("总支出", "总收入") else one

    def narrow(self, title: str) -> bool:
        """Whether a title is that of one thing that the unit did, and not of its money as a whole."""
        one = self.words.undertakings
        if title.endswith(tuple(one.ends)) or not any(word in title for word in one.never):
            return True
        own = self.without_known(re.sub(_either(one.never), "", title))
        return title.endswith(tuple(one.funds)) and not self.subject(title) and len(own) >= _NAMED_FUND

    def project(self, heading: str) -> str:
        """The name of the one thing that a heading is of; empty for a heading of anything else."""
        name = heading.partition("、")[2] or heading.partition(")")[2] or heading.partition(".")[2]
        ends = tuple(self.words.undertakings.ends)
        return name if name.endswith(ends) and self.without_known(name) and name not in ends else ""

    def general(self, words: str) -> bool:
        """支出, 全年支出: spent on whatever is being spoken of; not 总支出."""
        bare = re.sub(r"(?:19|20)\d\d年度?|[^一-龥]", "", words)
        bare = self._between.sub("", bare).rstrip("为是达")
        return not re.search("总|整体|合计|部门", bare) and self.without_neutral(bare) in KINDS

    def unnamed(self, words: str) -> bool:
        """年初预算, 支出决算为: on a basis, of whatever is being spoken of; not 本年支出合计."""
        whole = re.search("总|整体|合计|部门|本年", words)
        return not whole and self.subject(words) in ("", "总支出", "总收入") and not self.without_known(words)

    def only_kind(self, words: str) -> bool:
        """Nothing but a basis and 支出 or 收入: 调整预算支出，实际支出."""
        bare = re.sub(r"^[^一-龥]+|[为是]$", "", words)
        if self._between.sub("", bare) in KINDS:
            return True
        return bare in self.words.bases["actual"] and bare not in self._subjects[1]

    @cached_property
    def _between(self) -> re.Pattern[str]:
        forms = [one for forms in self.words.bases.values() for one in forms]
        return re.compile(_either([one for one in forms if one.endswith(("预算", "决算")) and one != "预算"]))

    @cached_property
    def _staff(self) -> tuple[re.Pattern[str], dict[str, str]]:
        return _finder(self.words.staff)

    def head_count(self, words: str) -> str:
        """编制数 or 实际在职人数, where the words say nothing else; empty otherwise."""
        pattern, meaning = self._staff
        found = pattern.findall(words)
        rest = self._known.sub("", pattern.sub("", words))
        return meaning[found[-1]] if found and not rest else ""

    def rate(self, words: str) -> str:
        """预算执行率 of the whole unit, by its own name; empty where the words say more."""
        words = re.sub(r"[为是达到约]+$", "", words)
        forms = [form for forms in self.words.rates.values() for form in forms]
        form = next((one for one in sorted(forms, key=len, reverse=True) if words.endswith(one)), "")
        before = words.removesuffix(form)
        if not form or self._known.sub("", before) or self.basis(before) == "previous":
            return ""
        return self.subject(before) + form

    @cached_property
    def _known(self) -> re.Pattern[str]:
        words = self.words
        names = [*words.subjects.values(), *words.bases.values()]
        forms = [*(one for forms in names for one in forms), *words.names_with_budget, *words.neutral]
        return re.compile(rf"{_either(forms)}|(?:19|20)\d\d年度?|[的为是中数“”、:：()]")

    def without_known(self, words: str) -> str:
        """What these words say besides subjects, bases, years and words that mean nothing by themselves."""
        return self._known.sub("", words)

    def without_neutral(self, words: str) -> str:
        """Without words that mean nothing by themselves."""
        return self._neutral.sub("", words)

    @cached_property
    def _neutral(self) -> re.Pattern[str]:
        return re.compile(_either(self.words.neutral))

    def basis(self, words: str) -> str:
        """initial, adjusted, actual or previous; empty where the words do not say."""
        words = self._budget_names.sub("", words)
        bases = self.words.bases.items()
        return next((name for name, forms in bases if any(one in words for one in forms)), "")

    @cached_property
    def _budget_names(self) -> re.Pattern[str]:
        """一般公共预算 is a source of money, 一般公共预算数 and 部门预算总额 are amounts of a budget."""
        return re.compile(rf"(?:{_either(self.words.names_with_budget)})(?!数|总额|总数|总计|合计|安排)")

    def direction(self, words: str) -> int:
        """1 for 增加, -1 for 减少 at the end of the words, 0 otherwise."""
        for name in self.words.names_with_change:
            words = words.replace(name, "")
        return next((sign for sign, pattern in self._directions.items() if pattern.search(words)), 0)

    @cached_property
    def _directions(self) -> dict[int, re.Pattern[str]]:
        return {
            sign: re.compile(
                rf"(?:{_either(self.words.changes[kind])})(?:了|额|数|率|幅|幅度)?(?:为|约|达)?$"
            )
            for sign, kind in ((1, "up"), (-1, "down"))
        }

    @cached_property
    def _kinds(self) -> dict[str, re.Pattern[str]]:
        return {kind: re.compile(pattern) for kind, pattern in self.words.tables.kinds.items()}

    def kind(self, head: str) -> str:
        """What the figures below a head are: growth, ratio, difference, points, count, sum, or empty."""
        return next((kind for kind, pattern in self._kinds.items() if pattern.search(head)), "")

    def goal(self, head: str) -> str:
        """``target`` or ``reached`` for a column of an indicator's target or result; empty otherwise."""
        tables = self.words.tables
        return next((kind for kind, words in tables.goals.items() if any(one in head for one in words)), "")

    @cached_property
    def _heads(self) -> re.Pattern[str]:
        return re.compile(self.words.tables.heads)

    def heads(self, words: str) -> bool:
        """Whether these words stand above figures, and not beside them."""
        return bool(self._heads.search(words))

    def caption(self, line: str) -> bool:
        """Whether a line says what a table shows, and is none of its heads."""
        return bool(re.search(self.words.tables.captions, line))

    def completed(self, head: str) -> bool:
        """完成率 of an indicator."""
        return any(one in head for one in self.words.tables.completed)

    def scored(self, head: str) -> bool:
        """得分率."""
        return any(one in head for one in self.words.tables.scored)

    def total(self, label: str) -> str:
        """``total`` or ``subtotal`` for the label of a row that sums up others; empty otherwise."""
        bare = re.sub(r"^(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、])|\([^()]*\)$|[:：]$", "", label)
        for kind, pattern in (("total", self.words.tables.totals), ("subtotal", self.words.tables.subtotals)):
            if re.search(pattern, bare):
                return kind
        return ""

    def arrives(self, words: str) -> bool:
        """增加到, 降至 at the end of the words: what follows is what it has become."""
        return bool(self._arriving.search(words))

    @cached_property
    def _arriving(self) -> re.Pattern[str]:
        moves = _either([one for forms in self.words.changes.values() for one in forms])
        return re.compile(rf"(?:{moves})了?[到至]$|[增减升降]至$|变为$|(?<![上下提增减升降])[增减升降]为$")

    def each(self, words: str) -> str:
        """人均, 每台, 单价: the words say that it is so much for each one; the word itself."""
        for name in self.words.names_with_each:
            words = words.replace(name, "")
        found = self._each.search(words)
        return found[0] if found else ""

    @cached_property
    def _each(self) -> re.Pattern[str]:
        units = _either([*(one for one in self.unit_kinds if len(one) < 4), *self.words.each_of])
        return re.compile(rf"(?<!高)(?:{_either(self.words.each)})(?!化)|每(?:{units})|(?:{units})均(?!价)")

    def for_each(self, words: str) -> str:
        """The kind of unit that it is so much for: 户 of 户均; empty where the words do not say."""
        found = re.search(r"每(?P<after>[一-龥]{1,3})|(?P<before>[^\W\d平])均(?!价)", words)
        if not found:
            return ""
        named = found["after"] or found["before"]
        named = self.words.each_of.get(named[:1], named)
        kinds = [kind[0] for kind in self.words.units if any(named.startswith(unit) for unit in kind)]
        return "人、人次" if "人" in kinds else "、".join(kinds) or "没有"

    def counted_by(self, words: str) -> list[str]:
        """What 生均 counts by, where its number may be told anywhere in the report: 在校学生, 在校生."""
        found = re.search("(?P<word>[^\\W\\d平])均(?!价)", words)
        return self.words.counted_by.get(found["word"], []) if found else []

    def averaged(self, words: str) -> str:
        """What an average is of: 培训费 of 人均培训费."""
        return self._each.split(words)[-1].strip("为是约达到的")

    def ratio(self, words: str) -> Ratio | None:
        """The known rate that the words end with."""
        bare = re.sub(r"(?:为|是|达到?|约|仅为?|只有)?[:：]?$", "", words)
        ratios = self.words.ratios
        return next((one for one in ratios if any(bare.endswith(name) for name in one.names)), None)

    def remains(self, words: str) -> str:
        """结余, 剩余 at the end of the words: what is left of something; the word."""
        found = self._remaining.search(words)
        return found["word"] if found and not words.endswith("其余") else ""

    def flow(self, words: str) -> int:
        """1 for 新增 among the words, -1 for 报废, 0 for neither and for both."""
        flows = self.words.flows
        came, went = (any(one in words for one in flows[kind]) for kind in ("came", "went"))
        return int(came) - int(went)

    def lacks(self, words: str) -> str:
        """缺口, 尚差 at the end of the words: what has not come of something; the word."""
        found = re.search(rf"(?:{_either(self.words.lacking)})(?=(?:资金|为|达)*$)", words)
        return found[0] if found else ""

    def year_end(self, words: str) -> bool:
        """年末结转结余: what is left of the whole year, and of nothing else."""
        rest = self.remains(words)
        return bool(rest) and words.removesuffix(rest) in self.words.year_end

    @cached_property
    def _remaining(self) -> re.Pattern[str]:
        forms = _either(self.words.remainders)
        return re.compile(rf"(?P<word>{forms})(?:资金|经费|金额|数|额|的)?(?:为|共|约)?$")

    def carried(self, words: str) -> bool:
        """上年结转: left over from the year before, and to be spent in this one."""
        return any(one in words for one in self.words.carried)

    def adjusts(self, words: str) -> int:
        """1 for 追加, -1 for 调减 of a budget at the end of the words, 0 otherwise."""
        for sign, kind in ((1, "add"), (-1, "cut")):
            forms = _either(self.words.adjustments[kind])
            if re.search(rf"(?:{forms})(?:了|预算|资金|安排|指标)*(?:为|共|共计)?$", words):
                return sign
        return 0

    def besides_adjusting(self, words: str) -> str:
        """What 年中追加 says besides that something was added: nothing."""
        forms = _either([one for forms in self.words.adjustments.values() for one in forms])
        return self.without_known(re.sub(rf"年中|年内|中途|{forms}", "", words))

    def classed(self, names: list[str]) -> tuple[int, bool]:
        """How many of the names, from the first, are of one set of classes; whether those are all."""
        return max(_classed(one, names) for one in self.words.classes)

    def overlap(self, names: list[str]) -> bool:
        """Whether somebody or something can be of several of the names."""
        bare = [self._exclusive.sub("", name) for name in names]
        return any(one in name for one in self.words.overlapping for name in bare)

    @cached_property
    def _exclusive(self) -> re.Pattern[str]:
        return re.compile(_either(self.words.exclusive))

    def target(self, words: str, after: str) -> bool:
        """Whether what stands around a number says that it was wanted: 县定 250 座的任务，年度 8 公里任务."""
        return bool(self._wanted.match(after) or _OF_YEAR.search(words) and self._wanted.match(f"的{after}"))

    @cached_property
    def _wanted(self) -> re.Pattern[str]:
        return re.compile(rf"的[一-龥]{{0,4}}?(?:{_either(self.words.wanted)})")

    def based(self, words: str) -> str:
        """The word among these that a comparison can be with: 上年, 预算, 计划, 2022年."""
        found = self._bases.search(words)
        return found[0] if found else ""

    @cached_property
    def _bases(self) -> re.Pattern[str]:
        forms = [*(one for forms in self.words.bases.values() for one in forms), *self.words.targets]
        return re.compile(rf"{_either(forms)}|(?:19|20)\d\d年")


def _classed(classes: Classes, names: list[str]) -> tuple[int, bool]:
    forms = [*(form for kind in classes.kinds for form in kind), *classes.also]
    known = list(itertools.takewhile(lambda name: any(form in name for form in forms), names))
    said = "、".join(name for name in known if not any(one in name for one in classes.narrower))
    return len(known), all(any(form in said for form in kind) for kind in classes.kinds)


def _either(words: Iterable[str]) -> str:
    return _alternatives(tuple(words))


@lru_cache(maxsize=64)  # sorting and escaping take longer than the search
def _alternatives(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _finder(names: Mapping[str, list[str]]) -> tuple[re.Pattern[str], dict[str, str]]:
    meaning = {
        form.replace("“", "").replace("”", ""): name for name, forms in names.items() for form in forms
    }
    return re.compile(_either(list(meaning))), meaning


def _all(finder: tuple[re.Pattern[str], dict[str, str]], words: str) -> list[tuple[str, str]]:
    """The forms among the words, and the names that they are forms of."""
    pattern, meaning = finder
    return [(form, meaning[form]) for form in pattern.findall(words.replace("“", "").replace("”", ""))]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that ships with the rules. Raises :class:`RuleFileError`."""
    file = data_folder("rubric_rules") / LEXICON
    try:
        return Lexicon(msgspec.convert(read_yaml(file), Words, strict=False))
    except msgspec.ValidationError as error:
        raise RuleFileError(file, 0, f"这里的写法不能用（{error}）。") from error
