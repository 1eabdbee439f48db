"""The text of a filing file as nodes that know their line: YAML or JSON, with closed limits.

Nothing in the file may mean more than what stands there: no anchors, aliases, tags or repeated keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import yaml

from jixiao.filing.errors import FilingFileError
from jixiao.filing.model import Entry
from jixiao.filing.notation import read_number, read_plain
from jixiao.rubric.source import MAX_BYTES, MAX_DEPTH

_YAML: Any = getattr(yaml, "CLoader", yaml.Loader)
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?', re.DOTALL)
_TOO_DEEP = f"嵌套超过 {MAX_DEPTH} 层，不是填报文件。"


class Node(msgspec.Struct, frozen=True):
    """A value, a list or a mapping, and the line where it begins (0: not known)."""

    line: int
    value: Entry | list[Node] | dict[str, Node]


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message
        super().__init__(message)


def read_nodes(text: str, name: str) -> Node:
    """The content of the file called ``name``: JSON if it ends so, otherwise YAML.

    Raises :class:`FilingFileError`.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FilingFileError(name, 0, f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不是填报文件。")
    text = text.removeprefix("\ufeff")
    try:
        return _read_json(text) if name.lower().endswith(".json") else _read_yaml(text)
    except _Refused as error:
        raise FilingFileError(name, error.line, error.message) from None
    except json.JSONDecodeError as error:
        message = "格式不对，请检查这一行和上一行的引号、逗号、括号。"
        raise FilingFileError(name, error.lineno, message) from error
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 0
        message = "格式不对，请检查这一行和上一行的缩进、冒号、引号、括号。"
        raise FilingFileError(name, line, message) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise FilingFileError(name, 0, "含有不能使用的字符，请检查文件内容。") from error
    except RecursionError:
        raise FilingFileError(name, 0, _TOO_DEEP) from None


# ---------------------------------------------------------------- YAML


def _read_yaml(text: str) -> Node:
    events = yaml.parse(text, Loader=_YAML)
    content = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if content is not None:
                raise _Refused(_line(event), "一个文件只能有一份填报，请删去这一行“---”起的内容。")
            content = _node(next(events), events, 1)
    return content or Node(1, Entry())


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _Refused(line, "填报文件不能使用 & 和 * 引用，请把内容写全。")
    if getattr(event, "tag", None):
        raise _Refused(line, "填报文件不能使用 ! 标记，请删去。")
    if depth > MAX_DEPTH:
        raise _Refused(line, _TOO_DEEP)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, _items(events, depth))
    if isinstance(event, yaml.MappingStartEvent):
        return Node(line, _pairs(events, depth))
    assert isinstance(event, yaml.ScalarEvent)
    if not event.implicit[0]:  # quoted, or a block of text
        return Node(line, Entry(event.value))
    try:
        return Node(line, read_plain(event.value))
    except ValueError as error:
        raise _Refused(line, str(error)) from None


def _items(events: Iterator[yaml.Event], depth: int) -> list[Node]:
    items = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_node(event, events, depth + 1))
    return items


def _pairs(events: Iterator[yaml.Event], depth: int) -> dict[str, Node]:
    pairs: dict[str, Node] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise _Refused(line, "左边的名称必须是一个词，不能是一组内容。")
        if event.value in pairs:
            raise _Refused(line, f"“{event.value}”写了两次，请只留一个。")
        value = _node(next(events), events, depth + 1)
        pairs[event.value] = msgspec.structs.replace(value, line=line)
    return pairs


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


# ---------------------------------------------------------------- JSON


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object in the order in which they stand."""


def _read_json(text: str) -> Node:
    def number(digits: str) -> Decimal:
        try:
            return read_number(digits)
        except ValueError as error:
            raise _Refused(0, f"{digits[:20]}：{error}") from None

    def refuse(word: str) -> None:
        raise _Refused(0, f"{word} 不是数，请填数字；没有数的写 null。")

    data = json.loads(text, parse_float=number, parse_int=number, parse_constant=refuse,
                      object_pairs_hook=_Pairs)  # fmt: skip
    return _json_node(data, _key_lines(text), 1, 1)


def _key_lines(text: str) -> Iterator[int]:
    """The line of every key in turn: JSON readers do not tell where they are."""
    line, at = 1, 0
    for token in _JSON_TEXT.finditer(text):
        if token[1]:
            line, at = line + text.count("\n", at, token.start()), token.start()
            yield line


def _json_node(data: Any, lines: Iterator[int], line: int, depth: int) -> Node:
    """``lines`` gives the lines of the keys in the order in which this walk meets them."""
    if depth > MAX_DEPTH:
        raise _Refused(line, _TOO_DEEP)
    if isinstance(data, _Pairs):
        pairs: dict[str, Node] = {}
        for key, value in data:
            here = next(lines)
            if key in pairs:
                raise _Refused(here, f"“{key}”写了两次，请只留一个。")
            pairs[key] = _json_node(value, lines, here, depth + 1)
        return Node(line, pairs)
    if isinstance(data, list):
        return Node(line, [_json_node(item, lines, line, depth + 1) for item in data])
    return Node(line, Entry(data))
