"""The machine fails: no room, no permission, no peace. The file stays, and nothing is left lying about."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fuzz.seeds import seeds
from jixiao.cli import main
from jixiao.workbook.bound import Bindings
from jixiao.workbook.errors import CannotRead, ChangedOnDisk
from jixiao.workbook.file import saving
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Edit

NAME = "2023年 自评表（终稿）.xlsx"
FORM = seeds()["guangzhou-2023 填好"]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
WRITING = [
    ["score", NAME, "--in-place", "--overwrite"], ["check", NAME, "--in-place"], ["check", NAME, "-o",
    "新.xlsx"],
    ["report", NAME, "-o", "报告.docx"], ["report", NAME], ["export", NAME, "内容.yaml"],
    ["new", "loudi-2023", "空.xlsx"], ["new", "loudi-2023", "模板.docx"], ["demo", "-o", "演示"],
    ["batch", ".", "-o", "汇总.xlsx", "--jobs", "1"],
]  # fmt: skip
JOURNAL = "汇总.进度"
"""What a batch has done by then; it goes on from there."""
RUN = """
import contextlib, hashlib, io, json, os, pathlib, sys
from jixiao.cli import main
out = []
for verb in json.loads(sys.argv[1]):
    err = io.StringIO()
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        code = main(verb)
    here = sorted(str(one) for one in pathlib.Path(".").rglob("*") if one.is_file())
    name = sys.argv[2]
    same = hashlib.sha256(pathlib.Path(name).read_bytes()).hexdigest() if os.access(name, os.R_OK) else ""
    out.append([verb, code, err.getvalue(), here, same])
print(json.dumps(out))
"""


def ran(command: list[str], folder: Path, verbs: list[list[str]], **how: Any) -> list[list[Any]]:
    """Each verb: itself, exit code, messages, the files there afterwards, the digest of the workbook."""
    done = subprocess.run(
        [*command, sys.executable, "-c", RUN, json.dumps(verbs), NAME],
        cwd=folder, env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=300, **how,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[list[Any]] = json.loads(done.stdout)
    return found


def wanting(data: bytes, folder: Path) -> bytes:
    """The form with a score less, so that every verb has something to write."""
    path = folder / NAME
    path.write_bytes(data)
    port = FilePort.open(path)
    for name in ("score.stocktake", "procurement.complaints"):
        where = Bindings(port)[name]
        assert where
        port.write(where.sheet, [Edit(*where.position, None)])
    port.save()
    for backup in folder.glob("*.修改前.xlsx"):
        backup.unlink()
    return path.read_bytes()


# ---------------------------------------------------------------- no room


def test_a_full_disk_is_said_and_leaves_the_file_and_no_halves(tmp_path: Path) -> None:
    """A disk of its own in memory, filled up but for a few KB."""
    wanting(FORM, tmp_path)
    script = (
        f"set -e; mkdir -p disk; mount -t tmpfs -o size=132k x disk; cp '{NAME}' disk; cd disk; "
        'dd if=/dev/zero of=满 bs=1k count=9999 2>/dev/null || true; truncate -s -3k 满; exec "$@"'
    )
    private = ["unshare", "-rm", "sh", "-c", script, "x"]
    if subprocess.run([*private, "true"], cwd=tmp_path, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount; the limit on files below stands for it")
    before = None
    for verb, code, said, files, digest in ran(private, tmp_path, WRITING):
        before = before or digest
        assert code == 2 and "磁盘已满" in said and "“" in said, (verb, said)
        assert "程序出错" not in said and digest == before, verb
        assert {Path(one).name for one in files if Path(one).parts[0] != "disk"} <= {NAME, "满", JOURNAL}, (
            verb,
            files,
        )


def test_a_limit_on_the_size_of_files_is_a_full_disk_too(tmp_path: Path) -> None:
    data = wanting(FORM, tmp_path)
    for verb, code, said, files, _ in ran(["sh", "-c", 'ulimit -f 4; exec "$@"', "x"], tmp_path, WRITING):
        assert code == 2 and "磁盘已满" in said and "“" in said and "程序出错" not in said, (verb, said)
        assert [one for one in files if one != JOURNAL] == [NAME], verb
    assert (tmp_path / NAME).read_bytes() == data


# ---------------------------------------------------------------- no permission


def test_a_folder_that_may_not_be_written_is_said_and_reading_works(tmp_path: Path) -> None:
    """Mounted read-only, which not even root may write; where that is not allowed, by its permissions."""
    data = wanting(FORM, tmp_path)
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'
    private = ["unshare", "-rm", "sh", "-c", script, str(tmp_path)]
    if subprocess.run([*private, "true"], capture_output=True).returncode:
        if os.geteuid() == 0:
            pytest.skip("root may write everything, and may not mount")
        private = []
        tmp_path.chmod(0o555)
    for verb, code, said, files, _ in ran(private, tmp_path, WRITING):
        assert code == 2 and re.search("没有权限|只读", said) and "程序出错" not in said, (verb, said)
        assert files == [NAME], verb
    for verb, code, said, _, _ in ran(private, tmp_path, [["score", NAME], ["check", NAME]]):
        assert code in (0, 1), (verb, said)
    tmp_path.chmod(0o755)
    assert (tmp_path / NAME).read_bytes() == data


# ---------------------------------------------------------------- half there


def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    for length in [*range(0, len(FORM), 1499), len(FORM) - 1, len(FORM) - 21]:
        path.write_bytes(FORM[:length])
        with pytest.raises(CannotRead, match=r"损坏|空文件|不是 Excel"):
            FilePort.open(path)


def test_a_figure_that_changed_on_the_way_is_noticed(tmp_path: Path) -> None:
    """One byte of a number, in a file whose parts are not compressed, so that nothing else stumbles."""
    path = tmp_path / NAME
    with zipfile.ZipFile(io.BytesIO(FORM)) as form, zipfile.ZipFile(path, "w") as plain:
        for name in form.namelist():
            plain.writestr(name, form.read(name))
    FilePort.open(path)
    data = bytearray(path.read_bytes())
    data[data.index(b"<v>") + 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(CannotRead, match="损坏"):
        FilePort.open(path)


def test_a_file_that_grows_while_it_is_read_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    wanting(FORM, tmp_path)
    read = saving.read_file

    def growing(place: Path) -> bytes:
        data = read(place)
        with open(place, "ab") as file:
            file.write(b"more")
        return data

    with monkeypatch.context() as patch:
        patch.setattr(saving, "read_file", growing)
        port = FilePort.open(path)
    port.set_name("x", "1")
    grown = path.read_bytes()
    with pytest.raises(ChangedOnDisk):
        port.save()
    assert path.read_bytes() == grown and [one.name for one in tmp_path.iterdir()] == [NAME]


# ---------------------------------------------------------------- the clock is wrong


@pytest.mark.parametrize(
    "when", [0, 315_532_800, 4_102_444_800, 253_402_300_000], ids=["1970", "1980", "2100", "9999"]
)
def test_a_wrong_clock_changes_nothing(when: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the file, and of the machine."""
    data = wanting(FORM, tmp_path)
    path = tmp_path / NAME
    os.utime(path, (when, when))
    monkeypatch.setattr(saving.time, "time", lambda: float(when))
    for verb in (["score", "--in-place"], ["check", "--in-place"], ["clear"], ["undo"]):
        assert main([verb[0], str(path), *verb[1:]]) in (0, 1), verb
    assert saving.backups(path)[0].read_bytes() == data
    assert not list(tmp_path.glob("*.tmp"))


