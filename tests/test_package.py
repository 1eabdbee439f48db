"""A file is opened without trusting it and saved so that the old one or the new one stands whole."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.workbook import errors, printed_sheet
from jixiao.workbook.file import file_port, package, saving
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Edit
from rich_workbook import by_openpyxl, finished_by_hand, read_parts, with_parts

NAME = "2024年 自评表（终稿）.xlsx"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return by_openpyxl(tmp_path_factory.mktemp("made") / "made.xlsx").read_bytes()


@pytest.fixture
def book(tmp_path: Path, made: bytes) -> Path:
    path = tmp_path / NAME
    path.write_bytes(made)
    return path


def changed(path: Path) -> FilePort:
    port = FilePort.open(path)
    port.write("自评表", [Edit(2, 2, Decimal("7.5"))])
    return port


def value(path: Path) -> object:
    return FilePort.open(path).cells("自评表")[2, 2].raw


# ---- what is no workbook


def test_every_error_is_a_chinese_sentence_naming_the_file(tmp_path: Path, book: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    parts = read_parts(book)
    cases: list[tuple[str, bytes, type[errors.WorkbookError]]] = [
        ("空.xlsx", b"", errors.Damaged),
        ("文本.xlsx", "名称,金额".encode("gbk"), errors.NotAWorkbook),
        ("旧.xls", ole, errors.OldFormat),
        ("密.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), errors.Encrypted),
        ("半截.xlsx", book.read_bytes()[:-400], errors.Damaged),
        ("翻转.xlsx", book.read_bytes()[:900] + b"\xff\xff\xff" + book.read_bytes()[903:], errors.Damaged),
        ("压缩包.xlsx", zipped(tmp_path, {"a.txt": b"1"}), errors.NotAWorkbook),
        (
            "文档.xlsx",
            zipped(tmp_path, {"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}),
            errors.NotAWorkbook,
        ),
        ("二进制.xlsb", zipped(tmp_path, {"xl/workbook.bin": b"1"}), errors.OldFormat),
        ("开放.ods", zipped(tmp_path, {"mimetype": b"1", "content.xml": b"<a/>"}), errors.OldFormat),
        (
            "缺目录.xlsx",
            zipped(tmp_path, {k: v for k, v in parts.items() if k != "xl/workbook.xml"}),
            errors.Damaged,
        ),
        (
            "缺关系.xlsx",
            zipped(tmp_path, {k: v for k, v in parts.items() if k != "_rels/.rels"}),
            errors.Damaged,
        ),
        ("坏目录.xlsx", zipped(tmp_path, parts | {"xl/workbook.xml": b"<workbook"}), errors.Damaged),
    ]
    for name, data, kind in cases:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(kind) as caught:
            FilePort.open(path).sheets()
        assert type(caught.value) is kind, name
        assert name in caught.value.message and caught.value.message.endswith("。"), name


def zipped(folder: Path, parts: dict[str, bytes]) -> bytes:
    path = folder / "zipped.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path.read_bytes()


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFound, match=r"找不到文件“没有\.xlsx”"):
        FilePort.open(tmp_path / "没有.xlsx")
    with pytest.raises(errors.IsFolder, match="是一个文件夹"):
        FilePort.open(tmp_path)
    with pytest.raises(errors.NotFound):
        FilePort.open("空\0字.xlsx")


def test_a_device_is_not_read_without_end() -> None:
    with pytest.raises(errors.NotAWorkbook):
        FilePort.open("/dev/zero")


def test_a_stripped_macro_workbook_is_named_as_such(tmp_path: Path, book: Path) -> None:
    whole = finished_by_hand(book, tmp_path / "宏.xlsm")
    assert FilePort.open(whole).sheets()
    parts = read_parts(whole)
    del parts["xl/vbaProject.bin"]
    (tmp_path / "无宏.xlsm").write_bytes(zipped(tmp_path, parts))
    (tmp_path / "改名.xlsm").write_bytes(book.read_bytes())
    for name in ("无宏.xlsm", "改名.xlsm"):
        with pytest.raises(errors.MacroStripped, match="宏已被去掉"):
            FilePort.open(tmp_path / name)


# ---- hostile files


def test_a_bomb_is_refused_by_what_comes_out_of_it(tmp_path: Path, book: Path) -> None:
    bomb = with_parts(book, tmp_path / "bomb.xlsx", {"xl/media/a.bin": b"\0" * (3 * package.MEBIBYTE)})
    with pytest.raises(errors.TooLarge, match="大得不正常"):
        FilePort.open(bomb)


def test_a_lying_size_in_the_header_does_not_help_a_bomb(tmp_path: Path, book: Path) -> None:
    size = 3 * package.MEBIBYTE
    bomb = with_parts(book, tmp_path / "bomb.xlsx", {"xl/media/a.bin": b"\0" * size})
    data = bomb.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    bomb.write_bytes(data)
    with pytest.raises(errors.CannotRead):
        FilePort.open(bomb)


def test_limits_hold_for_parts_totals_and_files(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, low in (
        ("MOST_PARTS", 5),
        ("LARGEST_PART", 500),
        ("LARGEST_TOTAL", 9000),
        ("LARGEST_FILE", 1000),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(package, limit, low)
            with pytest.raises(errors.TooLarge):
                FilePort.open(book)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_elements_within_elements_are_followed_only_as_deep_as_any_program_nests_them(
    tmp_path: Path, book: Path, part: str
) -> None:
    text = read_parts(book)[part]
    end = text.rindex(b"</")

    def saved(deep: int) -> None:
        nested = text[:end] + b"<a>" * deep + b"</a>" * deep + text[end:]
        changed(with_parts(book, tmp_path / "deep.xlsx", {part: nested})).save()

    saved(200)
    with pytest.raises(errors.Damaged):
        saved(400)


def test_the_limits_are_those_that_the_readme_states() -> None:
    readme = "".join((Path(__file__).parents[1] / "README.md").read_text("utf-8").split())
    mebibytes = (package.LARGEST_FILE, package.LARGEST_TOTAL, file_port.LARGEST_SHEET)
    whole, unpacked, sheet = (size // package.MEBIBYTE for size in mebibytes)
    assert f"一份工作簿最多{whole}MB（展开后{unpacked}MB），自评表的一张表展开后最多{sheet}MB" in readme
    assert printed_sheet.MOST_CELLS == 100_000 and "打印的范围最多十万格" in readme


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_entities_are_refused_wherever_they_stand(
    tmp_path: Path, book: Path, part: str, encoding: str
) -> None:
    evil = '<!-- x --> <!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'.encode(encoding)
    with pytest.raises(errors.Unsafe, match="外部引用"):
        FilePort.open(with_parts(book, tmp_path / "xxe.xlsx", {part: evil}))


def test_entities_in_a_strange_encoding_meet_the_parser(tmp_path: Path, book: Path) -> None:
    evil = "<?xml version='1.0' encoding='cp037'?><!DOCTYPE a><a/>".encode("cp037")
    port = FilePort.open(with_parts(book, tmp_path / "xxe.xlsx", {"xl/worksheets/sheet1.xml": evil}))
    with pytest.raises(errors.CannotRead):
        port.cells("自评表")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a.xml", "xl/../../a.xml", "xl\\a.xml", "C:/a.xml", "XL/Workbook.xml"]
)
def test_path_tricks_are_refused(tmp_path: Path, book: Path, name: str) -> None:
    with pytest.raises(errors.Unsafe, match="名称不正常"):
        FilePort.open(with_parts(book, tmp_path / "trick.xlsx", {name: b"x"}))


def test_any_damage_is_an_error_of_ours(tmp_path: Path, book: Path) -> None:
    data = bytearray(book.read_bytes())
    path = tmp_path / "damaged.xlsx"
    for at in range(0, len(data), max(1, len(data) // 150)):
        old = data[at]
        data[at] ^= 0xFF
        path.write_bytes(data)
        data[at] = old
        try:
            port = FilePort.open(path)
            for sheet in port.sheets():
                port.cells(sheet)
                port.notes(sheet)
        except errors.WorkbookError:
            pass


# ---- saving


def test_nothing_is_written_when_nothing_changed(book: Path) -> None:
    before = book.stat()
    FilePort.open(book).save()
    assert book.stat() == before
    assert os.listdir(book.parent) == [NAME]


def test_saving_is_deterministic(book: Path, tmp_path: Path) -> None:
    for name in ("一.xlsx", "二.xlsx"):
        changed(book).save_as(tmp_path / name)
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()


def test_the_first_original_is_kept_for_ever_and_the_last_version_too(book: Path, made: bytes) -> None:
    first, last = saving.backups(book)
    changed(book).save()
    assert first.read_bytes() == made and not last.exists()
    second = book.read_bytes()
    port = FilePort.open(book)
    port.write("自评表", [Edit(2, 2, Decimal("8"))])
    port.save()
    assert (first.read_bytes(), last.read_bytes()) == (made, second)
    assert value(book) == Decimal("8")
    assert saving.is_backup(first) and saving.is_backup(last) and not saving.is_backup(book)


def test_saving_twice_through_one_port_works(book: Path) -> None:
    port = changed(book)
    port.save()
    port.write("自评表", [Edit(2, 2, Decimal("9"))])
    port.save()
    assert value(book) == Decimal("9")


def test_saving_elsewhere_leaves_the_source_alone(book: Path, made: bytes, tmp_path: Path) -> None:
    before = book.stat()
    port = changed(book)
    port.save_as(tmp_path / "另存.xlsx")
    port.write("自评表", [Edit(2, 2, Decimal("9"))])
    port.save()
    assert book.read_bytes() == made and book.stat().st_mtime_ns == before.st_mtime_ns
    assert value(tmp_path / "另存.xlsx") == Decimal("9")


def test_what_stands_at_the_new_place_is_backed_up(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "另存.xlsx"
    target.write_bytes("别人的文件".encode())
    changed(book).save_as(target)
    assert saving.backups(target)[0].read_bytes() == "别人的文件".encode()


def test_a_suffix_that_excel_would_refuse_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.WrongSuffix, match=r"只能保存为 \.xlsx"):
        changed(book).save_as(tmp_path / "a.xlsm")
    macro = finished_by_hand(book, tmp_path / "宏.xlsm")
    with pytest.raises(errors.WrongSuffix, match=r"只能保存为 \.xlsm"):
        changed(macro).save_as(tmp_path / "a.xlsx")


@pytest.mark.parametrize("lock", [f"~${NAME}", f".~lock.{NAME}#", f".~{NAME}"])
def test_a_file_open_elsewhere_is_read_but_not_written(book: Path, made: bytes, lock: str) -> None:
    (book.parent / lock).write_bytes(b"x")
    port = changed(book)
    with pytest.raises(errors.OpenElsewhere, match="正在 Excel、WPS 或 LibreOffice 里打开"):
        port.save()
    assert book.read_bytes() == made
    (book.parent / lock).unlink()
    port.save()
    assert value(book) == Decimal("7.5")


def test_a_file_changed_meanwhile_is_not_overwritten(book: Path, made: bytes) -> None:
    port = changed(book)
    other = made + b"\0"
    book.write_bytes(other)
    with pytest.raises(errors.ChangedOnDisk, match="被别的程序改过"):
        port.save()
    assert book.read_bytes() == other
    book.unlink()
    with pytest.raises(errors.ChangedOnDisk):
        port.save()


def test_a_file_only_touched_meanwhile_may_be_saved(book: Path) -> None:
    port = changed(book)
    os.utime(book, ns=(1, 1))
    port.save()
    assert value(book) == Decimal("7.5")


def test_a_change_of_equal_size_while_saving_is_seen(
    book: Path, made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = changed(book)
    verify = saving._verify

    def meanwhile(temporary: Path, written: package.Package) -> None:
        verify(temporary, written)
        book.write_bytes(made[:-1] + b"\x01")

    monkeypatch.setattr(saving, "_verify", meanwhile)
    with pytest.raises(errors.ChangedOnDisk):
        port.save()
    assert book.read_bytes() == made[:-1] + b"\x01"


def test_read_only_files_and_folders_are_told_apart(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = changed(book)
    monkeypatch.setattr(saving, "_may_write", lambda path: path != book)
    with pytest.raises(errors.ReadOnly, match="只读文件"):
        port.save()
    monkeypatch.setattr(saving, "_may_write", lambda path: path != book.parent)
    with pytest.raises(errors.ReadOnly, match="文件夹里保存"):
        port.save()
    with pytest.raises(errors.CannotWrite, match="文件夹不存在"):
        port.save_as(book.parent / "没有" / "a.xlsx")
    with pytest.raises(errors.IsFolder):
        (book.parent / "b.xlsx").mkdir()
        port.save_as(book.parent / "b.xlsx")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, errors.DiskFull),
        (errno.EACCES, errors.ReadOnly),
        (errno.EROFS, errors.ReadOnly),
        (errno.EIO, errors.CannotWrite),
        (errno.ENAMETOOLONG, errors.CannotWrite),
    ],
)
@pytest.mark.parametrize("step", ["_write", "_verify", "_keep_backups", "_replace"])
def test_a_step_that_fails_leaves_the_old_file_and_no_litter(
    book: Path, made: bytes, step: str, number: int, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    port = changed(book)
    with monkeypatch.context() as patch:
        patch.setattr(saving, step, fail)
        with pytest.raises(kind, match=r"。$"):
            port.save()
    assert book.read_bytes() == made
    assert [p.name for p in book.parent.iterdir() if p.name.endswith(".tmp")] == []
    port.save()
    assert value(book) == Decimal("7.5")


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1], lambda data: data[: len(data) // 2], lambda data: b""]
)
def test_a_file_that_was_not_written_whole_never_replaces_the_old_one(
    book: Path, made: bytes, harm: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = saving._write
    monkeypatch.setattr(saving, "_write", lambda path, data: write(path, harm(data)))
    with pytest.raises(errors.WouldLose, match="原文件没有改动"):
        changed(book).save()
    assert book.read_bytes() == made


def test_a_lost_part_is_noticed(book: Path, made: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    port = changed(book)
    lost = dict(port._package.parts)
    lost.pop("xl/charts/chart1.xml")
    pack = package.Package.pack

    def losing(self: package.Package) -> bytes:
        self, full = package.Package(self.label, []), self
        self.parts, self._infos = lost, full._infos
        return pack(self)

    monkeypatch.setattr(package.Package, "pack", losing)
    with pytest.raises(errors.WouldLose):
        port.save()
    assert book.read_bytes() == made


KILLED = """
import os, sys
from decimal import Decimal
from jixiao.workbook.file import saving
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Edit
path, step, when, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
real = getattr(saving, step)
def dying(*arguments):
    global count
    count -= 1
    if count:
        return real(*arguments)
    if when == "half":
        with open(arguments[0], "wb") as file:
            file.write(arguments[1][:1000])
    if when == "after":
        real(*arguments)
    os._exit(9)
