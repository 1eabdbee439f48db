"""The private Python of a bundle: python.org's embeddable zip, made ready for packages."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import msgspec

_MACHINES = {0x8664: "", 0x014C: "32 位", 0xAA64: "ARM64"}
"""What the header of python.exe says it was made for; ours is the first."""
_WHERE = "请到 python.org 下载“Windows embeddable package (64-bit)”，例如 python-3.12.10-embed-amd64.zip。"


class CannotBundle(Exception):
    """No bundle was made; the message is Chinese and says what to do."""


class Runtime(msgspec.Struct, frozen=True):
    path: Path
    version: str
    """Such as 3.12."""

    @staticmethod
    def read(path: Path) -> Runtime:
        """Raises CannotBundle where it is not the embeddable zip of a 64-bit Windows."""
        if not path.is_file():
            raise CannotBundle(f"没有找到“{path}”，请检查文件名和位置。")
        try:
            with zipfile.ZipFile(path) as package:
                damaged = package.testzip()
                names = package.namelist()
                program = package.read("python.exe") if "python.exe" in names else b""
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise CannotBundle(f"“{path.name}”不是 zip 文件，或者没有下载完整。{_WHERE}") from error
        found = [match[1] for name in names if (match := re.fullmatch(r"python3(\d+)\._pth", name))]
        if damaged or not program or len(found) != 1:
            raise CannotBundle(f"“{path.name}”不是完整的 Python 嵌入包。{_WHERE}")
        kind = _MACHINES.get(_machine(program), "别的系统")
        if kind:
            raise CannotBundle(f"“{path.name}”是{kind}的，这里要 64 位的。{_WHERE}")
        return Runtime(path, f"3.{found[0]}")

    def unpack(self, folder: Path) -> None:
        """The Python, so that it looks for installed packages, which it does not as it comes."""
        with zipfile.ZipFile(self.path) as package:
            package.extractall(folder)
        paths = folder / f"python{self.version.replace('.', '')}._pth"
        lines = [line for line in paths.read_text("utf-8").splitlines() if "import site" not in line]
        paths.write_text("\n".join([*lines, "import site", ""]), "utf-8")


def _machine(program: bytes) -> int:
    header = int.from_bytes(program[0x3C:0x40], "little")
    return int.from_bytes(program[header + 4 : header + 6], "little")
