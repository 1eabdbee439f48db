"""The quantities of a paragraph as operands of claims: what each is to the others, told by its words.

In 由 A 增加到 B A is where it came from and B where it went to; in 比上年的 C 增加 D C is a base, D a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from jixiao.audit.amounts import WHOLE_OF_RATE, Amount, Stated
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

Mark = Literal["", "from", "to", "base", "whole", "previous", "change", "each", "apart"]
NO_AMOUNT = ("%", "‰", "个百分点", "倍", "分")
"""What is measured in these is no amount that others are shares of."""
_BEYOND = re.compile(r"^(?P<sign>[多少超])$|(?:同比|[比较][^,，]{2,8})(?P<sign2>[多少])[一-龥]{0,4}$")
UNIT = "总支出"
_INVESTED = re.compile("总投资|概算|合同价|合同金额|工程预算")
"""Money of one undertaking: what follows in the sentence is of it, too."""
_AVERAGE_OF_ALL = re.compile(
    "(?:高于|低于|多于|少于|比|较|超过)全[国省市州区县][^,，]{0,6}平均(?:水平|数|值)?的?$"
)
_TO = re.compile(r"(?:/[一-龥]{1,3})?[^,，。;；/]{0,6}[到至为]\d")
_COMPARED = r"(?:高于|低于|多于|少于|(?<![占同环对之相])比|较|与|同(?!比|期|步|时)|超过|超出|超)"
_BRACKETED = re.compile(rf"{_COMPARED}(?P<base>[^,，。;；()]{{1,10}})[(]$")
"""较 2021 年（13.6 万元）减少: the base itself in the bracket."""
_DIFFERS = re.compile("(?:差异|差额|相差)(?:为|达)?$")
_EXACT = re.compile("计划|目标|任务|指标值|预算|批复|概算|合同|标准")
_LISTED_RATE = re.compile(r"[、和及与]\d+(?:\.\d+)?%")
_YEAR = re.compile(r"((?:19|20)\d\d)年")


class Term(msgspec.Struct, frozen=True):
    """One quantity. ``mark``: where a change came ``from`` or went ``to``, the ``base`` that it is
    compared with, the ``whole`` of which a rate follows (完成计划 20 公里的 98%), a value of a
    ``previous`` year, the ``change`` itself, an amount for ``each``;
    a rate that stands ``apart``, of one of several amounts.
    """

    mention: Mention
    kind: str
    mark: Mark
    direction: int
    """Of a change: 1 for more, -1 for less."""
    full: int
    """Number of its sentence, by full stops only."""
    amount: Amount | None
    finer: bool = False
    """Others of its unit in the paragraph have decimals: 12 万元 beside 15.6 万元 is 12.0."""

    @property
    def value(self) -> Decimal:
        return self.mention.value

    @property
    def slack(self) -> Decimal:
        """What is counted one by one, and what was planned in round numbers, is not rounded."""
        unit = self.mention.unit
        counted = self.kind not in ("元", *NO_AMOUNT) and unit[:1] not in "万亿" and not self.mention.places
        planned = not (self.kind == "元" and self.mention.places) and _EXACT.search(self.words)
        if counted or self.kind not in NO_AMOUNT and unit[:1] != "亿" and planned:
            return Decimal(0)
        return self.mention.slack / (10 if self.finer else 1)

    @property
    def sentence(self) -> int:
        return self.mention.sentence

    @property
    def words(self) -> str:
        return self.mention.words

    @property
    def start(self) -> int:
        return self.mention.start

    @property
    def plain(self) -> bool:
        """Says how much something is, this year, and not only about."""
        return self.mark in ("", "to") and not self.mention.about

    def gap(self, before: Term) -> str:
        """The text between."""
        return self.mention.paragraph.text[before.mention.end : self.start]

    def shown(self, value: Decimal | None = None) -> str:
        """This quantity as printed, or another of its kind in its unit, with two decimals at least."""
        one = self.mention
        if value is None:
            return f"{plain(rounded(one.value / one.scale, one.places))}{one.unit}"
        return f"{plain(rounded(value / one.scale, max(one.places, 2)))}{one.unit}"


class Everywhere:
    """The amounts of all paragraphs of a document, as operands."""

    def __init__(self, paragraphs: Sequence[Stated], lexicon: Lexicon, year: int) -> None:
        self._lexicon = lexicon
        self._told: dict[tuple[str, str], list[Term]] = {}
        self._whole: dict[str, list[Term]] = {}
        self._all: list[Term] = []
        self.year = year
        self._counts = [
            Term(mention, mention.kind, "", 0, -1, None) for one in paragraphs for mention in one.others
            if mention.kind not in NO_AMOUNT and not mention.about and not _mark(mention, lexicon, year)[0]
        ]  # fmt: skip
        texts = [one.paragraph.text for one in paragraphs]
        self._moved = any(word in text for text in texts for word in lexicon.words.moved)
        self.carried = any(word in text for text in texts for word in lexicon.words.carried)
        """Whether the report speaks of what was left over from the year before."""
        for amount in (amount for one in paragraphs for amount in one.amounts):
            said = _mark(amount.mention, lexicon, year)[0] in ("", "to", "previous")
            if amount.mention.about or amount.listed or not said:
                continue
            term = Term(amount.mention, amount.mention.kind, "", 0, -1, amount)
            self._all.append(term)
            self._told.setdefault((amount.subject, amount.basis), []).append(term)
            if amount.subject in ("", UNIT) and not _of_something(amount, lexicon):
                self._whole.setdefault(amount.basis, []).append(term)

    def told(self, subject: str, basis: str) -> list[Term]:
        """The amounts of a subject on a basis."""
        return self._told.get((subject, basis), [])

    def of_unit(self, basis: str) -> list[Term]:
        """The amount of the whole unit on a basis; none where the report tells several values."""
        found = self._whole.get(basis, [])
        return found if len({one.value for one in found}) == 1 else []

    @property
    def adjusted(self) -> bool:
        """Whether any budget is said to be adjusted."""
        return self._moved or any(basis == "adjusted" for _, basis in self._told)

    def counted(self, *names: str, kind: str = "") -> list[Term]:
        """常住人口 46.3 万人: the count of one of these names; none where the report tells several."""
        found = [one for one in self._counts if one.words.endswith(names) and (not kind or one.kind == kind)]
        return found if len({one.value for one in found}) == 1 else []

    def of_kind(self, kind: str) -> list[Term]:
        """All that is counted in units of a kind."""
        return [one for one in self._counts if one.kind == kind]

    def called_just(self, words: Sequence[str]) -> list[Term]:
        """The amounts that bear one of these names and no other: 项目总投资; none where one has several."""
        found: list[Term] = []
        for word in words:
            name = re.compile(rf"[^一-龥]*(?:项目|计划|累计|实际)*{word}(?:资金|金额|额)?(?:为|共)?")
            called = [one for one in self._all if name.fullmatch(one.words)]
            if len({one.value for one in called}) > 1:
                return []  # 实际到位 960 万元……县级配套实际到位 120 万元
            found += called
        return found

    def holding(self, name: str) -> list[Term]:
        """The amounts whose words hold this one."""
        return [one for one in self._all if name in one.words]

    def called(self, name: str) -> list[Term]:
        """The amounts of this very name: of its subject, or at the end of what stands before them."""
        subject = self._lexicon.subject(name) if not self._lexicon.without_known(name) else ""
        if subject:
            own = (one for one in self._all if not self._lexicon.without_known(one.words))
            return [one for one in own if one.amount and one.amount.subject == subject]
        return [one for one in self._all if one.words.endswith(name)]

    def named(self, word: str) -> list[Term]:
        """The amount whose words hold this one; none where the report tells several."""
        found = [one for one in self._all if word in one.words]
        return found if len({one.value for one in found}) == 1 else []


def _of_something(amount: Amount, lexicon: Lexicon) -> bool:
    """Not the unit's: its words say so, or those before it, 大楼总投资 4.86 亿元，当年完成 1.38 亿元."""
    mention = amount.mention
    if lexicon.without_known(mention.words):
        return True
    text = mention.paragraph.text
    said = text[text.rfind("。", 0, mention.start) + 1 : mention.start]
    own = lexicon.subject(mention.words) == UNIT and not lexicon.general(mention.words)
    return not own and bool(_INVESTED.search(said))


