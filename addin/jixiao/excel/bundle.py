"""jixiao bundle: a folder from which the software is installed on a Windows without a network."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from email import message_from_bytes
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from jixiao.excel.batch_files import DROP, dropped, installer, private_python, venv_python, written
from jixiao.excel.runtime import CannotBundle, Runtime
from jixiao.excel.xlam.hardened import EXTRA

PYTHON = "3.12"
WHEELS, PRIVATE, INSTALL, NOTES = "wheels", "python", "install.cmd", "说明.txt"
_OFFLINE = re.compile(r"Retrying|Connection|timed out|Temporary failure|Network is unreachable|ProxyError")
_LACKING = re.compile(r"No matching distribution found for (\S+)")
_MADE_HERE = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
"""What installing has added to the files of a wheel."""


def bundle(out: Path, *, python: str = "", runtime: Path | None = None) -> list[Path]:
    """Make the folder, whole or not at all; gives the wheels in it.

    ``python`` is the version that installs it ("3.12"), ``runtime`` the embeddable zip of python.org
    that goes along for machines without Python. Raises CannotBundle, OSError.
    """
    own = _installed()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CannotBundle(f"“{out}”里已经有文件，没有改动它。请写一个新的文件夹。")
    if not out.absolute().parent.is_dir():
        raise CannotBundle(f"文件夹“{out.absolute().parent}”不存在，请先建好。")
    private = Runtime.read(runtime) if runtime else None
    version = _version(own, python or (private.version if private else PYTHON))
    if private and private.version != version:
        raise CannotBundle(
            f"“{private.path.name}”是 Python {private.version}，与 --python {version} 不一致。"
            f"请去掉 --python，或换成 Python {version} 的。"
        )
    with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix="jixiao-") as made:
        folder = Path(made) / out.name
        wheels = folder / WHEELS
        wheels.mkdir(parents=True)
        first = own_wheel(own, wheels)
        _download(wheels, first, version)
        if private:
            private.unpack(folder / PRIVATE)
        home = private_python() if private else venv_python()
        (folder / INSTALL).write_bytes(written(installer(version, private=private is not None)))
        (folder / DROP).write_bytes(written(dropped(home)))
        (folder / NOTES).write_bytes(_notes(version, private is not None).encode("utf-8-sig"))
        if out.exists():
            out.rmdir()
        folder.rename(out)
    return sorted((out / WHEELS).iterdir())


def _installed() -> Distribution:
    """Ourselves, as installed from a wheel: what runs here is what goes along."""
    try:
        own = distribution("jixiao")
    except PackageNotFoundError as error:
        raise CannotBundle(
            '本软件没有安装，只是在运行。请先运行 python -m pip install ".[excel]"。'
        ) from error
    if '"editable": true' in (own.read_text("direct_url.json") or ""):
        raise CannotBundle(
            "本软件是以开发方式（pip install -e）装的，做不了安装包。请在另一个虚拟环境里运行 "
            'python -m pip install ".[excel]"，再做。'
        )
    return own


def _version(own: Distribution, python: str) -> str:
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError as error:
        raise CannotBundle(f"做安装包要用 packaging，还没有装。请运行 {EXTRA}。") from error
    needs = own.metadata["Requires-Python"]
    if not re.fullmatch(r"3\.\d+", python) or not SpecifierSet(needs).contains(python):
        raise CannotBundle(f"本软件要 Python {needs}，不能用“{python}”。请写成 --python {PYTHON} 的样子。")
    return python


def own_wheel(own: Distribution, folder: Path) -> Path:
    """The wheel that the installed files came from. Raises OSError."""
    name, version = own.metadata["Name"], own.version
    inside = {name, f"{name}-{version}.dist-info"}
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    record = []
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as package:
        for file in own.files or ():
            listed = file.parts[0] in inside and file.name not in _MADE_HERE
            if listed and "__pycache__" not in file.parts and file.hash:
                package.write(str(file.locate()), file.as_posix())
                record.append(f"{file.as_posix()},{file.hash.mode}={file.hash.value},{file.size}")
        own_record = f"{name}-{version}.dist-info/RECORD"
        package.writestr(own_record, "\n".join([*record, f"{own_record},,", ""]))
    return wheel


def _download(wheels: Path, own: Path, python: str) -> None:
    """All that our wheel needs on Windows, and pip.

    pip asks the system it runs on which requirements apply, so those of Windows are asked for by name.
    """
    wanted = [f"{own}[excel]", "pip"]
    while wanted:
        _pip(wheels, wanted, python)
        if wanted == (more := lacking(wheels, python)):
            raise CannotBundle(f"没有下载到 {'、'.join(more)}。请再试一次。")
        wanted = more


def _pip(wheels: Path, wanted: Sequence[str], python: str) -> None:
    target = ["--only-binary=:all:", "--platform", "win_amd64", "--implementation", "cp"]
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--retries", "2"]
    command += [*target, "--python-version", python, "--dest", str(wheels), "--find-links", str(wheels)]
    done = subprocess.run([*command, *wanted], capture_output=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stdout + done.stderr).decode(errors="replace")
    if "No module named pip" in said:
        raise CannotBundle("这个 Python 没有 pip。请先运行 python -m ensurepip。")
    if not _OFFLINE.search(said) and (found := _LACKING.search(said)):
        raise CannotBundle(
            f"没有 {found[1]} 的、适合 64 位 Windows 和 Python {python} 的安装包。"
            f"请换一个 Python 版本，例如 --python {PYTHON}。"
        )
    last = said.strip().splitlines()[-1:] or [""]
    raise CannotBundle(
        "没有下载完，多半是连不上网络，什么都没有写。请在能上网的电脑上做，或者检查代理，再试一次。"
        f"pip 最后说：{last[0]}"
    )


def lacking(wheels: Path, python: str) -> list[str]:
    """What ``jixiao[excel]`` needs on a 64-bit Windows and is not among the wheels."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name, parse_wheel_filename

    here = {parse_wheel_filename(file.name)[0]: file for file in wheels.glob("*.whl")}
    todo, seen, absent = [("jixiao", frozenset({"excel"}))], set(), set()
    while todo:
        name, extras = one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        for needed in map(Requirement, _requires(here[canonicalize_name(name)])):
            environments = [windows(python) | {"extra": extra} for extra in (*extras, "")]
            if needed.marker and not any(map(needed.marker.evaluate, environments)):
                continue
            if canonicalize_name(needed.name) in here:
                todo.append((needed.name, frozenset(needed.extras)))
            else:
                absent.add(f"{needed.name}{needed.specifier}")
    return sorted(absent)


