"""What can go wrong with a workbook, each with a sentence the accountant can act on.

::

    WorkbookError
    ├── CannotRead
    │   ├── NotFound            no such file
    │   ├── IsFolder            a folder stands there
    │   ├── NotAWorkbook        something else than an .xlsx or .xlsm
    │   │   └── OldFormat       .xls, .et, .xlsb: to be saved as .xlsx first
    │   ├── Encrypted           has a password for opening
    │   ├── Damaged             the zip or its XML cannot be read, or a needed part is missing
    │   ├── MacroStripped       called .xlsm, but its macros were taken out
    │   ├── TooLarge            beyond the limits (a zip bomb looks like this)
    │   └── Unsafe              entities, path tricks
    ├── CannotWrite
    │   ├── OpenElsewhere       open in Excel, WPS or LibreOffice
    │   ├── ReadOnly            file or folder may not be written
    │   ├── DiskFull
    │   ├── ChangedOnDisk       somebody saved it since it was read
    │   ├── WrongSuffix         the new name does not fit the kind of workbook
    │   ├── Signed              has a digital signature, which any change would break
    │   └── WouldLose           the written file failed its verification; the old one stands
    ├── NotTaken                an open workbook, whose program refuses to be read or changed
    ├── NotAForm                a workbook, but not one of our forms
    ├── BadTags                 tags typed into a form that cannot be understood
    └── BadRequest              nothing was changed
        ├── NoSuchSheet
        ├── BadSheetName
        ├── SheetInUse          a drawing, a table or a note hangs on the sheet
        ├── BadName             not usable as a defined name
        ├── NameExists          there is a defined name like this already
        ├── UnstorableValue     text, number or date that a cell cannot hold
        ├── CoveredCell         the cell is hidden under a merged area
        ├── PartOfArray         the cell belongs to an array formula
        ├── TableHeader         the cell is the heading of an Excel table
        ├── BadFill             not a colour and not a fill
        └── NoteExists          the cell has a note already
"""

from __future__ import annotations


class WorkbookError(Exception):
    """The message is one complete Chinese sentence or more; ``part`` names the part inside the file."""

    def __init__(self, message: str, *, part: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.part = part


class CannotRead(WorkbookError):
    """The file cannot be read as a workbook."""


class NotFound(CannotRead):
    """There is no such file."""


class IsFolder(CannotRead):
    """A folder stands where a file was expected."""


class NotAWorkbook(CannotRead):
    """The file is something else than an .xlsx or .xlsm."""


class OldFormat(NotAWorkbook):
    """A spreadsheet of another format, which Excel can save as .xlsx."""


class Encrypted(CannotRead):
    """The file has a password for opening."""


class Damaged(CannotRead):
    """The zip or its XML cannot be read, or a needed part is missing."""


class MacroStripped(CannotRead):
    """Called .xlsm, but the macros were taken out of it; Excel refuses it too."""


class TooLarge(CannotRead):
    """Beyond the limits of :mod:`jixiao.workbook.file.package`."""


class Unsafe(CannotRead):
    """Holds entities or path tricks that no spreadsheet program writes."""


class CannotWrite(WorkbookError):
    """The file was not written; what stood on disk still stands."""


class OpenElsewhere(CannotWrite):
    """Another program has the file open."""


class ReadOnly(CannotWrite):
    """File or folder may not be written."""


class DiskFull(CannotWrite):
    """No room left."""


class ChangedOnDisk(CannotWrite):
    """Somebody saved the file after it was read."""


class WrongSuffix(CannotWrite):
    """The new name's ending does not fit the kind of workbook; Excel would refuse to open it."""


class Signed(CannotWrite):
    """The file has a digital signature, which any change would break."""


class WouldLose(CannotWrite):
    """The written file failed its verification."""


class NotTaken(WorkbookError):
    """The program that has the workbook open refuses to be read or changed."""


class NotAForm(WorkbookError):
    """A workbook, but not one of our forms."""


class BadTags(WorkbookError):
    """Tags typed into a form that cannot be understood; the message names each cell."""


class BadRequest(WorkbookError):
    """What was asked cannot be done; nothing was changed."""


class NoSuchSheet(BadRequest):
    """No sheet of that name, or one without cells (a chart sheet)."""


class BadSheetName(BadRequest):
    """Excel does not allow a sheet of that name."""


class SheetInUse(BadRequest):
    """Something that is not ours hangs on the sheet: a drawing, a table, a note."""


class BadName(BadRequest):
    """Excel does not allow a defined name of that kind."""


class NameExists(BadRequest):
    """The workbook has a defined name like this already; it is never changed by the way."""


class UnstorableValue(BadRequest):
    """A cell cannot hold this text, number or date without changing it."""


class CoveredCell(BadRequest):
    """The cell is hidden under a merged area; only its top left cell shows a value."""


class PartOfArray(BadRequest):
    """The cell belongs to an array formula over several cells."""


class TableHeader(BadRequest):
    """The cell is the heading of an Excel table; a changed heading would damage the file."""


class BadFill(BadRequest):
    """Neither ``#RRGGBB``, nor empty, nor the text of a fill."""


class NoteExists(BadRequest):
    """The cell has a note already; it is never touched."""