def terms_of(one: Stated, lexicon: Lexicon, year: int) -> list[Term]:
    """The quantities of a paragraph of a report on ``year``."""
    amounts = {amount.mention.start: amount for amount in one.amounts}
    fine = {mention.unit for mention in one.mentions if mention.places}
    found: list[Term] = []
    for mention in one.mentions:
        mark, direction = _mark(mention, lexicon, year)
        full = one.paragraph.text.count("。", 0, mention.start)
        finer = not mention.places and mention.unit in fine
        if mention.percent and _apart(mention, found[-1] if found else None):
            mark = "apart"
        amount = amounts.get(mention.start)
        found.append(Term(mention, mention.kind, mark, direction, full, amount, finer))
    return found


def _apart(rate: Mention, last: Term | None) -> bool:
    """执行率分别为 98% 和 95%: each is of another amount."""
    if last is None or last.mark != "apart":
        return "分别" in rate.words or bool(_LISTED_RATE.match(rate.paragraph.text, rate.end))
    between = rate.paragraph.text[last.mention.end : rate.start]
    return bool(re.fullmatch("[、,，和及与]", between))


def _mark(one: Mention, lexicon: Lexicon, year: int) -> tuple[Mark, int]:
    words = one.words
    if lexicon.arrives(words):
        return "to", 0
    if one.percent and lexicon.ratio(words) and lexicon.basis(words) != "previous":
        return "", 0
    if beyond := _BEYOND.search(words):
        return "change", -1 if "少" in (beyond["sign"], beyond["sign2"]) else 1
    if lexicon.direction(words) and lexicon.each(words) or _DIFFERS.search(words):
        return "apart", 0  # 人均增收 2100 元; 年初预算与全年预算差异 405 万元
    if direction := lexicon.direction(words):
        return "change", direction
    from_here = bool(re.search(r"(?:由|从)[^,，]{0,12}$", words))
    if from_here and _TO.match(one.paragraph.text, one.end):
        return "from", 0  # 由 32.6 元/平方米降至 31.9 元/平方米
    if _AVERAGE_OF_ALL.search(words):
        return "base", 0
    if lexicon.each(words) or one.paragraph.text.startswith("/", one.end):
        return "each", 0
    if WHOLE_OF_RATE.match(one.paragraph.text, one.end):
        return "whole", 0
    if lexicon.target(words, one.paragraph.text[one.end :]):
        return "base", 0
    inside = _BRACKETED.search(one.paragraph.text[: one.start])
    if inside and lexicon.based(inside["base"]) and one.paragraph.text.startswith(")", one.end):
        return "base", 0
    compared = list(re.finditer(_COMPARED, words))
    based = lexicon.based(words[compared[-1].end() :]) if compared else ""
    if based and compared[-1][0] in "与同" and not words.startswith(based, compared[-1].end()):
        based = ""  # 续建与改造投资
    if compared and (based or not words[compared[-1].end() :].strip("的")):
        return "base", 0
    if from_here:
        return "from", 0
    years = _YEAR.findall(words)
    if lexicon.basis(words) == "previous" or (years and year and int(years[-1]) < year):
        return "previous", 0
    return "", 0