# ---------------------------------------------------------------- two at once


def test_two_runs_on_one_file_each_do_it_right_or_say_so(tmp_path: Path) -> None:
    verbs = [["score", NAME, "--in-place", "--overwrite"], ["check", NAME, "--in-place"]]
    said = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        data = wanting(FORM, folder)
        both = [
            subprocess.Popen(
                [sys.executable, "-m", "jixiao", *verbs[one % 2]],
                cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            )
            for one in range(3)
        ]  # fmt: skip
        for one in both:
            _, err = one.communicate(timeout=120)
            assert one.returncode in (0, 1) or (one.returncode == 2 and "别的程序改过" in err), err
            said.append(one.returncode)
        FilePort.open(folder / NAME)
        assert saving.backups(folder / NAME)[0].read_bytes() == data
        assert not list(folder.glob("*.tmp"))
    assert said.count(2) < len(said)


def test_a_run_that_saves_between_reading_and_writing_of_another_is_not_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the last moment: the backups are made, the new file is about to take the place."""
    wanting(FORM, tmp_path)
    path = tmp_path / NAME
    port, other = FilePort.open(path), FilePort.open(path)
    port.set_name("one", "1")
    other.set_name("other", "2")
    keep = saving._keep_backups

    def meanwhile(target: Path, known: saving.Snapshot | None) -> bool:
        kept = keep(target, known)
        monkeypatch.setattr(saving, "_keep_backups", keep)
        other.save()
        return kept

    monkeypatch.setattr(saving, "_keep_backups", meanwhile)
    with pytest.raises(ChangedOnDisk):
        port.save()
    assert "other" in FilePort.open(path).names()
