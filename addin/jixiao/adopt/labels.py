"""Labels as they compare: the same words, however they are spaced, wrapped, numbered or dressed up."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import msgspec

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import data_folder
from jixiao.rubric.model import Model
from jixiao.rubric.source import read_yaml

WORDS = "labels.yaml"
LONGEST = 200
"""A longer text is what a unit wrote, and no label, unless the form prints it."""
THIS_YEAR, LAST_YEAR = "本年", "上年"

_BLANK = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕")
_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.:]|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)|\d{1,2}(?:[、:)]|\.(?!\d)))"
)
_CIRCLED = re.compile(r"[①-⓿❶-➓]")
_SIGNS = re.compile(r"^[^\w(\[【〔]+")
_POINTS = re.compile(r"\d+(?:\.\d+)?分$")
_COLON = re.compile("[:：]")
_NO_WORD = re.compile(r"[\W_]+")
_SAYS = re.compile(r"[^\W\d_]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年度?")


class LabelWords(Model, frozen=True, kw_only=True):
    """Words that forms use beside their labels, whatever the edition."""

    openings: list[str]
    """What may stand before a label and says nothing more (其中：)."""
    subtotals: list[str]
    """A row of the unit's indicators that begins with one of these adds up the rows above."""
    totals: list[str]
    """A row that begins with one of these ends the indicators."""
    notes: list[str]
    """A row that begins with one of these is a note to the form."""


@cache
def label_words() -> LabelWords:
    """The words that ship with the rules. Raises :class:`RuleFileError`."""
    file = data_folder("rubric_rules") / WORDS
    try:
        return msgspec.convert(read_yaml(file), LabelWords)
    except msgspec.ValidationError as error:
        raise RuleFileError(file, 0, f"这里的写法不能用（{error}）。") from error


@cache
def _opening() -> re.Pattern[str]:
    return re.compile("^(?:" + "|".join(map(re.escape, label_words().openings)) + ")[:：]?")


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """What a label says, without numbers, units, brackets, points, signs and blanks; empty for no words.

    ``1、公务用车 购置费（万元）：`` -> ``公务用车购置费``. Years stay: see :func:`placed_in`.
    """
    if len(text) > 2 * LONGEST:
        text = text[: 2 * LONGEST]
    said = _BLANK.sub("", unicodedata.normalize("NFKC", _CIRCLED.sub("", text)))
    bare = said
    while (shorter := _BRACKETS.sub("", bare)) != bare:
        bare = shorter
    said = bare if _SAYS.search(bare) else said
    before = ""
    while before != said:
        before = said
        said = _opening().sub("", _NUMBER.sub("", _SIGNS.sub("", said)))
    said = _NO_WORD.sub("", _POINTS.sub("", said))
    return said if _SAYS.search(said) else ""


def label_and_rest(text: str) -> tuple[str, str]:
    """The label that stands before a colon in the cell it is for, and what follows: 填表人：张三.

    The colon of 其中： ends no label.
    """
    for colon in _COLON.finditer(text):
        if key(text[: colon.start()]):
            return text[: colon.start()], text[colon.end() :].strip()
    return "", text


def years_in(said: str) -> list[int]:
    """The years that a key names."""
    return [int(year) for year in _YEAR.findall(said)] if "20" in said else []


@lru_cache(maxsize=65_536)
def placed_in(said: str, year: int) -> str:
    """The key with 本年 for the form's ``year`` and 上年 for the one before."""
    if "20" not in said:
        return said
    names = {year: THIS_YEAR, year - 1: LAST_YEAR}
    return _YEAR.sub(lambda found: names.get(int(found[1]), found[0]), said)


def likeness(one: str, other: str) -> float:
    """How much two keys share: 1 for the same, by pairs of neighbouring characters; containing counts."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) < 2:
        return 0.0
    pairs = [{word[at : at + 2] for at in range(len(word) - 1)} for word in (one, other)]
    shared = 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]))
    return max(shared, 0.75 + len(short) / len(long) / 5) if len(short) > 2 and short in long else shared
