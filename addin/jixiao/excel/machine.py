"""What installing needs to know of a Windows machine; all that only works there stands here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import msgspec

Values = Mapping[str, object]


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    windows: bool
    executable: Path
    base: Path
    """Where the Python itself is installed; its virtual environments are elsewhere."""
    settings: Path | None
    """%APPDATA%: the user's own, where no administrator is asked."""
    ansi: str
    """The encoding in which cmd.exe reads a file."""
    excel_is_open: Callable[[], bool]
    registry: Callable[[str], Values]
    """The values under a key such as ``HKCU\\Software\\…``; none where there is no such key."""
    self_test: Callable[[], str]
    """What SelfTest says in the Excel that is open."""
    has: Callable[[str], bool]
    """Whether a Python module is installed."""

    @property
    def from_the_store(self) -> bool:
        """The Microsoft Store's Python, whose files other programs do not see."""
        return any("WindowsApps" in path.parts for path in (self.executable, self.base))


def this_machine() -> Machine:
    appdata = os.environ.get("APPDATA")
    windows = sys.platform == "win32"
    return Machine(
        windows=windows,
        executable=Path(sys.executable),
        base=Path(sys.base_prefix),
        settings=Path(appdata) if appdata else None,
        ansi="mbcs" if windows else "utf-8",
        excel_is_open=_excel_is_open,
        registry=_registry,
        self_test=_self_test,
        has=lambda name: find_spec(name) is not None,
    )


def _excel_is_open() -> bool:
    asked = ["tasklist", "/FI", "IMAGENAME eq EXCEL.EXE", "/NH"]
    found = subprocess.run(asked, capture_output=True, check=False, timeout=60)
    return b"EXCEL.EXE" in found.stdout.upper()


def _registry(key: str) -> Values:
    if sys.platform != "win32":
        return {}
    import winreg

    root, _, path = key.partition("\\")
    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    found: dict[str, object] = {}
    try:
        with winreg.OpenKey(roots[root], path) as opened:
            for number in range(winreg.QueryInfoKey(opened)[1]):
                name, value, _ = winreg.EnumValue(opened, number)
                found[name] = value
    except OSError:  # no such key, or not for us
        return found
    return found


def _self_test() -> str:
    from win32com.client import GetActiveObject

    from jixiao.excel.install import FILE
    from jixiao.excel.xlam.names import SELF_TEST

    return str(GetActiveObject("Excel.Application").Run(f"{FILE}!{SELF_TEST}"))
