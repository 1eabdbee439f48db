"""Into Excel and out of it again, for one user, without an administrator."""

from __future__ import annotations

import compileall
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jixiao.excel.batch_files import DROP, VERBS, dropped, sent, written
from jixiao.excel.machine import Machine
from jixiao.excel.xlam.build import build
from jixiao.excel.xlam.hardened import EXTRA, CannotBuild

FILE = "jixiao.xlam"
SEND_TO = {f"绩效自评－{label}.cmd": verb for label, verb in VERBS.items()}
"""What Explorer's 发送到 offers for a file, also where macros are blocked or WPS is used."""
_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders"


class CannotInstall(Exception):
    """Nothing was installed or removed; the message is Chinese and says what to do."""


def add_in(machine: Machine) -> Path:
    """Where Excel looks for add-ins of the user, whatever its version. Raises CannotInstall."""
    if not machine.windows or machine.settings is None:
        raise CannotInstall("加载项只能装在 Windows 的 Excel 里。其他系统请用命令行：jixiao --help。")
    return machine.settings / "Microsoft" / "Excel" / "XLSTART" / FILE


def send_to(machine: Machine) -> list[Path]:
    """The entries of Explorer's menu 发送到."""
    assert machine.settings is not None
    folder = machine.settings / "Microsoft" / "Windows" / "SendTo"
    return [folder / name for name in SEND_TO]


def drop(machine: Machine) -> Path:
    """The file on the desktop on which others are dropped."""
    assert machine.settings is not None
    desktop = machine.registry(_FOLDERS).get("Desktop")
    return (Path(str(desktop)) if desktop else machine.settings.parents[1] / "Desktop") / DROP


def install(machine: Machine) -> list[Path]:
    """Put the add-in, the 发送到 entries and the file to drop others on in place; what was written.

    Raises CannotInstall, CannotBuild, OSError.
    """
    target = add_in(machine)
    _closed(machine)
    if trouble := python_trouble(machine):
        raise CannotInstall(trouble)
    made = build(interpreter=str(machine.executable))
    _warm_up(machine)
    _write(target, made)
    python = str(machine.executable)
    commands = {drop(machine): written(dropped(python))}
    for file, verb in zip(send_to(machine), SEND_TO.values(), strict=True):
        commands[file] = written(sent(python, verb))
    for file, content in commands.items():
        _write(file, content)
    return [target, *commands]


def uninstall(machine: Machine) -> list[Path]:
    """Take out what ``install`` put in; what was removed. Raises CannotInstall, OSError."""
    target = add_in(machine)
    _closed(machine)
    stood = [file for file in (target, drop(machine), *send_to(machine)) if file.exists()]
    for file in stood:
        file.unlink()
    return stood


def python_trouble(machine: Machine) -> str:
    """Why Excel could not use this Python, and what to do; empty where it can."""
    if machine.from_the_store:
        return "这个 Python 是微软商店版，Excel 看不到它的文件。请装 python.org 的版本，再装一次本软件。"
    try:
        str(machine.executable).encode(machine.ansi)
    except UnicodeEncodeError:
        return (
            f"Python 所在的路径里有这台电脑的“非 Unicode 程序语言”里没有的字：{machine.executable}。"
            "请装到另一个文件夹，例如 C:\\jixiao，再装一次本软件。"
        )
    if not machine.has("xlwings"):
        return f"还没有装 xlwings。请运行 {EXTRA}。"
    if not machine.has("win32com"):
        return f"还没有装 pywin32。请运行 {EXTRA}。"
    if dll(machine) is None:
        return (
            f"没有找到 {_dll_name()}（应在 {machine.executable.parent}）。多半是用 pip --user 装的；"
            f"请建一个虚拟环境（python -m venv），在里面运行 {EXTRA}。"
        )
    return ""


def dll(machine: Machine) -> Path | None:
    """The library through which Excel starts Python: xlwings looks in these two folders only."""
    beside = machine.executable.parent
    places = (folder / _dll_name() for folder in (beside, beside.parent))
    return next((place for place in places if place.exists()), None)


def _dll_name() -> str:
    try:
        return f"xlwings64-{version('xlwings')}.dll"
    except PackageNotFoundError as error:
        raise CannotBuild(f"还没有装 xlwings。请运行 {EXTRA}。") from error


def _closed(machine: Machine) -> None:
    if machine.excel_is_open():
        raise CannotInstall("Excel 还开着。请保存并关闭所有 Excel 窗口，再试一次。")


def _warm_up(machine: Machine) -> None:
    """What would make the first click slow is done now; where it fails, the first click is slow."""
    compileall.compile_dir(Path(__file__).parents[1], quiet=2)
    subprocess.run([machine.executable, "-P", "-c", "import xlwings"], check=False, capture_output=True)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all: Excel may be started any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_bytes(content)
    new.replace(file)