def before(terms: Sequence[Term], one: Term) -> list[Term]:
    """The terms before one, the nearest first."""
    return [term for term in reversed(terms) if term.start < one.start]


def nearest(terms: Iterable[Term], kind: str) -> Term | None:
    """The first that says how much of this kind there is."""
    return next((term for term in terms if term.plain and term.kind == kind), None)


def right(exact: Decimal, claim: Term, carried: Decimal = Decimal(0)) -> bool:
    """Whether a claim agrees with the exact value, each with the rounding that it carries."""
    return abs(exact - claim.value) <= claim.slack + abs(carried)


def ratio_slack(above: Term, below: Term) -> Decimal:
    """How far the rounding of the two can move their ratio."""
    ratio = abs(above.value / below.value)
    return (above.slack + ratio * below.slack) / abs(below.value)


def of_unit(terms: Sequence[Term], one: Term, lexicon: Lexicon) -> bool:
    """Whether an amount is that of the whole unit: its words say nothing else, nor those before it."""
    earlier = [term for term in before(terms, one) if term.full == one.full and term.kind == "元"]
    said = [term.words.replace(lexicon.remains(term.words) or "\0", "") for term in (one, *earlier)]
    known = one.amount is None or one.amount.subject in ("", UNIT)
    return known and not any(map(lexicon.without_known, said))
