"""Sentences of ``report.yaml``: compiled once, their names checked before anything is printed.

What a sentence prints is a :class:`Figure` or words; whatever it prints is kept with its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jixiao.filing.quantity import quoted
from jixiao.report.figures import MONEY_PLACES, Figure, shares_of, shown
from jixiao.rubric.source import did_you_mean
from jixiao.scoring.arithmetic import percent, rounded

_FOLDED = re.compile(r"(?:(?<=[^\x00-\x7f])|(?<=\}))[ \n]+|[ \n]+(?=[^\x00-\x7f]|\{)")
"""Blanks that only come from a long sentence standing on several lines of the file."""
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
"""No Word file can hold these, or nothing that people write does."""


FUNCTIONS = ("compare", "overrun", "shares", "rate", "sum", "given", "missing", "quoted", "ended")
"""What sentences may call."""


class WrongSentence(Exception):
    """A sentence that cannot be used; the message is Chinese and says why."""


class Share(msgspec.Struct, frozen=True):
    """A part of a whole: its name, its amount, and its share (None where there is no whole)."""

    name: str
    amount: Figure
    share: Figure | None = None


class Sentences:
    """Says sentences over ``names`` and remembers every figure that was printed."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.printed: list[Figure] = []
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, finalize=self._print, autoescape=False
        )
        functions = {name: getattr(self, name) for name in FUNCTIONS}
        self._environment.globals = names | functions

    def say(self, text: str, **more: Any) -> list[str]:
        """The paragraphs that a sentence makes; raises :class:`WrongSentence`."""
        try:
            said = self._environment.from_string(_FOLDED.sub("", text)).render(**more)
        except TemplateError as error:
            raise WrongSentence(complaint(error)) from error
        except (AttributeError, TypeError, KeyError, ValueError, ArithmeticError) as error:
            raise WrongSentence("括号里的内容不对：名称或个数与说明里写的不一样，请核对。") from error
        lines = (UNPRINTABLE.sub("", line).strip(" \t\r\u3000") for line in said.splitlines())
        return [line for line in lines if line]

    def items(self, expression: str) -> Sequence[Any]:
        """The list that an expression means; raises :class:`WrongSentence`."""
        try:
            found: Any = self._environment.compile_expression(expression, undefined_to_none=False)()
            return list(found)
        except (TemplateError, AttributeError, TypeError, KeyError) as error:
            raise WrongSentence(f"“{expression}”不是一组内容，请核对名称。") from error

    def _print(self, value: Any) -> str:
        if isinstance(value, Undefined):
            str(value)  # says what is not defined
        if isinstance(value, int):
            value = Figure(str(value), Decimal(value), "count")
        if isinstance(value, Figure):
            self.printed.append(value)
            return value.text
        if not isinstance(value, str):
            raise WrongSentence("这里不是一个数或一段文字，请把名称写全。")
        return value

    # ------------------------------------------------------------ what sentences may call

    def given(self, figure: Figure) -> bool:
        """Whether something stands there; 0 is something."""
        return not figure.absent

    def quoted(self, words: Figure) -> Figure:
        """Words in quotation marks, their own quotation marks made single."""
        return words if words.absent else words.saying(quoted(words.text))

    def ended(self, words: Figure) -> Figure:
        """Words that the sentence goes on after: without the full stop at their end, on one line."""
        return words if words.absent else words.saying(" ".join(words.text.split()).rstrip("。；;."))

    def missing(self, label: str) -> Figure:
        """What is still to be filled in, where no single field says it."""
        return Figure("", None, f"missing.{label}", label=label)

    def compare(self, base: str, new: Figure, old: Figure) -> str:
        """比上年减少34.43万元，下降5.41% — or 与上年持平; no percentage where the base is not above 0."""
        if new.number is None or old.number is None:
            return f"比{base}{self._print(new if new.absent else old)}"
        change = rounded(new.number, MONEY_PLACES) - rounded(old.number, MONEY_PLACES)
        if not change:
            return f"与{base}持平"
        source = f"{new.source}-{old.source}"
        amount = self._print(Figure(shown(abs(change), "money", new.unit), change, source))
        said = f"比{base}{'增加' if change > 0 else '减少'}{amount}"
        if old.number > 0 and new.number >= 0:
            ratio = change / old.number
            rate = self._print(Figure(percent(abs(ratio)), ratio, f"({source})/{old.source}"))
            said += f"，{'增长' if change > 0 else '下降'}{rate}"
        return said

    def overrun(self, actual: Figure, limit: Figure) -> str:
        """，超预算15.27万元（218.14%） where more was spent than allowed; otherwise nothing."""
        if actual.number is None or limit.number is None or actual.number <= limit.number:
            return ""
        source, gap = f"{actual.source}-{limit.source}", actual.number - limit.number
        said = "，超预算" + self._print(Figure(shown(gap, "money", actual.unit), gap, source))
        if limit.number > 0:
            ratio = gap / limit.number
            said += f"（{self._print(Figure(percent(ratio), ratio, f'({source})/{limit.source}'))}）"
        return said

    def sum(self, *parts: Figure) -> Figure:
        """Amounts added up; what is not filled in is asked for."""
        absent = next((part for part in parts if part.number is None), None)
        if absent is not None:
            return absent
        total = sum((part.number for part in parts if part.number is not None), Decimal(0))
        source, unit = "-".join(part.source for part in parts), parts[0].unit
        return Figure(shown(total, "money", unit), total, source, unit=unit)

    def rate(self, part: Figure, whole: Figure) -> Figure:
        """A ratio as a percentage; 不适用 where the whole is not above 0."""
        source = f"{part.source}/{whole.source}"
        for one in (part, whole):
            if one.number is None:
                return one
        if part.number is None or whole.number is None or whole.number <= 0:
            return Figure("不适用", "不适用", source)
        ratio = part.number / whole.number
        return Figure(percent(ratio), ratio, source)

    def shares(self, whole: Figure, **parts: Figure) -> list[Share]:
        """Parts of a whole with shares that add up to 100% where the parts make up the whole.

        A part that is not filled in is left out where the others make up the whole; otherwise it is
        asked for, and has no share.
        """
        given = {name: part for name, part in parts.items() if part.number is not None}
        known = {name: part.number or Decimal(0) for name, part in given.items()}
        if whole.number is None or whole.number <= 0:
            return [Share(name, part) for name, part in parts.items()]
        if known and sum(known.values()) == whole.number:
            parts = given
        cut = shares_of(list(known.values()), whole.number)
        shares = {
            name: Figure(percent(one / 100), one / 100, f"{parts[name].source}/{whole.source}")
            for name, one in zip(known, cut, strict=True)
        }
        return [Share(name, part, shares.get(name)) for name, part in parts.items()]


