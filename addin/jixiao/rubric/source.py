"""Rule files as they are written: YAML with closed limits, every value still its own text.

Numbers stay text until they are typed, so that ``0.10`` is exactly 0.10. Aliases and duplicate
keys are refused: nothing in a rule file may mean more than what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from jixiao.rubric.errors import RuleFileError

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MAYBE_ALIAS = re.compile(r"(?m)(?:^|[\s\[{,:-])[&*][^\s&*]")
_PATH_STEP = re.compile(r"""\.([^.\[\]]+)|\["([^"\]]+)"\]|\[(\d+|\.\.\.)\]""")


class _Loader(_Base):  # type: ignore[misc]
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _Refused(key_node.start_mark.line + 1, "左边的名称必须是一个词，不能是一组内容。")
            if key in mapping:
                raise _Refused(key_node.start_mark.line + 1, f"“{key}”写了两次，请只留一个。")
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message
        super().__init__(message)


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping that a rule file holds, every scalar as text.

    Raises :class:`RuleFileError` naming the line when the file is too large, is not YAML, uses
    anchors or aliases, repeats a key, or is nested deeper than any rule needs.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise RuleFileError(file, 0, f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不是规则文件。")
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleFileError(file, 0, "文件不是 UTF-8 编码，请另存为 UTF-8。") from error
    except OSError as error:
        raise RuleFileError(file, 0, f"文件读不出来（{error.strerror}）。") from error
    try:
        if _MAYBE_ALIAS.search(text) or text.count("[") > 5000 or text.count("{") > 5000:
            _refuse_aliases_and_depth(text)
        data = yaml.load(text, Loader=_Loader)
    except _Refused as error:
        raise RuleFileError(file, error.line, error.message) from None
    except RecursionError:
        raise RuleFileError(file, 0, f"嵌套超过 {MAX_DEPTH} 层。") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise RuleFileError(file, line, "格式不对，请检查这一行和上一行的缩进、冒号、引号、括号。") from error
    except yaml.YAMLError as error:
        raise RuleFileError(file, 0, "含有不能使用的字符，请检查文件内容。") from error
    if not isinstance(data, dict):
        raise RuleFileError(file, 1, "文件是空的，或者没有写成“名称: 内容”的形式。")
    return data


def _refuse_aliases_and_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CLoader", yaml.Loader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(_line(event), "规则文件不能使用 & 和 * 引用，请把内容写全。")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _Refused(_line(event), f"嵌套超过 {MAX_DEPTH} 层。")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def steps_of(path: str) -> list[str | int]:
    """``$.levels[0].name`` as ``["levels", 0, "name"]``; an unknown key (``[...]``) ends it.

    A key with dots is quoted: ``$.fields["unit.name"]``.
    """
    steps: list[str | int] = []
    for key, quoted, index in _PATH_STEP.findall(path):
        if index == "...":
            break
        steps.append(key or quoted or int(index))
    return steps


Step = str | int | tuple[str, str]
"""A key, a position in a list, or the record of a list whose ``id`` or ``name`` is so."""


def line_of(file: Path, steps: Iterable[Step], chosen: dict[str, str]) -> int:
    """The line where the value at ``steps`` stands, going through options as they are chosen."""
    return locate(file, steps, chosen)[0]


def locate(file: Path, steps: Iterable[Step], chosen: dict[str, str]) -> tuple[int, int]:
    """The line where the value at ``steps`` stands, and how many of the steps the file goes along."""
    node = _composed(file.read_text(encoding="utf-8-sig"))
    line, count = 1, 0
    for step in steps:
        node, line = _through_options(node, chosen, line)
        if isinstance(node, yaml.MappingNode) and isinstance(step, str):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                return line, count
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and (item := _item(node, step)) is not None:
            node = item
            line = node.start_mark.line + 1
        else:
            return line, count
        count += 1
    return _through_options(node, chosen, line)[1], count


@lru_cache(maxsize=8)
def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=_Base)
    return node


def _item(node: yaml.SequenceNode, step: Step) -> yaml.Node | None:
    items: list[yaml.Node] = node.value
    if isinstance(step, int):
        return items[step] if step < len(items) else None
    for item in items:
        pairs = item.value if isinstance(item, yaml.MappingNode) else []
        if any((key.value, value.value) == step for key, value in pairs):
            return item
    return None


NAMES = ("id", "name", "field")
"""What tells the records of a list apart, where all have it; an id before a name."""


def by_name(data: Any, steps: Iterable[str | int], chosen: dict[str, str]) -> list[Step]:
    """``steps`` through ``data``, positions given as names where the records of a list have them.

    Positions count in the merged data, where an edition laid over another has other records before
    them than its own file has.
    """
    named: list[Step] = []
    for step in steps:
        while isinstance(data, dict) and data.get(chosen.get(str(data.get("option")), "")) is not None:
            data = data[chosen[str(data["option"])]]
        named.append(_name(data, step) if isinstance(data, list) and isinstance(step, int) else step)
        try:
            data = data[step]
        except (TypeError, KeyError, IndexError):
            data = None
    return named


def _name(records: list[Any], position: int) -> Step:
    for key in NAMES:
        names = [record.get(key) if isinstance(record, dict) else None for record in records]
        name = names[position] if position < len(names) else None
        if isinstance(name, str) and names.count(name) == 1:
            return key, name
    return position


def _through_options(
    node: yaml.Node | None, chosen: dict[str, str], line: int
) -> tuple[yaml.Node | None, int]:
    """The content of the chosen reading and its line, where ``node`` at ``line`` is an option."""
    while isinstance(node, yaml.MappingNode):
        options = [value.value for key, value in node.value if key.value == "option"]
        reading = chosen.get(str(options[0])) if options else None
        pair = next((pair for pair in node.value if options and pair[0].value == reading), None)
        if pair is None:
            break
        line, node = pair[0].start_mark.line + 1, pair[1]
    return node, line


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``，是否想写“weight”？`` when a known word is close, otherwise a full stop."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"，是否想写“{close[0]}”？" if close else "。"
