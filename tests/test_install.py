"""Installing, uninstalling and looking after the add-in, on a Windows that is made of folders."""

import sys
from pathlib import Path

import msgspec
import pytest

from jixiao.cli import main
from jixiao.excel import doctor, install, machine
from jixiao.excel.batch_files import DROP
from jixiao.excel.install import CannotInstall
from jixiao.excel.machine import Machine
from jixiao.excel.xlam.build import build

replace = msgspec.structs.replace


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nothing is compiled, no Python is started."""
    monkeypatch.setattr(install.compileall, "compile_dir", lambda *given, **more: True)
    monkeypatch.setattr(install.subprocess, "run", lambda *given, **more: None)


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    python = tmp_path / "绩效 自评" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    (python.parents[1] / install._dll_name()).write_bytes(b"")
    return Machine(
        windows=True,
        executable=python,
        base=tmp_path / "Python312",
        settings=tmp_path / "张三" / "AppData" / "Roaming",
        ansi="gbk",
        excel_is_open=lambda: False,
        registry=lambda key: {},
        self_test=lambda: "OK 0.1.0",
        has=lambda name: True,
    )


def files(machine: Machine) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in machine.settings.parents[1].rglob("*") if file.is_file()}


def wrong(machine: Machine) -> list[str]:
    return [one.said for one in doctor.trials(machine) if not one.fine]


def test_the_add_in_goes_where_excel_looks_and_knows_its_python(windows):
    written = install.install(windows)
    xlam = windows.settings / "Microsoft" / "Excel" / "XLSTART" / "jixiao.xlam"
    assert written[0] == xlam and xlam.read_bytes() == build(interpreter=str(windows.executable))
    assert set(files(windows)) == {file.name for file in written}, "nothing else is left lying about"


def test_the_send_to_entries_run_the_verbs_on_the_file_that_was_sent(windows):
    install.install(windows)
    found = {name: text.decode("gbk") for name, text in files(windows).items() if name.endswith(".cmd")}
    assert set(found) - {DROP} == set(install.SEND_TO)
    checked = found["绩效自评－校验并标出.cmd"]
    assert f'"{windows.executable}" -P -m jixiao check "%~1" --in-place\r\n' in checked
    lines = checked.splitlines()
    assert lines[3] == ":next" and lines[-2:] == ['if not "%~1"=="" goto next', "pause"], "several files too"


def test_there_is_a_file_on_the_desktop_to_drop_others_on(windows, tmp_path):
    install.install(windows)
    home = tmp_path / "张三" / "Desktop" / DROP
    text = home.read_bytes().decode("gbk")
    assert f'"{windows.executable}" -P -m jixiao check "%~1" --in-place\r\n' in text
    elsewhere = tmp_path / "网盘" / "桌面"
    moved = replace(windows, registry=lambda key: {"Desktop": str(elsewhere)} if "Shell" in key else {})
    assert elsewhere / DROP in install.install(moved) and (elsewhere / DROP).exists()
    assert elsewhere / DROP in install.uninstall(moved)


def test_every_verb_of_the_send_to_entries_is_one_of_the_command_line(tmp_path, capsys):
    for verb in install.SEND_TO.values():
        assert main(verb.format(tmp_path / "没有.xlsx").split()) == 2
        assert "没有.xlsx" in capsys.readouterr().err


def test_installing_again_replaces_and_uninstalling_leaves_nothing_of_ours(windows):
    install.install(windows)
    other = install.add_in(windows).with_name("别人的.xlam")
    other.write_bytes(b"x")
    install.install(windows)
    removed = install.uninstall(windows)
    assert len(removed) == 2 + len(install.SEND_TO) and list(files(windows)) == ["别人的.xlam"]
    assert install.uninstall(windows) == []


def test_nothing_is_touched_while_excel_is_open(windows):
    install.install(windows)
    before, opened = files(windows), replace(windows, excel_is_open=lambda: True)
    for run in (install.install, install.uninstall):
        with pytest.raises(CannotInstall, match="关闭"):
            run(opened)
    assert files(windows) == before


TROUBLES = {
    "商店": {"executable": Path("/C/Users/张三/AppData/Local/Microsoft/WindowsApps/python.exe")},
    "xlwings": {"has": lambda name: name != "xlwings"},
    "pywin32": {"has": lambda name: name != "win32com"},
    "非 Unicode": {"ansi": "latin-1"},
    "xlwings64-": {"executable": Path("/C/Python312/python.exe")},
}


@pytest.mark.parametrize("word, lacking", TROUBLES.items(), ids=TROUBLES)
def test_a_python_that_excel_cannot_use_is_refused_and_the_doctor_says_so(windows, word, lacking):
    without = replace(windows, **lacking)
    with pytest.raises(CannotInstall, match=word):
        install.install(without)
    assert not windows.settings.exists()
    assert any(word in said for said in wrong(without))


def test_the_doctor_finds_nothing_wrong_after_installing(windows):
    install.install(windows)
    assert wrong(windows) == []
    assert wrong(replace(windows, excel_is_open=lambda: True)) == []


def test_the_doctor_sees_an_add_in_that_is_lacking_or_old(windows):
    assert any("还没有装加载项" in said for said in wrong(windows))
    install.install(windows)
    install.add_in(windows).write_bytes(b"old")
    assert any("加载项是旧的" in said for said in wrong(windows))


def test_the_doctor_tells_of_rules_that_are_broken(windows, tmp_path, monkeypatch):
    install.install(windows)
    (tmp_path / "规则" / "我县").mkdir(parents=True)
    (tmp_path / "规则" / "我县" / "rubric.yaml").write_text("id: [", encoding="utf-8")
    monkeypatch.setenv("JIXIAO_RULES", str(tmp_path / "规则"))
    assert any("我县" in said for said in wrong(windows)) and len(wrong(windows)) >= 1


@pytest.mark.parametrize("key, who", [("Policies\\", "单位的策略"), ("Software\\Microsoft\\", "信任中心")])
def test_the_doctor_sees_macros_switched_off(windows, key, who):
    install.install(windows)
    off = replace(windows, registry=lambda asked: {"VBAWarnings": 4} if key in asked else {})
    assert [said for said in wrong(off) if who in said and "发送到" in said] == wrong(off) != []
    asking = replace(windows, registry=lambda asked: {"VBAWarnings": 2})
    assert wrong(asking) == []


def test_the_doctor_sees_an_add_in_that_excel_disabled(windows):
    install.install(windows)
    entry = b"\x01\0\0\0" + r"C:\Users\张三\XLSTART\JIXIAO.XLAM".encode("utf-16-le") + b"\0\0"
    disabled = replace(
        windows, registry=lambda asked: {"1A2B": entry} if asked.endswith("DisabledItems") else {}
    )
    assert len(wrong(disabled)) == 1 and "禁用项目" in wrong(disabled)[0]
    other = replace(windows, registry=lambda asked: {"1A2B": entry.replace(b"J", b"K")})
    assert wrong(other) == []


def test_the_doctor_asks_the_excel_that_is_open(windows):
    install.install(windows)

    def refused():
        raise OSError("Call was rejected by callee.")

    opened = replace(windows, excel_is_open=lambda: True)
    assert "rejected" in wrong(replace(opened, self_test=refused))[0]
    assert "No module" in wrong(replace(opened, self_test=lambda: "FAILED No module"))[0]


@pytest.mark.skipif(sys.platform == "win32", reason="这里就是 Windows")
def test_on_other_systems_the_commands_say_what_to_use_instead(capsys):
    for verb in ("install", "uninstall", "doctor"):
        assert main([verb]) == 2
        assert "Windows" in capsys.readouterr().err


def test_the_commands_say_what_they_did(windows, capsys, monkeypatch):
    monkeypatch.setattr(machine, "this_machine", lambda: windows)
    assert main(["doctor"]) == 1 and "有问题" in capsys.readouterr().out
    assert main(["install"]) == 0 and "jixiao.xlam" in capsys.readouterr().out
    assert main(["doctor"]) == 0 and "有问题" not in capsys.readouterr().out
    assert main(["uninstall"]) == 0 and "jixiao.xlam" in capsys.readouterr().out
    assert main(["uninstall"]) == 0 and "没有装过" in capsys.readouterr().out


def test_this_machine_is_told_as_it_is():
    here = machine.this_machine()
    assert here.windows == (sys.platform == "win32") and here.has("xlwings") and not here.has("没有这个模块")
    assert here.registry(r"HKCU\Software\没有这个键") == {}
