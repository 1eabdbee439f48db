"""The offline folder: what it holds, that it is complete, and what it says where it cannot be made."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from jixiao.cli import main
from jixiao.excel import bundle
from jixiao.excel.batch_files import DROP, HOME, VERBS, dropped, installer, written
from jixiao.excel.bundle import INSTALL, NOTES, lacking, own_wheel
from jixiao.excel.runtime import CannotBundle, Runtime

ROOT = Path(__file__).parents[1]
METADATA = """Metadata-Version: 2.4
Name: jixiao
Version: 0.1.0
Requires-Python: >=3.11
Provides-Extra: excel
Requires-Dist: Lib-A>=1
Requires-Dist: other; sys_platform == "linux"
Requires-Dist: packaging; extra == "excel"
"""


def wheel(folder: Path, name: str, *requires: str) -> Path:
    file = folder / f"{name}-1.0-py3-none-any.whl"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n{needs}")
    return file


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Ourselves as pip installs a wheel, with what pip and Python add."""
    site = tmp_path / "site"
    info = site / "jixiao-0.1.0.dist-info"
    for file, text in {
        "jixiao/__init__.py": "x = 1\n",
        "jixiao/rubric_rules/广州/rubric.yaml": "a: 一\n",
        "jixiao/__pycache__/__init__.cpython-311.pyc": "",
        "jixiao-0.1.0.dist-info/METADATA": METADATA,
        "jixiao-0.1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "jixiao-0.1.0.dist-info/INSTALLER": "pip\n",
        "jixiao-0.1.0.dist-info/direct_url.json": '{"url": "file:///x"}',
        "bin/jixiao": "",
    }.items():
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(text, "utf-8")
    listed = [one.relative_to(site).as_posix() for one in site.rglob("*") if one.is_file()]
    hashed = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    (info / "RECORD").write_text("".join(f"{one},{hashed},1\n" for one in listed), "utf-8")
    own = importlib.metadata.Distribution.at(info)
    monkeypatch.setattr(bundle, "distribution", lambda name: own)
    return own


@pytest.fixture
def registry(installed, monkeypatch):
    """A pip that finds every package; gives its command lines."""
    asked: list[list[str]] = []

    def run(command, **given):
        asked.append(command)
        folder = Path(command[command.index("--dest") + 1])
        for one in command[command.index("--find-links") + 2 :]:
            name = re.match(r"[\w-]+", Path(one).name)[0] if ".whl" not in one else ""
            if name:
                wheel(
                    folder, name.lower().replace("-", "_"), *(["win-only; os_name == 'nt'"] * (name == "pip"))
                )
        if not (folder / "lib_a-1.0-py3-none-any.whl").exists():  # as pip does: what applies to this system
            wheel(folder, "lib_a", "deep; platform_system == 'Windows' and python_version < '3.13'")
            wheel(folder, "packaging")
        return subprocess.CompletedProcess(command, 0, b"", b"")

    monkeypatch.setattr(bundle.subprocess, "run", run)
    return asked


def names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_the_folder_holds_all_that_windows_needs_though_it_is_made_elsewhere(registry, tmp_path, capsys):
    out = tmp_path / "离线 安装包"
    assert main(["bundle", str(out)]) == 0
    said = capsys.readouterr().out
    assert str(out) in said and "install.cmd" in said
    wheels = {f"wheels/{one}-1.0-py3-none-any.whl" for one in ("lib_a", "packaging", "pip", "deep")}
    assert names(out) == {INSTALL, DROP, NOTES, "wheels/jixiao-0.1.0-py3-none-any.whl"} | wheels
    assert [command[-1] for command in registry] == ["pip", "deep"]
    assert all(("--platform", "win_amd64") == tuple(one[one.index("--platform") :][:2]) for one in registry)
    assert [one[one.index("--python-version") + 1] for one in registry] == ["3.12"] * 2
    assert not [file for file in tmp_path.iterdir() if file.name.startswith("jixiao-")]


