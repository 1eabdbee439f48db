"""功能区的示意图（SVG）：照 buttons.py 里的组和按钮画，图标的位置留空框（图标是 Office 自带的）。"""

from xml.sax.saxutils import escape

from jixiao.excel.buttons import GROUPS, TAB, Button

LARGE, ICON, LINE, GAP, TOP, HEIGHT = 76, 34, 27, 12, 40, 128
FONT = 'font-family="Noto Sans CJK SC"'


def text(x: float, y: float, words: str, size: int = 13, color: str = "#333", anchor: str = "middle") -> str:
    look = f'font-size="{size}" fill="{color}" text-anchor="{anchor}" stroke="none" {FONT}'
    return f'<text x="{x}" y="{y}" {look}>{escape(words)}</text>'


def box(x: float, y: float, size: float) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{size}" height="{size}" rx="3" fill="#eef3f9" '
        'stroke="#8aa6c6" stroke-dasharray="3 2"/>'
    )


def large(button: Button, x: float) -> str:
    middle = x + LARGE / 2
    menu = f'<path d="M{middle - 5} {TOP + 77} h10 l-5 6 z" fill="#555" stroke="none"/>'
    label = text(middle, TOP + 68, button.label)
    return box(middle - ICON / 2, TOP + 12, ICON) + label + (menu if button.editions else "")


def small(button: Button, x: float, line: int) -> str:
    y = TOP + 10 + line * LINE
    return box(x + 4, y, 16) + text(x + 27, y + 13, button.label, anchor="start")


parts, x = [], GAP
for name, buttons in GROUPS.items():
    start = x
    big = [one for one in buttons if one.large]
    rest = [one for one in buttons if not one.large]
    for one in big:
        parts.append(large(one, x))
        x += LARGE
    for at in range(0, len(rest), 3):
        column = rest[at : at + 3]
        parts += [small(one, x, line) for line, one in enumerate(column)]
        x += 40 + 13 * max(len(one.label) for one in column)
    parts.append(text((start + x) / 2, TOP + HEIGHT - 20, name, 12, "#777"))
    x += GAP
    parts.append(f'<line x1="{x}" y1="{TOP + 8}" x2="{x}" y2="{TOP + HEIGHT - 12}" stroke="#ddd"/>')
    x += GAP
note = "示意图：照按钮的清单画的，不是截屏；虚线框里是 Office 自带的图标。"
height = TOP + HEIGHT + 26
print(
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{x}" height="{height}">'
    f'<rect width="{x}" height="{height}" fill="#fff" stroke="none"/>'
    f'<rect y="{TOP}" width="{x}" height="{HEIGHT}" fill="#fafafa" stroke="#ccc"/>'
    f'<rect x="10" y="8" width="90" height="{TOP - 7}" fill="#fafafa" stroke="#ccc"/>'
    f'<rect x="11" y="{TOP - 1}" width="88" height="3" fill="#fafafa" stroke="none"/>'
    f"{text(55, 30, TAB, 14, '#1f6f43')}{''.join(parts)}"
    f"{text(x - 8, height - 8, note, 12, '#999', 'end')}</svg>"
)
