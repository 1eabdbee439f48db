"""Lists of fields, placed: label, input or amounts, unit, help, and the indicators they serve."""

from __future__ import annotations

from jixiao.rubric.model import Field, Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form import Form
from jixiao.workbook.form_parts import FieldColumn, FieldItem, FieldRows
from jixiao.workbook.layout.inputs import asked, input_cell
from jixiao.workbook.layout.plan import Content, FormError, Pen
from jixiao.workbook.layout.records import fill_in, served
from jixiao.workbook.layout.tables import place_header

REQUIRED = "＊"


def place_fields(pen: Pen, rows: FieldRows, rubric: Rubric, form: Form) -> None:
    """Place a row per field, in the columns of the list's layout."""
    columns = form.layouts.get(rows.layout)
    if columns is None:
        raise FormError(f"没有名为“{rows.layout}”的列（layouts）{did_you_mean(rows.layout, form.layouts)}")
    if rows.header:
        titles = [
            (rubric.amount_columns.get(c.amount, "") if c.amount else c.header, c.cols) for c in columns
        ]
        place_header(pen, rows.header, titles)
    serving = served(rubric)
    for given in rows.items:
        item = FieldItem(field=given) if isinstance(given, str) else given
        numbers = "、".join(str(number) for number in serving.get(item.field, []))
        serves = form.serves.replace("{numbers}", numbers) if numbers else ""
        column = 1
        for spec in columns:
            _place_field_part(pen, spec, item, rubric, serves, column)
            column += spec.cols
        pen.next_row(item.height or rows.height, growing=rows.growing)


def _place_field_part(
    pen: Pen, spec: FieldColumn, item: FieldItem, rubric: Rubric, serves: str, column: int
) -> None:
    box = pen.box(column, spec.cols)
    if spec.show == "none":
        return
    field = rubric.fields.get(item.field)
    if item.field and field is None:
        raise FormError(f"没有名为“{item.field}”的填报项{did_you_mean(item.field, rubric.fields)}")
    if spec.show in ("value", "amount"):
        content, name = _value(spec, item, field, rubric)
        pen.put(box, content)
        if name:
            pen.name(name, box.anchor())
        return
    if spec.show == "check":
        if item.check:
            pen.put(box, _checked(spec, item))
        return
    text = {
        "label": fill_in(item.label, rubric) or (field.label if field else ""),
        "unit": field.unit if field else "",
        "help": fill_in(item.help, rubric) or (field.help if field else ""),
        "serves": serves,
    }.get(spec.show, "")
    if spec.show == "label" and field and field.required:
        text += REQUIRED
    formula = spec.formula.replace("@", item.field) if spec.show == "formula" and field else ""
    look = spec.look or item.look or ("computed" if formula else "label")
    indent = item.indent if spec.show == "label" else 0
    content = Content(
        value=text or None, formula=formula, look=look, format=spec.format, indent=indent,
        align="right" if formula else "",
    )  # fmt: skip
    pen.put(box, content)


def _checked(spec: FieldColumn, item: FieldItem) -> Content:
    """The software's own word beside a row of amounts: a difference that should be 0."""
    formula = item.check.replace("$", spec.amount)
    return Content(formula=formula, look=spec.look or "computed", format=spec.format, align="right")


def _value(spec: FieldColumn, item: FieldItem, field: Field | None, rubric: Rubric) -> tuple[Content, str]:
    """The input or computed cell of an item, and its name."""
    formula = item.formula.replace("$", spec.amount)
    if field is None:
        return Content(
            formula=formula, look=item.look or "computed", format=item.format, align="right"
        ), item.name
    if spec.show == "amount":
        if spec.amount not in field.amounts:
            return Content(look="computed"), ""
        name = f"{item.field}.{spec.amount}"
        return input_cell(asked(rubric, name), formula=formula, format=item.format), name
    return input_cell(field, formula=formula, format=item.format), item.field
