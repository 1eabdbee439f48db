"""An xlwings engine over LibreOffice Calc, for tests: the real ``xw.Book`` works on a living sheet.

It has what the live port and the ribbon use, and behaves as Excel does where LibreOffice differs: text
that looks like a number, a date or a formula becomes one unless an apostrophe stands before it.
``ENGINE.calls`` counts what is asked of the spreadsheet program.
"""

from __future__ import annotations

import atexit
import builtins
import datetime as dt
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import quote, unquote

import xlwings as xw
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from xlwings import base_classes as base
from xlwings import utils

sys.path.append("/usr/lib/python3/dist-packages")
OFFICE = "/usr/lib/libreoffice/program/soffice.bin"
_import = builtins.__import__
try:
    import uno
except ImportError:
    uno = None
builtins.__import__ = _import  # uno's own takes other libraries for broken that look for an optional one
LACKING = "" if uno and Path(OFFICE).exists() else "没有 LibreOffice（soffice、python3-uno），现场测试跳过"

_EPOCH = dt.datetime(1899, 12, 30)
_CONTENTS = 1 | 2 | 4 | 16
_DATE_OR_TIME, _LOGICAL, _TEXT = 6, 1024, 256
_POINT = 2540 / 72
"""Hundredths of a millimetre."""
_LETTER = 247
"""Hundredths of a millimetre of column for a letter, nearly."""
_XLSX = "Calc MS Excel 2007 XML"
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?%?")
_DAY = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?")


# ---------------------------------------------------------------- the program


class Office:
    """A soffice of our own: its own profile, reached by a pipe, gone when the tests are."""

    def __init__(self, *, visible: bool = False) -> None:
        self._profile = tempfile.mkdtemp(prefix="jixiao-calc-")
        self._pipe = f"pipe,name=jixiao{uuid.uuid4().hex[:12]}"
        self._command = [
            OFFICE,
            f"-env:UserInstallation=file://{self._profile}",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
            "--nolockcheck",
            f"--accept={self._pipe};urp;StarOffice.ComponentContext",
            *([] if visible else ["--headless", "--invisible"]),
        ]
        self._spawn()
        atexit.register(self.stop)
        context = self._connect()
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    @property
    def pid(self) -> int:
        return self._process.pid

    def _spawn(self) -> None:
        # soffice.bin itself: its parent oosplash would start it again after a crash
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet, start_new_session=True)

    def _connect(self):
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        end = time.monotonic() + 90
        while True:
            try:
                return resolver.resolve(f"uno:{self._pipe};urp;StarOffice.ComponentContext")
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                code = self._process.poll()
                if code == 81:  # a fresh profile asks to be started again
                    self._spawn()
                elif code is not None or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        atexit.unregister(self.stop)
        try:
            self.desktop.terminate()
            self._process.wait(5)
        except Exception:
            pass  # the bridge dies while the call returns
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shutil.rmtree(self._profile, ignore_errors=True)


def _settings(**given):
    made = []
    for name, value in given.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def _url(path) -> str:
    return "file://" + quote(os.path.abspath(path))


# ---------------------------------------------------------------- counting