def test_a_requirement_of_another_python_or_system_is_not_asked_for(registry, tmp_path):
    bundle.bundle(tmp_path / "out", python="3.13")
    assert [command[-1] for command in registry] == ["pip"]


def test_an_empty_folder_may_stand_there(registry, tmp_path):
    (tmp_path / "out").mkdir()
    assert bundle.bundle(tmp_path / "out")


def test_our_wheel_is_what_was_installed_and_nothing_that_installing_added(installed, tmp_path):
    file = own_wheel(installed, tmp_path)
    with zipfile.ZipFile(file) as package:
        found = set(package.namelist())
        record = package.read("jixiao-0.1.0.dist-info/RECORD").decode()
    kept = {"jixiao/__init__.py", "jixiao/rubric_rules/广州/rubric.yaml"}
    info = {f"jixiao-0.1.0.dist-info/{one}" for one in ("METADATA", "WHEEL", "RECORD")}
    assert found == kept | info == {line.partition(",")[0] for line in record.splitlines()}
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target"]
    subprocess.run([*pip, str(tmp_path / "there"), str(file)], check=True)
    assert (tmp_path / "there" / "jixiao" / "rubric_rules" / "广州" / "rubric.yaml").is_file()


# ---------------------------------------------------------------- the files that are double-clicked


@pytest.mark.parametrize("private", [False, True])
def test_the_installer_is_read_rightly_by_a_chinese_windows(private):
    data = written(installer("3.12", private=private))
    lines = data.decode("gbk").split("\r\n")
    assert (
        lines[:2] == ["@echo off", "chcp 936 >nul"]
        and lines[-1] == ""
        and b"\n" not in data.replace(b"\r\n", b"")
    )
    text = "\n".join(lines)
    assert '--no-index --find-links "%~dp0wheels"' in text and '"jixiao[excel]"' in text
    assert "-P -m jixiao install" in text and "pause" in lines
    assert ('xcopy "%~dp0python"' in text) == private and ("-m venv" in text) != private
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert set(re.findall(r"goto (\w+)", text)) == labels
    assert all(
        "(" not in line or '"' in line or line.startswith("echo") or line.startswith("for") for line in lines
    )


def test_a_path_that_a_chinese_windows_cannot_write_is_written_all_the_same():
    data = written(dropped("C:\\Users\\Ünï\\python.exe"))
    assert data.startswith(b"@echo off\r\nchcp 65001 >nul\r\n") and "Ünï" in data.decode("utf-8")


def test_what_is_dropped_can_be_given_to_every_verb():
    lines = dropped(rf"{HOME}\python.exe")
    shown = [line for line in lines if re.match(r"echo   \d  ", line)]
    assert [line[10:] for line in shown] == list(VERBS)
    runs = [line for line in lines if line.startswith("if %pressed%==")]
    assert [re.search(r"-m jixiao (.*)", line)[1] for line in runs] == [
        verb.format('"%~1"') for verb in VERBS.values()
    ]
    assert "choice /c 123456 /n" in "\n".join(lines)
    assert set(re.findall(r"goto (\w+)", "\n".join(lines))) == {one[1:] for one in lines if one[0] == ":"}


@pytest.mark.parametrize("private", [False, True])
def test_the_notes_say_how_and_what_machine(registry, tmp_path, private, runtime):
    bundle.bundle(tmp_path / "out", runtime=runtime if private else None)
    text = (tmp_path / "out" / NOTES).read_text("utf-8-sig")
    for said in (INSTALL, DROP, "Windows 8.1", "32 位", "ARM64", "管理员"):
        assert said in text
    assert ("带着 Python" in text) == private


# ---------------------------------------------------------------- the private Python


@pytest.fixture
def runtime(tmp_path) -> Path:
    return embedded(tmp_path / "python-3.12.10-embed-amd64.zip")


