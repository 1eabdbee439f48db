"""The look of an official document (GB/T 9704-2012) as Word styles; Chinese fonts stand in the styles."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

LATIN = "Times New Roman"
SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
ALTERNATIVES = {FANG: "仿宋", KAI: "楷体", TITLE: "华文中宋"}
"""What Word takes where a font is not installed."""

BODY_SIZE, TITLE_SIZE, TABLE_SIZE, NUMBER_SIZE = 16, 22, 10.5, 14
SMALL_LINE = 12
"""Of the forms, so that one that fits one page does so with every font."""
LINE = 28.9
"""Fixed line spacing in points: 22 lines of 28 characters on the page."""
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in mm."""
SIDE, HEAD, FOOT = 20, 22, 20
"""Margins of a landscape page in mm: left and right, top, bottom."""
PAGE = 210, 297

BODY, TABLE_TEXT, TABLE_HEAD, TABLE_SMALL, LABEL = "正文段落", "表格文字", "表格表头", "附表文字", "附件标签"
HEADINGS = ("Heading 1", "Heading 2", "Heading 3", "Heading 4")


def set_styles(document: Any) -> None:
    """Give the styles of a new document their fonts, sizes and spacing."""
    styles = document.styles
    _set_defaults(styles)
    _style(styles["Normal"], FANG, BODY_SIZE)
    _spaced(styles["Normal"], line=LINE)
    title = _style(styles["Title"], TITLE, TITLE_SIZE)
    _spaced(title, line=LINE * 1.2, after=LINE, align=WD_ALIGN_PARAGRAPH.CENTER)
    for border in title.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    headings = []
    for name, font in zip(HEADINGS, (HEI, KAI, FANG, FANG), strict=True):
        heading = _style(styles[name], font, BODY_SIZE)
        _spaced(heading, line=LINE, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
        heading.paragraph_format.keep_with_next = True
        headings.append(heading)
    body = _new(styles, BODY, FANG, BODY_SIZE)
    for heading in headings:
        heading.next_paragraph_style = body
    _spaced(body, line=LINE, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    for name, font, size in (
        (TABLE_TEXT, FANG, TABLE_SIZE),
        (TABLE_HEAD, HEI, TABLE_SIZE),
        (TABLE_SMALL, SONG, 9),
    ):
        style = _new(styles, name, font, size)
        _spaced(style, line=SMALL_LINE if name == TABLE_SMALL else 0)
    styles[TABLE_HEAD].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _spaced(_new(styles, LABEL, HEI, BODY_SIZE), line=LINE)
    _spaced(_style(styles["Footer"], SONG, NUMBER_SIZE))
    _set_alternatives(document)
    _clean(document)


def _clean(document: Any) -> None:
    """What the empty document brings along from elsewhere: its picture, its old styles, its Japanese."""
    package = document.part.package
    for owner in (package, document.part):
        for id, relation in list(owner.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/stylesWithEffects")):
                del owner.rels[id]
    settings = document.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for zoom in settings.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")


def _new(styles: Any, name: str, font: str, size: float) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = styles["Normal"], True
    return _style(style, font, size)


def _style(style: Any, font: str, size: float) -> Any:
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _fonts(style.element.get_or_add_rPr(), font)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    return style


def _fonts(properties: Any, east_asian: str) -> None:
    """Fonts by name: theme fonts, which would win over them, are taken out."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), LATIN)
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:hint"), "eastAsia")  # “” are Chinese signs, not Latin ones


def _set_defaults(styles: Any) -> None:
    properties = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _fonts(properties, FANG)
    language = properties.find(qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")


def _spaced(style: Any, *, line: float = 0, after: float = 0, indent: int = 0, align: Any = None) -> None:
    """Fixed line spacing in points (0: single), ``indent`` characters at the first line."""
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(0), Pt(after)
    if line:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    else:
        shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if align is not None:
        shape.alignment = align
    shape.widow_control = True
    if indent:
        size = style.font.size.pt
        shape.first_line_indent = Pt(size * indent)
        style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(indent * 100))


def _set_alternatives(document: Any) -> None:
    """Name the fonts that Word may take instead, in the font table."""
    part = next(one for one in document.part.package.iter_parts() if one.partname == "/word/fontTable.xml")
    table = parse_xml(part.blob)
    for font, other in ALTERNATIVES.items():
        entry = OxmlElement("w:font", {qn("w:name"): font})
        entry.append(OxmlElement("w:altName", {qn("w:val"): other}))
        entry.append(OxmlElement("w:charset", {qn("w:val"): "86"}))
        table.append(entry)
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def set_page(section: Any, *, landscape: bool = False) -> None:
    """A4 with the margins of an official document; a landscape page is made for wide forms."""
    short, long = PAGE
    section.page_width, section.page_height = (Mm(long), Mm(short)) if landscape else (Mm(short), Mm(long))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    margins = (HEAD, FOOT, SIDE, SIDE) if landscape else (TOP, BOTTOM, LEFT, RIGHT)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)
    section.footer_distance = Mm(24 if not landscape else 11)


def set_page_numbers(document: Any) -> None:
    """— 1 — at the outer edge: odd pages right, even pages left."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.style, line.alignment = document.styles["Footer"], align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(NUMBER_SIZE)
        line.add_run("— ")
        field = OxmlElement("w:fldSimple", {qn("w:instr"): "PAGE"})
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        line._p.append(field)
        line.add_run(" —")