# ---------------------------------------------------------------- before anything is printed


def wrong_names(text: str, fields: Iterable[str], others: Iterable[str], *, expression: bool = False) -> str:
    """What is wrong with the names of a sentence, or empty: unknown fields, unknown words, bad syntax.

    ``fields`` are ids with dots; ``others`` the other names that a sentence may use.
    """
    environment = ImmutableSandboxedEnvironment()
    try:
        tree = environment.parse("{{ (" + text + ") }}" if expression else text)
    except TemplateSyntaxError as error:
        return complaint(error)
    known, roots = set(fields), {field.partition(".")[0] for field in fields}
    bound = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    for name in tree.find_all(nodes.Name):
        if name.name not in bound | roots | set(others) | {"loop", "range"}:
            return f"没有“{name.name}”这个名称{did_you_mean(name.name, roots | set(others))}"
    for chain in _chains(tree):
        if chain.partition(".")[0] in roots and chain.removesuffix(".none") not in known:
            return f"没有“{chain}”这个填报项{did_you_mean(chain, known)}"
    return ""


def _chains(tree: nodes.Node) -> Iterator[str]:
    """``a.b.c`` for every chain of names, each as long as it is written."""
    inner: set[int] = set()
    for node in tree.find_all(nodes.Getattr):
        if id(node) in inner:
            continue
        steps, one = [], node
        while isinstance(one, nodes.Getattr):
            steps.append(one.attr)
            inner.add(id(one))
            one = one.node  # type: ignore[assignment]
        if isinstance(one, nodes.Name):
            yield ".".join([one.name, *reversed(steps)])


def complaint(error: TemplateError) -> str:
    """What jinja2 complains about, in Chinese."""
    said = str(error.message or "")
    if missing := re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", said):
        return f"没有“{missing[1] or missing[2]}”这个名称，请核对。"
    if unknown := re.search(r"No (?:filter|test) named '([^']+)'", said):
        return f"不能用“{unknown[1]}”。"
    if "unsafe" in said or "SecurityError" in type(error).__name__:
        return "用了不允许的写法，只能写名称、for、if。"
    if "end" in said and ("Unexpected" in said or "Encountered" in said or "expected" in said):
        return "for 和 endfor、if 和 endif 没有成对，或者括号没有成对，请核对。"
    return "双花括号里的写法不对，请核对名称和符号。"