def windows(python: str) -> dict[str, str]:
    """How a Python on 64-bit Windows describes itself to requirements."""
    return {
        "implementation_name": "cpython",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_system": "Windows",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "win32",
    }


def _requires(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as package:
        name = next(one for one in package.namelist() if one.endswith(".dist-info/METADATA"))
        return message_from_bytes(package.read(name)).get_all("Requires-Dist") or []


def _notes(python: str, private: bool) -> str:
    needs = (
        "这个文件夹里带着 Python，电脑上不用另外装。"
        if private
        else f"电脑上要先装好 python.org 的 64 位 Python {python}（微软商店版不行）。"
    )
    lines = [
        "绩效自评：离线安装",
        "",
        "不用联网，不用管理员权限。要 64 位的 Windows 8.1 以上（Python 3.13 起要 Windows 10 以上）；",
        "Excel 32 位、64 位都可以。ARM64 的 Windows 没有试过。",
        needs,
        "",
        "1. 把整个文件夹复制到电脑上（放在 U 盘里直接装也可以），关闭 Excel。",
        f"2. 双击 {INSTALL}，等到出现“装好了”。",
        "3. 打开 Excel，功能区里有“绩效自评”。",
        "",
        f"宏被禁用，或者用 WPS：把自评表拖到“{DROP}”上，按数字键选要做的事；",
        "桌面上也有一个。右键点工作簿，“发送到”里也有同样的功能。",
        "",
        "Windows 提示“已保护你的电脑”：点“更多信息－仍要运行”；文件夹是从网上下载的压缩包时，",
        "先右键点压缩包－属性，勾选“解除锁定”，再解压。",
        r"装在 %LOCALAPPDATA%\jixiao。以后升级，用新的安装包再装一次。要去掉：关闭 Excel，在命令行里运行",
        f'    "{private_python() if private else venv_python()}" -m jixiao uninstall',
        "再删掉那个文件夹。",
        "",
    ]
    return "\r\n".join(lines)
