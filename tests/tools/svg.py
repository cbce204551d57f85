"""Draws the screen of a terminal.Terminal as SVG."""
from xml.sax.saxutils import escape

import xterm

FONT_SIZE = xterm.FONT_SIZE
# The advance of DejaVu Sans Mono, so that a run of text is as long as its cells by itself.
CELL_WIDTH, CELL_HEIGHT = FONT_SIZE * 1233 / 2048, 18
BASELINE = 13.5
MARGIN, TITLE_HEIGHT = xterm.MARGIN, xterm.TITLE_HEIGHT
FONTS = "'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, monospace"


# Lines are drawn, not written: no font makes them meet. The arms of each: left, right, up, down.
LINES = {"\u2500": "lr", "\u2502": "ud", "\u250c": "rd", "\u2510": "ld", "\u2514": "ru", "\u2518": "lu",
         "\u251c": "rud", "\u2524": "lud", "\u252c": "lrd", "\u2534": "lru", "\u253c": "lrud",
         "\u2501": "lr", "\u2503": "ud", "\u2574": "l", "\u2576": "r"}


class Palette:
    """The colours pyte names, as a theme of xterm.py has them. pyte calls yellow brown."""

    def __init__(self, theme):
        theme = xterm.THEMES[theme]
        self.paper, self.ink, self.faint = theme["background"], theme["foreground"], theme["brightBlack"]
        self.colours = {name.lower().replace("yellow", "brown"): value for name, value in theme.items()}

    def colour(self, name, default):
        return default if name == "default" else self.colours.get(name) or "#" + name


def mixed(front, back):
    """What stands out less: 3 parts of one and 2 of the other."""
    parts = [(int(front[i:i + 2], 16) * 3 + int(back[i:i + 2], 16) * 2) // 5 for i in (1, 3, 5)]
    return "#%02x%02x%02x" % tuple(parts)


class Look:
    """How a cell is drawn. The colours of faint and reversed cells are worked out here."""

    def __init__(self, cell, palette):
        front, back = palette.colour(cell.fg, palette.ink), palette.colour(cell.bg, palette.paper)
        self.front, self.back = (back, front) if cell.reverse else (front, back)
        self.bold, self.underline = cell.bold, cell.underscore
        if cell.strikethrough:  # faint: see terminal.Screen
            self.front = mixed(self.front, self.back)

    def key(self):
        return self.front, self.back, self.bold, self.underline

    def attributes(self):
        return ' fill="%s"%s' % (self.front, ' font-weight="bold"' if self.bold else "")


def runs_of(line, columns, palette):
    """Pieces of a row that look alike and can be drawn at once: (column, text, cells it covers, look)."""
    pieces = []
    column = 0
    while column < columns:
        text = line[column].data or " "
        wide = column + 1 < columns and line[column + 1].data == ""
        look = Look(line[column], palette)
        plain = text.isascii()
        last = pieces[-1] if pieces else None
        if last and plain and last[1].isascii() and last[3].key() == look.key():
            pieces[-1] = (last[0], last[1] + text, last[2] + 1, look)
        else:
            pieces.append((column, text, 2 if wide else 1, look))
        column += 2 if wide else 1
    return pieces


def draw_line(x, y, arms, look):
    half_x, half_y = CELL_WIDTH / 2, CELL_HEIGHT / 2
    left, top = x + half_x - 0.5, y + half_y - 0.5
    boxes = {"l": (x, top, half_x + 0.5, 1), "r": (left, top, half_x + 0.5, 1),
             "u": (left, y, 1, half_y + 0.5), "d": (left, top, 1, half_y + 0.5)}
    path = "".join("M%.2f %.2fh%.2fv%.2fh-%.2fz" % (bx, by, w, h, w) for bx, by, w, h in map(boxes.get, arms))
    return '<path d="%s" fill="%s" shape-rendering="crispEdges"/>' % (path, look.front)


def draw_text(x, y, text, cells, look):
    shown = text.rstrip()
    lead = len(shown) - len(shown.lstrip())
    length = (len(shown) - lead if text.isascii() else cells) * CELL_WIDTH
    return '<text x="%.2f" y="%.2f"%s textLength="%.2f">%s</text>' % (
        x + lead * CELL_WIDTH, y + BASELINE, look.attributes(), length, escape(shown.lstrip()))


def draw_run(x, y, text, cells, look, palette):
    out = []
    width = cells * CELL_WIDTH
    if look.back != palette.paper:
        out.append('<rect x="%.2f" y="%.2f" width="%.2f" height="%d" fill="%s" shape-rendering="crispEdges"/>'
                   % (x, y, width, CELL_HEIGHT, look.back))
    if text in LINES:
        out.append(draw_line(x, y, LINES[text], look))
    elif text.strip():
        out.append(draw_text(x, y, text, cells, look))
    if look.underline:
        out.append('<rect x="%.2f" y="%.2f" width="%.2f" height="1"%s/>' % (x, y + BASELINE + 2, width, look.attributes()))
    return out


def draw_title(title, width, palette):
    out = ['<circle cx="%d" cy="%d" r="5.5" fill="%s"/>' % (20 + 18 * i, TITLE_HEIGHT // 2 + 2, fill)
           for i, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))]
    out.append('<text x="%.1f" y="%.1f" fill="%s" text-anchor="middle" font-size="13">%s</text>'
               % (width / 2, TITLE_HEIGHT / 2 + 6, palette.faint, escape(title)))
    return out


def rows_used(screen):
    return max((y + 1 for y in range(screen.lines) if screen.display[y].strip()), default=1)


def draw(screen, title=None, theme="dark", crop=False):
    """The screen as SVG, in a window with a title when there is one. With `crop` blank rows below and the cursor are left out."""
    palette = Palette(theme)
    rows = rows_used(screen) if crop else screen.lines
    top = TITLE_HEIGHT if title else MARGIN
    width, height = screen.columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + top + MARGIN
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.2f %.2f">'
           % (width, height, width, height),
           '<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % palette.paper,
           '<g font-family="%s" font-size="%d" xml:space="preserve">' % (FONTS, FONT_SIZE)]
    out += draw_title(title, width, palette) if title else []
    for y in range(rows):
        for column, text, cells, look in runs_of(screen.buffer[y], screen.columns, palette):
            out += draw_run(MARGIN + column * CELL_WIDTH, top + y * CELL_HEIGHT, text, cells, look, palette)
    if not crop and not screen.cursor.hidden:
        out.append('<rect x="%.2f" y="%.2f" width="%.2f" height="%d" fill="%s" opacity="0.5"/>' % (
            MARGIN + screen.cursor.x * CELL_WIDTH, top + screen.cursor.y * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT,
            palette.ink))
    return "\n".join(out + ["</g>", "</svg>", ""])