class _Count:
    """What xlwings asks of the program; what one answer asks of another part does not count."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._depth = 0

    def watch(self, kind: type) -> type:
        for name, member in list(vars(kind).items()):
            if name in ("__init__", "options", "engine") or (name[0] == "_" and name != "__call__"):
                continue
            if isinstance(member, property):
                parts = (member.fget, member.fset)
                watched = [one and self._watched(f"{kind.__name__}.{name}", one) for one in parts]
                setattr(kind, name, property(*watched))
            elif callable(member):
                setattr(kind, name, self._watched(f"{kind.__name__}.{name}", member))
        return kind

    def _watched(self, name: str, run):
        @functools.wraps(run)
        def call(*given, **named):
            if not self._depth:
                self.calls.append(name)
            self._depth += 1
            try:
                return run(*given, **named)
            finally:
                self._depth -= 1

        return call


COUNT = _Count()


# ---------------------------------------------------------------- the engine


class Engine:
    name, type = "calc", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value, options):
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        return [[empty_as if value in (None, "") else value for value in row] for row in data]


class Apps(base.Apps):
    def __init__(self) -> None:
        self._all: list[App] = []

    def keys(self):
        return [app.pid for app in self._all]

    def add(self, **given):
        app = App(**given)
        self._all.insert(0, app)
        return app

    def __iter__(self):
        return iter(self._all)

    def __len__(self):
        return len(self._all)

    def __getitem__(self, pid):
        return next(app for app in self._all if app.pid == pid)


@COUNT.watch
class App(base.App):
    """``alerts`` holds the dialogs that were shown, ``answers`` what the user will press.

    ``chosen`` is the file that he will pick (False: none), ``asked`` how he was asked.
    """

    def __init__(self, *, visible: bool = False) -> None:
        self._office, self.shown = Office(visible=visible), visible
        self.alerts: list[str] = []
        self.answers: list[str] = []
        self.statuses: list[object] = []
        self.screen: list[bool] = []
        self.chosen: str | bool = False
        self.asked: tuple = ()
        self._updating = self._alerting = True
        self._books = Books(self)

    engine = property(lambda self: ENGINE)
    api = property(lambda self: NativeApp(self))
    pid = property(lambda self: self._office.pid)
    books = property(lambda self: self._books)
    version = property(lambda self: "16.0")

    @property
    def screen_updating(self):
        return self._updating

    @screen_updating.setter
    def screen_updating(self, value):
        self._updating = value
        self.screen.append(value)

    @property
    def status_bar(self):
        return self.statuses[-1] if self.statuses else False

    @status_bar.setter
    def status_bar(self, value):
        self.statuses.append(value)

    @property
    def display_alerts(self):
        return self._alerting

    @display_alerts.setter
    def display_alerts(self, value):
        self._alerting = value

    def alert(self, prompt, title, buttons, mode, callback):
        self.alerts.append(prompt)
        if self.answers:
            return self.answers.pop(0)
        return "yes" if (buttons or "ok").startswith("yes") else "ok"

    @property
    def selection(self):
        book = self._books.active
        where = book.doc.CurrentController.getSelection().getRangeAddress()
        sheet = Sheet(book, book.doc.Sheets.getByIndex(where.Sheet))
        return Range(sheet, where.StartRow + 1, where.StartColumn + 1, where.EndRow + 1, where.EndColumn + 1)

    def activate(self, steal_focus=False):
        pass

    def quit(self):
        for book in list(self._books):
            book.close()
        ENGINE.apps._all.remove(self)
        self._office.stop()


class NativeApp:
    """What a button asks of the program's own object; Excel's has it too."""

    def __init__(self, app) -> None:
        self._app = app

    def GetOpenFilename(self, *given):  # noqa: N802
        self._app.asked = given
        return self._app.chosen


class Books(base.Books):
    def __init__(self, app) -> None:
        self._app, self._all, self._active = app, [], None

    app = property(lambda self: self._app)
    active = property(lambda self: self._active or self._all[-1])

    def __call__(self, key):
        if isinstance(key, int):
            return self._all[key - 1]
        found = [book for book in self._all if key.lower() in (book.name.lower(), book.fullname.lower())]
        if not found:
            raise KeyError(key)
        return found[0]

    def __iter__(self):
        return iter(list(self._all))

    def __len__(self):
        return len(self._all)

    def open(self, fullname, *given, **named):
        how = _settings(Hidden=not self._app.shown, MacroExecutionMode=0, UpdateDocMode=0)
        doc = self._app._office.desktop.loadComponentFromURL(_url(fullname), "_blank", 0, how)
        doc.calculateAll()
        self._active = Book(self, doc)
        self._all.append(self._active)
        return self._active


class Native:
    """What the port asks of a workbook's own object; Excel's has it too."""

    def __init__(self, doc) -> None:
        self._doc = doc

    def SaveCopyAs(self, path):  # noqa: N802
        self._doc.storeToURL(_url(path), _settings(FilterName=_XLSX, Overwrite=True))


@COUNT.watch
class NativeRange:
    """What the port asks of a range's own object; Excel's has it too."""

    def __init__(self, range_) -> None:
        self._range = range_

    def AddComment(self, text):  # noqa: N802
        self._range.add_note(text)


@COUNT.watch
class Book(base.Book):
    def __init__(self, books, doc) -> None:
        self._books, self.doc = books, doc

    api = property(lambda self: Native(self.doc))
    app = property(lambda self: self._books._app)
    fullname = property(lambda self: unquote(self.doc.URL).removeprefix("file://") or self.doc.Title)
    name = property(lambda self: os.path.basename(self.fullname))
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self.doc.NamedRanges))

    def activate(self):
        self._books._active = self

    def save(self, path=None, password=None):
        self.doc.store()

    def close(self):
        self.doc.close(True)
        self._books._all.remove(self)
        self._books._active = None

    def to_pdf(self, path, quality=None):
        self.doc.storeToURL(_url(path), _settings(FilterName="calc_pdf_Export", Overwrite=True))

    def _format(self, code):
        formats, english = self.doc.NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
        key = formats.queryKey(code, english, False)
        return key if key >= 0 else formats.addNew(code, english)

    def _kind(self, key):
        return self.doc.NumberFormats.getByKey(key).Type


@COUNT.watch
class Names(base.Names):
    def __init__(self, own) -> None:
        self._own = own

    def __len__(self):
        return self._own.Count

    def __call__(self, key):
        return Name(self._own, self._own.ElementNames[key - 1] if isinstance(key, int) else key)

    def contains(self, key):
        return self._own.hasByName(key)

    def add(self, name, refers_to):
        # LibreOffice takes a name with a full stop only for one that is there
        content, cell = _formula(refers_to).removeprefix("="), "com.sun.star.table.CellAddress"
        self._own.addNewByName("new_name", content, uno.createUnoStruct(cell), 0)
        self._own.getByName("new_name").setName(name)
        return Name(self._own, name)


@COUNT.watch
class Name(base.Name):
    def __init__(self, own, name) -> None:
        self._own, self._name = own, name

    name = property(lambda self: self._name)

    def delete(self):
        self._own.removeByName(self._name)


@COUNT.watch
class Sheets(base.Sheets):
    def __init__(self, book) -> None:
        self._book, self._own = book, book.doc.Sheets

    active = property(lambda self: Sheet(self._book, self._book.doc.CurrentController.ActiveSheet))

    def __call__(self, key):
        own = self._own.getByIndex(key - 1) if isinstance(key, int) else self._own.getByName(key)
        return Sheet(self._book, own)

    def __len__(self):
        return self._own.Count

    def __iter__(self):
        return (Sheet(self._book, self._own.getByIndex(number)) for number in range(self._own.Count))

    def add(self, before=None, after=None, name=None):
        where = before.index - 1 if before is not None else after.index
        self._own.insertNewByName(name, where)
        made = self(name)
        made.activate()
        return made


@COUNT.watch
class Sheet(base.Sheet):
    def __init__(self, book, own) -> None:
        self._book, self._own = book, own

    book = property(lambda self: self._book)
    name = property(lambda self: self._own.Name)
    index = property(lambda self: self._own.RangeAddress.Sheet + 1)
    api = property(lambda self: self._own)
    visible = property(
        lambda self: self._own.IsVisible, lambda self, value: setattr(self._own, "IsVisible", bool(value))
    )

    def activate(self):
        self._book.doc.CurrentController.setActiveSheet(self._own)

    select = activate

    def delete(self):
        self._book.doc.Sheets.removeByName(self.name)

    def range(self, first, second=None):
        if isinstance(first, Range):
            return Range(self, *first._at[:2], *(second or first)._at[2:])
        if isinstance(first, tuple):
            return Range(self, *first, *(second or first))
        areas = [self._area(part) for part in first.split(",")]
        return Range(self, *areas[0], others=areas[1:])

    @staticmethod
    def _area(text):
        if rows := re.fullmatch(r"(\d+):(\d+)", text):
            return int(rows[1]), 1, int(rows[2]), 16384
        first, last = utils.a1_to_tuples(text)
        return (*first, *(last or first))


@COUNT.watch
class Range(base.Range):
    def __init__(self, sheet, top, left, bottom, right, others=()) -> None:
        self._sheet, self._at, self._others = sheet, (top, left, bottom, right), others
        self.options = None
        self._whole = None

    def _part(self, top, left, bottom, right):
        return self._sheet._own.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    @property
    def _own(self):
        """The range, or all areas of it as one object."""
        if self._whole is None:
            self._whole = self._part(*self._at)
            if self._others:
                ranges = self._sheet._book.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
                for area in (self._at, *self._others):
                    ranges.addRangeAddress(self._part(*area).RangeAddress, False)
                self._whole = ranges
        return self._whole

    sheet = property(lambda self: self._sheet)
    row = property(lambda self: self._at[0])
    column = property(lambda self: self._at[1])
    api = property(lambda self: NativeRange(self))
    shape = property(lambda self: (self._at[2] - self._at[0] + 1, self._at[3] - self._at[1] + 1))

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column):
        at = self._at[0] + row - 1, self._at[1] + column - 1
        return Range(self._sheet, *at, *at)

    def get_address(self, row_absolute, col_absolute, external):
        top, left, bottom, right = self._at
        return f"{utils.col_name(left)}{top}:{utils.col_name(right)}{bottom}"

    # ------------------------------------------------ values

    @property
    def raw_value(self):
        return self._own.getDataArray()

    @raw_value.setter
    def raw_value(self, data):
        grid = data if isinstance(data, (list, tuple)) else [[data] * self.shape[1]] * self.shape[0]
        made, later = [], []
        for number, row in enumerate(grid):
            kinds = [self._understood(value, number, column) for column, value in enumerate(row)]
            made.append(tuple("" if kind == "formula" else value for value, kind in kinds))
            later += [(number, column, *one) for column, one in enumerate(kinds) if one[1]]
        notes = self._notes()
        self._own.setDataArray(tuple(made))
        for where, text in notes:  # which setDataArray takes away, and Excel does not
            self._sheet._own.Annotations.insertNew(where, text)
        book = self._sheet._book
        for row, column, value, kind in later:
            cell = self._own.getCellByPosition(column, row)
            if kind == "formula":
                cell.setFormula(_formula(value))
            elif not book._kind(cell.NumberFormat) & (_DATE_OR_TIME | _LOGICAL):
                cell.NumberFormat = book._format(kind)

    def _notes(self):
        top, left, bottom, right = self._at
        found = [(note.Position, note.String) for note in self._sheet._own.Annotations]
        return [
            (where, text)
            for where, text in found
            if top <= where.Row + 1 <= bottom and left <= where.Column + 1 <= right
        ]

    def _understood(self, value, row, column):
        """What Excel makes of a value, and what else the cell then gets."""
        if value is None:
            return "", ""  # None in setDataArray would crash soffice
        if isinstance(value, bool):
            return float(value), "BOOLEAN"
        if isinstance(value, dt.datetime):
            return (value - _EPOCH) / dt.timedelta(days=1), "yyyy-mm-dd hh:mm:ss"
        if isinstance(value, dt.date):
            return float((dt.datetime(value.year, value.month, value.day) - _EPOCH).days), "yyyy-mm-dd"
        if not isinstance(value, str):
            return float(value), ""
        if value.startswith("'"):
            return value[1:], ""
        if value.startswith("=") and len(value) > 1:
            return value, "formula"
        plain = value.strip()
        if re.search(r"\d", plain) and _NUMBER.fullmatch(plain):
            number = float(plain.rstrip("%").replace(",", ""))
            return (number / 100 if plain.endswith("%") else number), ""
        if day := _DAY.fullmatch(plain):
            return float((dt.datetime(*map(int, day.groups())) - _EPOCH).days), "yyyy-mm-dd"
        if plain.upper() in ("TRUE", "FALSE"):
            return float(plain.upper() == "TRUE"), "BOOLEAN"
        return value, ""

    # ------------------------------------------------ looks

    color = property(
        lambda self: None if self._own.CellBackColor < 0 else utils.int_to_rgb(self._own.CellBackColor)[::-1],
        lambda self, value: setattr(self._own, "CellBackColor", -1 if value is None else _rgb(value)),
    )
    font = property(lambda self: Font(self._own))
    borders = property(lambda self: Borders(self._own))
    number_format = property(
        None, lambda self, code: setattr(self._own, "NumberFormat", self._sheet._book._format(code))
    )
    wrap_text = property(None, lambda self, value: setattr(self._own, "IsTextWrapped", value))

    @property
    def horizontal_alignment(self):
        return self._own.HoriJustify.value.lower()

    @horizontal_alignment.setter
    def horizontal_alignment(self, value):
        self._own.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", value.upper())

    def _rows(self):
        return [self._part(*area).Rows for area in (self._at, *self._others)]

    @property
    def row_height(self):
        return self._rows()[0].getByIndex(0).Height / _POINT

    @row_height.setter
    def row_height(self, value):
        for rows in self._rows():
            rows.Height = round(value * _POINT)

    @property
    def column_width(self):
        return self._own.Columns.getByIndex(0).Width / _LETTER

    @column_width.setter
    def column_width(self, value):
        self._own.Columns.Width = round(value * _LETTER)

    def merge(self, across):
        self._own.merge(True)

    def autofit(self, axis=None):
        for rows in self._rows():
            rows.OptimalHeight = True

    def select(self):
        self._sheet._book.doc.CurrentController.select(self._own)

    # ------------------------------------------------ notes

    @property
    def note(self):
        note = self._own.getCellByPosition(0, 0).Annotation
        return Note(self._sheet, note) if note is not None and note.String else None

    def add_note(self, text):
        where = self._own.getCellByPosition(0, 0).CellAddress
        self._sheet._own.Annotations.insertNew(where, text)
        return self.note


@COUNT.watch
class Font(base.Font):
    """LibreOffice keeps what Chinese letters look like apart; Excel knows but one look."""

    def __init__(self, own) -> None:
        self._own = own

    def _all(self, part, value):
        for script in ("", "Asian", "Complex"):
            setattr(self._own, part + script, value)

    bold = property(None, lambda self, value: self._all("CharWeight", 150.0 if value else 100.0))
    size = property(None, lambda self, value: self._all("CharHeight", float(value)))
    color = property(None, lambda self, value: setattr(self._own, "CharColor", _rgb(value)))


@COUNT.watch
class Borders(base.Borders):
    def __init__(self, own) -> None:
        self._own = own

    def set(self, which, line_style=..., weight=..., color=...):
        line = uno.createUnoStruct("com.sun.star.table.BorderLine2")
        line.LineWidth = 0 if line_style is None else 26
        for side in ("TopBorder2", "BottomBorder2", "LeftBorder2", "RightBorder2"):
            setattr(self._own, side, line)


@COUNT.watch
class Note(base.Note):
    def __init__(self, sheet, own) -> None:
        self._sheet, self._own = sheet, own

    text = property(lambda self: self._own.String, lambda self, value: self._own.setString(value))

    def delete(self):
        here, notes = self._own.Position, self._sheet._own.Annotations
        for number in range(notes.Count):
            other = notes.getByIndex(number).Position
            if (other.Row, other.Column) == (here.Row, here.Column):
                notes.removeByIndex(number)
                return


def _rgb(value) -> int:
    red, green, blue = utils.hex_to_rgb(value) if isinstance(value, str) else value
    return red << 16 | green << 8 | blue


def _formula(text: str) -> str:
    """An Excel formula as LibreOffice's setFormula wants it: ``;`` between arguments, ``$Sheet.A1``."""
    made = ["="]
    for token in Tokenizer(text).items:
        value = token.value
        if token.type == Token.SEP:
            value = ";" if token.subtype == Token.ARG else "|"
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE and "!" in value:
            sheet, cell = value.rsplit("!", 1)
            value = f"${sheet}.{cell}"
        made.append(value)
    return "".join(made)


ENGINE = Engine()
_APPS: list[xw.App] = []


def app() -> xw.App:
    """The spreadsheet program that all tests of this run share."""
    if not _APPS:
        engine = xw.Engine(impl=ENGINE)
        xw.engines.add(engine)
        engine.activate()
        _APPS.append(xw.App(impl=ENGINE.apps.add(visible="JIXIAO_VISIBLE" in os.environ)))
    return _APPS[0]
