"""What happens around every button: quiet while it works, one dialog at the end, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jixiao.excel.buttons import TAB, all_buttons
from jixiao.troubles import expected, fault, file_trouble, log

if TYPE_CHECKING:
    import xlwings as xw

    from jixiao.filing.model import Place
    from jixiao.workbook.live.live_port import LivePort

LINES = 32
"""As many lines as a dialog may have on a small screen."""
WIDTH = 60
"""Letters that stand side by side in a dialog."""


class Outcome(NamedTuple):
    """What a button has done: words for the dialog, a cell to go to, a file to open, a workbook to open."""

    text: str = ""
    place: Place | None = None
    document: Path | None = None
    workbook: Path | None = None


class Click:
    """One press of a button, on the workbook in front."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        self.app = book.app

    def port(self) -> LivePort:
        """The workbook as it stands now."""
        from jixiao.workbook.live.live_port import LivePort

        return LivePort(self.book)

    @property
    def folder(self) -> Path:
        """Where new files go: beside the workbook; for one without a folder here, to the documents."""
        beside = Path(self.book.fullname).parent
        if beside.is_absolute() and beside.is_dir():
            return beside
        documents = Path.home() / "Documents"
        return documents if documents.is_dir() else Path.home()

    def say(self, text: str, *, failed: bool = False) -> None:
        """Show a text, in as many dialogs as it needs."""
        self.ask(text, "ok", mode="critical" if failed else "info")

    def ask(self, text: str, buttons: str, *, mode: str = "info") -> str:
        """Show a text, the buttons under its last page; gives which was pressed, ``cancel`` for none."""
        pages = _pages(text)
        for number, page in enumerate(pages, 1):
            title = f"{TAB}（{number}/{len(pages)}）" if len(pages) > 1 else TAB
            last = number == len(pages)
            pressed = self.app.alert(page, title, buttons if last else "ok_cancel", mode)
            if last or pressed == "cancel":
                return pressed or "cancel"
        return "cancel"

    def go(self, place: Place) -> None:
        """Select a cell and show it."""
        sheet = self.book.sheets[place.sheet]
        sheet.activate()
        sheet.range(place.cell).select()

    def choose(self, title: str, kind: str, *suffixes: str) -> Path | None:
        """Let the user pick a file in the program's own dialog; None when he does not."""
        patterns = ";".join(f"*{suffix}" for suffix in suffixes)
        chosen = self.app.api.GetOpenFilename(f"{kind} ({patterns}),{patterns}", 1, title)
        return Path(chosen) if isinstance(chosen, str) else None


def button(handler: Callable[..., Outcome]) -> Callable[..., None]:
    """Make a handler what the ribbon calls: safe, and given only what a menu of the ribbon asked."""
    label = next(one.label for one in all_buttons() if one.verb == handler.__name__)

    @wraps(handler)
    def pressed(*given: str) -> None:
        import xlwings as xw

        try:
            click = Click(xw.Book.caller())
        except Exception:  # no workbook is open: nobody to tell but the program itself
            with suppress(OSError):
                log()
            if xw.apps.active is not None:
                xw.apps.active.alert("没有打开的工作簿。请先打开自评表，再按这个按钮。", TAB)
            return
        try:
            with _quiet(click.app, f"{TAB}：{label}，请稍候……"):
                done = handler(click, *given)
            if done.place:
                click.go(done.place)
            if done.text:
                click.say(done.text)
            if done.document:
                _open(done.document)
            if done.workbook:
                click.app.books.open(str(done.workbook))
        except Exception as error:
            click.say(_told(error), failed=True)

    return pressed


def _told(error: Exception) -> str:
    """What went wrong and what to do; the whole of it goes into the log."""
    if isinstance(error, expected()):
        said = str(error)
    elif isinstance(error, OSError):
        said = file_trouble(error)
    else:
        return fault()
    with suppress(OSError):  # on a full disk there is no log, but the user is told
        log()
    return said


@contextmanager
def _quiet(app: xw.App, busy: str) -> Iterator[None]:
    """No flicker and a word in the status bar while it works."""
    app.screen_updating = False
    app.status_bar = busy
    try:
        yield
    finally:
        app.status_bar = False
        app.screen_updating = True


def _pages(text: str) -> list[str]:
    """The text in pieces that fit on the screen."""
    pages: list[str] = []
    page: list[str] = []
    used = 0
    for line in text.split("\n"):
        high = 1 + len(line) // WIDTH
        if page and used + high > LINES:
            pages.append("\n".join(page))
            page, used = [], 0
        page.append(line)
        used += high
    return [*pages, "\n".join(page)]


def _open(document: Path) -> None:
    """Open a file with the program that it belongs to, where the system knows how."""
    if hasattr(os, "startfile"):
        os.startfile(document)
