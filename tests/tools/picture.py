#!/usr/bin/env python3
"""Draws what a program shows in a terminal, as SVG and as PNG.

    picture.py [--size 120x36] [--title TEXT] [--env NAME=VALUE]... [STEP]... OUT... -- PROGRAM [ARGS...]

OUT ends in .svg or .png; without an ending both are written. Steps are carried out in the order they are given:

    --wait REGEX    until it is seen on the screen (^ and $ match at line ends)
    --gone REGEX    until it is not seen any more
    --keys "KEYS"   presses keys: Down, PgUp, Enter, Esc, Tab, Space, Ctrl-F, j, ...; a longer word is typed as it is
    --text TEXT     types a text with its blanks
    --resize CxR    another size
    --shot OUT      a picture at this moment, and on

With steps, OUT is drawn behind the last one, when nothing more is written for a quarter of a second, while the program runs;
then it is ended. Without steps it is drawn when the program has ended by itself, with status 0, and blank rows below are left out.
"""
import argparse
import os
import signal
import subprocess
import sys
from xml.sax.saxutils import escape

from terminal import Terminal, keys

FONT_SIZE = 14
# The advance of DejaVu Sans Mono: rsvg-convert knows no textLength, so a run of text has to be as long as its cells by itself.
CELL_WIDTH, CELL_HEIGHT = FONT_SIZE * 1233 / 2048, 18
BASELINE = 13.5
MARGIN, TITLE_HEIGHT = 14, 30
ZOOM = 2
FONTS = "'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, monospace"
PAPER, INK = "#16181d", "#d7dae0"
COLOURS = {"black": "#16181d", "red": "#e06c75", "green": "#8fc379", "brown": "#e5c07b", "blue": "#61afef",
           "magenta": "#c678dd", "cyan": "#56b6c2", "white": "#d7dae0", "brightblack": "#7f848e",
           "brightred": "#ff7b86", "brightgreen": "#a5e075", "brightbrown": "#ffd68a", "brightblue": "#82cfff",
           "brightmagenta": "#de8ffa", "brightcyan": "#70d7e3", "brightwhite": "#ffffff", "default": INK}

# Lines are drawn, not written: no font makes them meet. The arms of each: left, right, up, down.
LINES = {"\u2500": "lr", "\u2502": "ud", "\u250c": "rd", "\u2510": "ld", "\u2514": "ru", "\u2518": "lu",
         "\u251c": "rud", "\u2524": "lud", "\u252c": "lrd", "\u2534": "lru", "\u253c": "lrud",
         "\u2501": "lr", "\u2503": "ud", "\u2574": "l", "\u2576": "r"}


def colour(name, default):
    return default if name == "default" else COLOURS.get(name) or "#" + name


def mixed(front, back):
    """What stands out less: 3 parts of one and 2 of the other."""
    parts = [(int(front[i:i + 2], 16) * 3 + int(back[i:i + 2], 16) * 2) // 5 for i in (1, 3, 5)]
    return "#%02x%02x%02x" % tuple(parts)


class Look:
    """How a cell is drawn. The colours of faint and reversed cells are worked out here."""

    def __init__(self, cell):
        front, back = colour(cell.fg, INK), colour(cell.bg, PAPER)
        self.front, self.back = (back, front) if cell.reverse else (front, back)
        self.bold, self.underline = cell.bold, cell.underscore
        if cell.strikethrough:  # faint: see terminal.Screen
            self.front = mixed(self.front, self.back)

    def key(self):
        return self.front, self.back, self.bold, self.underline

    def attributes(self):
        return ' fill="%s"%s' % (self.front, ' font-weight="bold"' if self.bold else "")


def runs_of(line, columns):
    """Pieces of a row that look alike and can be drawn at once: (column, text, cells it covers, look)."""
    pieces = []
    column = 0
    while column < columns:
        text = line[column].data or " "
        wide = column + 1 < columns and line[column + 1].data == ""
        look = Look(line[column])
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


def draw_run(x, y, text, cells, look):
    out = []
    width = cells * CELL_WIDTH
    if look.back != PAPER:
        out.append('<rect x="%.2f" y="%.2f" width="%.2f" height="%d" fill="%s" shape-rendering="crispEdges"/>'
                   % (x, y, width, CELL_HEIGHT, look.back))
    if text in LINES:
        out.append(draw_line(x, y, LINES[text], look))
    elif text.strip():
        out.append(draw_text(x, y, text, cells, look))
    if look.underline:
        out.append('<rect x="%.2f" y="%.2f" width="%.2f" height="1"%s/>' % (x, y + BASELINE + 2, width, look.attributes()))
    return out


def draw_title(title, width):
    out = ['<circle cx="%d" cy="%d" r="5.5" fill="%s"/>' % (20 + 18 * i, TITLE_HEIGHT // 2 + 2, fill)
           for i, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))]
    out.append('<text x="%.1f" y="%.1f" fill="#7f848e" text-anchor="middle" font-size="13">%s</text>'
               % (width / 2, TITLE_HEIGHT / 2 + 6, escape(title)))
    return out


