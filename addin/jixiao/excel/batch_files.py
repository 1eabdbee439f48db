"""The .cmd files: the verbs for machines where macros are blocked or WPS is used, and the installer.

cmd.exe reads a file line by line in the code page of its window, so each says first which one it is
written in: that of a Chinese Windows, where a path in it can be written so.
"""

from __future__ import annotations

from collections.abc import Iterable

VERBS = {
    "计算得分": "score {} --in-place",
    "撤销计算": "undo {}",
    "校验并标出": "check {} --in-place",
    "清除标记": "clear {}",
    "生成报告": "report {}",
    "核对报告": "audit {} --comments",
}
"""What can be done to a file without Excel: what the user reads, and the command."""
DROP = "绩效自评（把文件拖到这里）.cmd"
HOME = r"%LOCALAPPDATA%\jixiao"
"""Where the installer of a bundle puts its Python: the user's own, where no administrator is asked."""
_PAGES = {936: "gbk", 65001: "utf-8"}
_QUIET = ">nul 2>nul"
_EACH = ('if not "%~1"=="" goto next', "pause")


def written(lines: Iterable[str]) -> bytes:
    """The lines as a file that cmd.exe reads rightly wherever it lies."""
    text = "\r\n".join([*lines, ""])
    page = next(page for page, coding in _PAGES.items() if _fits(text, coding))
    return f"@echo off\r\nchcp {page} >nul\r\n{text}".encode(_PAGES[page])


def _fits(text: str, coding: str) -> bool:
    try:
        text.encode(coding)
    except UnicodeEncodeError:
        return False
    return True


def sent(python: str, verb: str) -> list[str]:
    """A verb for the files that Explorer's 发送到 hands over, one after the other."""
    # a ! in a name would otherwise be read as a variable's
    return ["setlocal DisableDelayedExpansion", ":next", _run(python, verb), "echo.", "shift", *_EACH]


def dropped(python: str) -> list[str]:
    """A choice of the verbs for the files that are dropped on it."""
    verbs = list(enumerate(VERBS.items(), 1))
    return [
        "setlocal DisableDelayedExpansion",
        "title 绩效自评",
        'if "%~1"=="" goto nothing',
        f'if not exist "{python}" goto lacking',
        "echo 要做什么？",
        *(f"echo   {number}  {label}" for number, (label, _) in verbs),
        f'choice /c {"".join(str(number) for number, _ in verbs)} /n /m "请按数字键："',
        "set pressed=%errorlevel%",
        ":next",
        "echo.",
        'echo "%~nx1"',
        *(f"if %pressed%=={number} {_run(python, verb)}" for number, (_, verb) in verbs),
        "shift",
        *_EACH,
        "exit /b",
        ":nothing",
        "echo 请把自评表，或者写好的报告，用鼠标拖到这个图标上。",
        "pause",
        "exit /b",
        ":lacking",
        "echo 还没有安装。请先双击 install.cmd，或者重新安装本软件。",
        "pause",
    ]


def _run(python: str, verb: str) -> str:
    return f'"{python}" -P -m jixiao {verb.format(chr(34) + "%~1" + chr(34))}'


def installer(python: str, *, private: bool) -> list[str]:
    """What a double click on install.cmd does; ``python`` is the version, ``private`` comes along."""
    home = private_python() if private else venv_python()
    pip = f'install --no-index --find-links "%~dp0wheels" --upgrade --no-warn-script-location "{_OURS}"'
    return [
        "setlocal DisableDelayedExpansion",
        "title 安装绩效自评",
        "set PYTHONHOME=",
        "set PYTHONPATH=",
        "echo 正在安装绩效自评，大约一两分钟，请不要关闭这个窗口……",
        *(_copied(pip) if private else _made(python, pip)),
        f'"{home}" -P -m jixiao install || goto failed',
        "echo.",
        f'"{home}" -P -m jixiao doctor',
        "echo.",
        "echo 装好了。打开 Excel，功能区里有“绩效自评”。",
        "pause",
        "exit /b 0",
        *([] if private else _no_python(python)),
        ":failed",
        "echo.",
        "echo 没有装好。请关闭 Excel，照上面的提示处理，再双击一次 install.cmd。",
        "echo 还不行，请把这个窗口截图发给我们。",
        "pause",
        "exit /b 1",
    ]


_OURS = "jixiao[excel]"


def private_python() -> str:
    return rf"{HOME}\python.exe"


def venv_python() -> str:
    return rf"{HOME}\Scripts\python.exe"


def _copied(pip: str) -> list[str]:
    """The Python of the bundle has no pip; the wheel of pip runs as it is."""
    return [
        f'xcopy "%~dp0python" "{HOME}" /e /i /q /y >nul || goto failed',
        r'for %%w in ("%~dp0wheels\pip-*.whl") do set "PIP=%%~fw\pip"',
        f'"{private_python()}" "%PIP%" {pip} || goto failed',
    ]


def _made(python: str, pip: str) -> list[str]:
    """An environment of its own, made by the Python that stands here."""
    wanted = python.replace(".", ", ")
    fits = f'-c "import sys; sys.exit(sys.version_info[:2] != ({wanted}) or sys.maxsize == 2147483647)"'
    return [
        f"py -{python} {fits} {_QUIET} && set RUN=py -{python}&& goto found",
        f"python {fits} {_QUIET} && set RUN=python&& goto found",
        "goto lacking",
        ":found",
        f'%RUN% -m venv "{HOME}" || goto failed',
        f'"{venv_python()}" -m pip {pip} || goto failed',
    ]


def _no_python(python: str) -> list[str]:
    return [
        ":lacking",
        f"echo 这台电脑没有 64 位的 Python {python}。请先装 python.org 的（微软商店版不行），",
        "echo 再双击一次 install.cmd；或者请准备安装包的人做带 Python 的安装包（--runtime）。",
        "pause",
        "exit /b 1",
    ]