def embedded(file: Path, machine: int = 0x8664, minor: str = "12") -> Path:
    program = bytearray(b"MZ".ljust(0x80, b"\0") + b"PE\0\0" + machine.to_bytes(2, "little") + bytes(16))
    program[0x3C] = 0x80
    content = {
        "python.exe": bytes(program),
        f"python3{minor}.zip": b"PK",
        f"python3{minor}._pth": f"python3{minor}.zip\r\n.\r\n\r\n# Uncomment to run\r\n#import site\r\n",
    }
    with zipfile.ZipFile(file, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    return file


def test_the_private_python_comes_along_and_will_find_what_is_installed(registry, tmp_path, runtime):
    bundle.bundle(tmp_path / "out", runtime=runtime)
    python = tmp_path / "out" / "python"
    assert names(python) == {"python.exe", "python312.zip", "python312._pth"}
    assert (python / "python312._pth").read_text("utf-8").split() == [
        "python312.zip", ".", "#", "Uncomment", "to", "run", "import", "site",
    ]  # fmt: skip
    text = (tmp_path / "out" / INSTALL).read_text("gbk")
    assert r"pip-*.whl" in text and (tmp_path / "out" / "wheels" / "pip-1.0-py3-none-any.whl").exists()
    assert r"%LOCALAPPDATA%\jixiao\python.exe" in (tmp_path / "out" / DROP).read_text("gbk")


def test_the_version_is_that_of_the_private_python(registry, tmp_path):
    newer = embedded(tmp_path / "new.zip", minor="13")
    bundle.bundle(tmp_path / "out", runtime=newer)
    assert registry[0][registry[0].index("--python-version") + 1] == "3.13"
    with pytest.raises(CannotBundle, match="3.13.*不一致"):
        bundle.bundle(tmp_path / "other", python="3.12", runtime=newer)


def test_a_runtime_that_is_none_is_refused_with_where_to_get_it(tmp_path):
    bad = tmp_path / "坏.zip"
    bad.write_bytes(b"PK\x03\x04 not a zip")
    empty = tmp_path / "空.zip"
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("a.txt", "a")
    wrong = {
        bad: "没有下载完整",
        empty: "不是完整的",
        embedded(tmp_path / "x86.zip", 0x014C): "32 位",
        embedded(tmp_path / "arm.zip", 0xAA64): "ARM64",
    }
    for file, why in wrong.items():
        with pytest.raises(CannotBundle, match=f"{why}.*python.org"):
            Runtime.read(file)
    with pytest.raises(CannotBundle, match="没有找到"):
        Runtime.read(tmp_path / "没有.zip")


# ---------------------------------------------------------------- what goes wrong


def refused(capsys, *arguments: object) -> str:
    assert main(["bundle", *map(str, arguments)]) == 2
    return capsys.readouterr().err


def test_a_folder_that_is_not_empty_is_left_alone(registry, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("a")
    assert "已经有文件" in refused(capsys, tmp_path)
    assert "已经有文件" in refused(capsys, tmp_path / "a.txt")
    assert "不存在" in refused(capsys, tmp_path / "没有" / "out")
    assert not registry


@pytest.mark.parametrize("version", ["3.10", "2.7", "4.0", "3", "三", "3.12.1"])
def test_a_python_that_we_do_not_run_on_is_refused(registry, tmp_path, capsys, version):
    assert f">=3.11，不能用“{version}”" in refused(capsys, tmp_path / "out", "--python", version)
    assert not registry


@pytest.mark.parametrize(
    "said, told",
    [
        (
            b"WARNING: Retrying (Retry(total=1))\nERROR: No matching distribution found for x",
            "连不上网络",
        ),
        (b"ERROR: No matching distribution found for msgspec>=0.19", "没有 msgspec>=0.19 的、适合 64 位"),
        (b"python: No module named pip", "ensurepip"),
        (b"ERROR: [Errno 28] No space left", "No space left"),
    ],
)
def test_what_pip_cannot_do_is_told_and_nothing_is_left(installed, tmp_path, capsys, monkeypatch, said, told):
    failed = subprocess.CompletedProcess([], 1, b"", said)
    monkeypatch.setattr(bundle.subprocess, "run", lambda *given, **more: failed)
    assert told in refused(capsys, tmp_path / "out")
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


def test_what_is_still_lacking_after_all_is_told(installed, tmp_path, monkeypatch):
    def nothing(command, **given):
        return subprocess.CompletedProcess(command, 0, b"", b"")

    monkeypatch.setattr(bundle.subprocess, "run", nothing)
    with pytest.raises(CannotBundle, match="没有下载到 Lib-A>=1、packaging"):
        bundle.bundle(tmp_path / "out")


def test_a_program_that_was_not_installed_from_a_wheel_cannot_be_packed(
    installed, tmp_path, capsys, monkeypatch
):
    (Path(str(installed.locate_file(""))) / "jixiao-0.1.0.dist-info" / "direct_url.json").write_text(
        '{"dir_info": {"editable": true}}'
    )
    assert "开发方式" in refused(capsys, tmp_path / "out")

    def absent(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(bundle, "distribution", absent)
    assert "没有安装" in refused(capsys, tmp_path / "out")


# ---------------------------------------------------------------- with a real network


@pytest.mark.network
def test_the_resolver_is_satisfied_by_the_folder_alone(tmp_path):
    """As a user does it: installed from this folder, bundled, and installed from the bundle for Windows."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    bin = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    python, out = str(bin / "python"), tmp_path / "离线 安装包"
    source = tmp_path / "source"
    kept = shutil.ignore_patterns(".git", "tests", "__pycache__")
    shutil.copytree(ROOT, source, ignore=kept)
    got = subprocess.run(
        [python, "-m", "pip", "install", "-q", f"{source}[excel]"], capture_output=True, text=True
    )
    if got.returncode and re.search("Retrying|Connection|Temporary failure", got.stderr):
        pytest.skip("没有网络，下载不了安装包")
    assert not got.returncode, got.stderr
    subprocess.run([python, "-P", "-m", "jixiao", "bundle", str(out)], check=True)
    wheels = out / "wheels"
    assert lacking(wheels, "3.12") == []
    assert {"jixiao", "xlwings", "pywin32", "pip"} <= {
        file.name.partition("-")[0] for file in wheels.iterdir()
    }
    asked = [python, "-m", "pip", "install", "--dry-run", "--no-index", "--find-links", str(wheels)]
    asked += ["--platform", "win_amd64", "--python-version", "3.12", "--implementation", "cp"]
    asked += ["--only-binary=:all:", "--target", str(tmp_path / "there"), "jixiao[excel]", "pywin32"]
    done = subprocess.run(
        asked, capture_output=True, text=True, env={"PATH": "", "PIP_CONFIG_FILE": "/dev/null"}
    )
    assert done.returncode == 0 and "Would install" in done.stdout, done.stderr
    next(wheels.glob("xlwings-*")).unlink()
    done = subprocess.run(
        asked, capture_output=True, text=True, env={"PATH": "", "PIP_CONFIG_FILE": "/dev/null"}
    )
    assert "No matching distribution found for xlwings" in done.stderr
    with zipfile.ZipFile(next(wheels.glob("jixiao-*"))) as ours:
        held = set(ours.namelist())
    assert {
        f"jixiao/rubric_rules/{one.name}/rubric.yaml"
        for one in (ROOT / "rubric_rules").iterdir()
        if (one / "rubric.yaml").exists()
    } <= held
    assert {
        f"jixiao/workbook_templates/{one.name}" for one in (ROOT / "workbook_templates").glob("*.xlsx")
    } <= held
    assert {
        f"jixiao/{one.relative_to(ROOT / 'addin/jixiao').as_posix()}"
        for one in (ROOT / "addin/jixiao").rglob("*.py")
    } <= held