def draw(screen, title=None, crop=False):
    """The screen as SVG, in a window with a title when there is one."""
    rows = screen.lines
    if crop:
        rows = max((y + 1 for y in range(screen.lines) if screen.display[y].strip()), default=1)
    top = TITLE_HEIGHT if title else MARGIN
    width, height = screen.columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + top + MARGIN
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.2f %.2f">'
           % (width, height, width, height),
           '<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % PAPER,
           '<g font-family="%s" font-size="%d" xml:space="preserve">' % (FONTS, FONT_SIZE)]
    out += draw_title(title, width) if title else []
    for y in range(rows):
        for column, text, cells, look in runs_of(screen.buffer[y], screen.columns):
            out += draw_run(MARGIN + column * CELL_WIDTH, top + y * CELL_HEIGHT, text, cells, look)
    if not crop and not screen.cursor.hidden:
        out.append('<rect x="%.2f" y="%.2f" width="%.2f" height="%d" fill="%s" opacity="0.5"/>' % (
            MARGIN + screen.cursor.x * CELL_WIDTH, top + screen.cursor.y * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT, INK))
    return "\n".join(out + ["</g>", "</svg>", ""])


def save(picture, path):
    """Writes the SVG of draw() to path.svg, path.png, or both when the path has no such ending. Needs rsvg-convert for PNG."""
    base, ending = os.path.splitext(path)
    if ending not in (".svg", ".png"):
        base, ending = path, None
    os.makedirs(os.path.dirname(base) or ".", exist_ok=True)
    if ending in (None, ".svg"):
        with open(base + ".svg", "w", encoding="utf-8") as file:
            file.write(picture)
        print(base + ".svg")
    if ending in (None, ".png"):
        subprocess.run(["rsvg-convert", "--zoom", str(ZOOM), "--output", base + ".png"], input=picture.encode(), check=True)
        print(base + ".png")


def end(terminal):
    """Lets the program end as when its window is closed, and by force when it does not."""
    terminal.signal(signal.SIGTERM)
    terminal.patience = 5
    try:
        terminal.finish()
    except AssertionError:
        pass


def size(text):
    columns, rows = text.split("x")
    return int(columns), int(rows)


def step(terminal, what, argument, title):
    if what == "wait":
        terminal.wait_for("(?m)" + argument)
    elif what == "gone":
        terminal.wait_without("(?m)" + argument)
    elif what == "keys":
        terminal.type(keys(argument))
    elif what == "text":
        terminal.type(argument)
    elif what == "resize":
        terminal.resize(*size(argument))
    elif what == "shot":
        terminal.settle()
        save(draw(terminal.screen, title), argument)


def run(args):
    columns, rows = size(args.size)
    environment = dict(pair.split("=", 1) for pair in args.env)
    with Terminal(args.words, columns, rows, environment, args.patience) as terminal:
        for what, argument in args.steps:
            step(terminal, what, argument, args.title)
        if args.steps:
            terminal.settle()
        else:
            status = terminal.finish()
            if status != 0:
                raise SystemExit("picture.py: %s ended with status %d, so there is nothing to show" % (args.words[0], status))
        picture = draw(terminal.screen, args.title, crop=not args.steps)
        if args.steps:
            end(terminal)
    for path in args.out:
        save(picture, path)


class Step(argparse.Action):
    def __call__(self, parser, namespace, value, option_string=None):
        namespace.steps = namespace.steps + [(option_string[2:], value)]


def main():
    words = sys.argv[1:]
    if "--" not in words or words[-1] == "--":
        raise SystemExit(__doc__)
    cut = words.index("--")
    parser = argparse.ArgumentParser(usage=__doc__, allow_abbrev=False)
    parser.set_defaults(steps=[])
    parser.add_argument("--size", default="110x60")
    parser.add_argument("--title")
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--patience", type=float, default=20)
    for name in ("wait", "gone", "keys", "text", "resize", "shot"):
        parser.add_argument("--" + name, action=Step)
    parser.add_argument("out", nargs="*")
    args = parser.parse_intermixed_args(words[:cut])
    args.words = words[cut + 1:]
    try:
        run(args)
    except AssertionError as error:
        raise SystemExit("picture.py: %s" % error) from error
    return 0


if __name__ == "__main__":
    sys.exit(main())
