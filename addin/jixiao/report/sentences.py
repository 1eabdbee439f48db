"""Sentences of ``report.yaml``: compiled once, their names checked before anything is printed.

What a sentence prints is a :class:`Figure` or words; whatever it prints is kept with its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jixiao.report.figures import Figure, shares_of, shown
from jixiao.rubric.source import did_you_mean
from jixiao.scoring.arithmetic import percent

_FOLDED = re.compile(r"(?:(?<=[^\x00-\x7f])|(?<=\}))[ \n]+|[ \n]+(?=[^\x00-\x7f]|\{)")
"""Blanks that only come from a long sentence standing on several lines of the file."""
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""No Word file can hold these."""


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
        functions = (self.compare, self.shares, self.rate, self.given, self.missing)
        self._environment.globals = names | {one.__name__: one for one in functions}

    def say(self, text: str, **more: Any) -> list[str]:
        """The paragraphs that a sentence makes; raises :class:`WrongSentence`."""
        try:
            said = self._environment.from_string(_FOLDED.sub("", text)).render(**more)
        except TemplateError as error:
            raise WrongSentence(complaint(error)) from error
        except (AttributeError, TypeError, KeyError, ValueError, ArithmeticError) as error:
            raise WrongSentence(f"这句话写不出来（{error}）。") from error
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

    def missing(self, label: str) -> Figure:
        """What is still to be filled in, where no single field says it."""
        return Figure("", None, f"missing.{label}", label=label)

    def compare(self, base: str, new: Figure, old: Figure) -> str:
        """比上年减少34.43万元，下降5.41% — or 与上年持平; no percentage where the base is not above 0."""
        if new.number is None or old.number is None:
            return f"比{base}{self._print(new if new.absent else old)}"
        change = new.number - old.number
        if not change:
            return f"与{base}持平"
        source = f"{new.source}-{old.source}"
        amount = self._print(Figure(shown(abs(change), "money", new.unit), change, source))
        said = f"比{base}{'增加' if change > 0 else '减少'}{amount}"
        if old.number > 0:
            ratio = change / old.number
            rate = self._print(Figure(percent(abs(ratio)), ratio, f"({source})/{old.source}"))
            said += f"，{'增长' if change > 0 else '下降'}{rate}"
        return said

    def rate(self, part: Figure, whole: Figure) -> Figure:
        """A ratio as a percentage; 不适用 where the whole is 0."""
        source = f"{part.source}/{whole.source}"
        for one in (part, whole):
            if one.number is None:
                return Figure("", None, source, label=one.label, place=one.place)
        if not whole.number or part.number is None:
            return Figure("不适用", "不适用", source)
        ratio = part.number / whole.number
        return Figure(percent(ratio), ratio, source)

    def shares(self, whole: Figure, **parts: Figure) -> list[Share]:
        """Parts of a whole with shares that add up to 100% where the parts make up the whole.

        A part that is not filled in counts nothing, and says so where it is printed.
        """
        known = {name: part.number or Decimal(0) for name, part in parts.items()}
        if whole.number is None or whole.number <= 0:
            return [Share(name, part) for name, part in parts.items()]
        cut = shares_of(list(known.values()), whole.number)
        return [
            Share(name, part, Figure(percent(one / 100), one / 100, f"{part.source}/{whole.source}"))
            for (name, part), one in zip(parts.items(), cut, strict=True)
        ]


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
        if chain.partition(".")[0] in roots and chain not in known:
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
