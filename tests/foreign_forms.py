"""Forms that are not ours, bound by names: the official sheets alone, without any sheet of the software."""

from __future__ import annotations

from pathlib import Path

import msgspec

from jixiao.filing.interchange import read_filing_text
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.filling import fill, form_for, in_place
from jixiao.workbook.form import load_form
from jixiao.workbook.template import build_template

OFFICIAL = ("input", "official")


def adopted_form(edition: str, path: Path, *, filled: bool = True) -> Path:
    """The official sheets of an edition, with what its demo holds, bound as an adopted form is."""
    rubric = load_rubric(edition)
    form = load_form(edition)
    form = msgspec.structs.replace(form, sheets=[one for one in form.sheets if one.role in OFFICIAL])
    demo = data_folder("rubric_rules") / edition / "demo.yaml"
    given = read_filing_text(demo.read_text(encoding="utf-8"), demo.name, rubric) if filled else None
    if given:
        form = form_for(form, rubric, given)
    build_template(rubric, form, path, room_for=in_place(form, rubric, given) if given else None)
    port = FilePort.open(path)
    if given:
        fill(port, rubric, given)
    port.add_names({"jx.adopted": '"1"'})
    port.save()
    for backup in path.parent.glob(f"{path.stem}.*.xlsx"):
        backup.unlink()
    return path