setattr(saving, step, dying)
port = FilePort.open(path)
port.write("自评表", [Edit(2, 2, Decimal("7.5"))])
port.save()
"""


@pytest.mark.parametrize(
    ("step", "when", "count"),
    [
        (step, when, 1)
        for step in ("_write", "_verify", "_keep_backups", "_replace", "_sync_folder")
        for when in ("before", "after")
    ]
    + [("_write", "half", 1), ("_write", "half", 2), ("_replace", "before", 2), ("_replace", "after", 2)],
)
def test_a_kill_at_any_step_leaves_a_whole_file_and_the_next_run_works(
    book: Path, made: bytes, step: str, when: str, count: int
) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(book), step, when, str(count)], env=environment, check=False
    )
    assert done.returncode == 9
    if book.read_bytes() != made:
        assert value(book) == Decimal("7.5")
        assert saving.backups(book)[0].read_bytes() == made
    port = FilePort.open(book)
    port.write("自评表", [Edit(2, 2, Decimal("9"))])
    port.save()
    assert value(book) == Decimal("9")
    assert saving.backups(book)[0].read_bytes() == made


def test_old_litter_is_swept_and_fresh_litter_left(book: Path) -> None:
    old, fresh = (book.parent / f"{saving._TEMPORARY}{name}.tmp" for name in ("a", "b"))
    old.write_bytes(b"")
    fresh.write_bytes(b"")
    os.utime(old, (1, 1))
    changed(book).save()
    assert not old.exists() and fresh.exists()
    assert saving.is_backup(fresh)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link_and_the_mode_stays(book: Path, tmp_path: Path) -> None:
    book.chmod(0o640)
    link = tmp_path / "链接.xlsx"
    link.symlink_to(book)
    changed(link).save()
    assert link.is_symlink() and value(book) == Decimal("7.5")
    assert book.stat().st_mode & 0o777 == 0o640


def test_packing_keeps_order_dates_and_compression(book: Path) -> None:
    before = zipfile.ZipFile(book).infolist()
    changed(book).save()
    after = zipfile.ZipFile(book).infolist()
    assert [(i.filename, i.date_time, i.compress_type) for i in after] == [
        (i.filename, i.date_time, i.compress_type) for i in before
    ]
