"""jixiao doctor: whether all that the add-in needs is there, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from jixiao.excel.install import FILE, add_in, python_trouble
from jixiao.excel.machine import Machine
from jixiao.excel.xlam.build import build
from jixiao.rubric.errors import RuleError
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders, ships

_OFFICES = ("16.0", "15.0", "14.0")
_POLICY = r"HKCU\Software\Policies\Microsoft\Office\{}\Excel\Security"
_CHOICE = r"HKCU\Software\Microsoft\Office\{}\Excel\Security"
_DISABLED = r"HKCU\Software\Microsoft\Office\{}\Excel\Resiliency\DisabledItems"
_NO_MACROS = 4
"""VBAWarnings: all macros off, and nothing said about it."""


class Trial(NamedTuple):
    fine: bool
    said: str


def trials(machine: Machine) -> Iterator[Trial]:
    """One line for each thing that was looked at. Raises CannotInstall off Windows."""
    target = add_in(machine)
    trouble = python_trouble(machine)
    yield Trial(not trouble, trouble or f"Python：{machine.executable}")
    if not target.exists():
        yield Trial(False, "Excel 里还没有装加载项。请关闭 Excel，运行 jixiao install。")
    elif not trouble:
        yield _current(machine, target)
    yield _macros(machine)
    yield _not_disabled(machine)
    yield from _rules()
    if target.exists() and machine.excel_is_open():
        yield _self_test(machine.self_test)


def _current(machine: Machine, target: Path) -> Trial:
    try:
        current = target.read_bytes() == build(interpreter=str(machine.executable))
    except RuleError as error:
        return Trial(False, str(error))
    old = "加载项是旧的。请关闭 Excel，运行 jixiao install。"
    return Trial(current, f"加载项：{target}" if current else old)


def _macros(machine: Machine) -> Trial:
    by = {_POLICY: "单位的策略", _CHOICE: "Excel 的“信任中心”"}
    for key, who in by.items():
        for office in _OFFICES:
            if machine.registry(key.format(office)).get("VBAWarnings") == _NO_MACROS:
                return Trial(
                    False,
                    f"{who}禁用了宏，按钮和函数用不了。请管理员放行，或者不用宏："
                    "右键点工作簿，“发送到”里有同样的功能。",
                )
    return Trial(True, "没有禁用宏")


def _not_disabled(machine: Machine) -> Trial:
    """Excel keeps a list of what it thinks made it crash: the path in UTF-16 inside other bytes."""
    name = FILE.encode("utf-16-le")
    for office in _OFFICES:
        for value in machine.registry(_DISABLED.format(office)).values():
            if isinstance(value, bytes) and name in value.lower():
                where = "文件－选项－加载项－管理“禁用项目”"
                return Trial(
                    False, f"Excel 把加载项列为禁用。请在 Excel 的{where}里启用它，再重新打开 Excel。"
                )
    return Trial(True, "没有被 Excel 列为禁用")


def _rules() -> Iterator[Trial]:
    for edition in sorted(edition_folders(rule_folders())):
        try:
            rubric = load_rubric(edition)
        except RuleError as error:
            yield Trial(False, str(error))
            continue
        lacking = ships(edition) and not (data_folder("workbook_templates") / f"{edition}.xlsx").exists()
        said = f"评分版本 {edition} {rubric.version}"
        yield Trial(not lacking, f"{said}：工作簿模板不见了，请重新安装本软件。" if lacking else said)


def _self_test(ask: Callable[[], str]) -> Trial:
    try:
        said = ask()
    except Exception as error:  # whatever COM says, the user needs the sentence
        said = str(error)
    fine = said.startswith("OK")
    more = "" if fine else "。请点“重启计算服务”，再运行一次 jixiao doctor"
    return Trial(fine, f"Excel 里的计算服务：{said}{more}")
