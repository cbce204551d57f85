#!/usr/bin/env python3
"""Draws what a program shows in a terminal: runs it in a pseudo-terminal, feeds the bytes to pyte, writes an SVG.

    picture.py [--size 110x60] OUT.svg PROGRAM [ARGS...]
"""
import argparse
import fcntl
import os
import pty
import struct
import sys
import termios
from xml.sax.saxutils import escape

import pyte

CELL_WIDTH, CELL_HEIGHT, MARGIN = 8.4, 18, 16
PAPER, INK = "#16181d", "#d7dae0"
COLOURS = {"black": "#16181d", "red": "#e06c75", "green": "#8fc379", "brown": "#e5c07b", "blue": "#61afef",
           "magenta": "#c678dd", "cyan": "#56b6c2", "white": "#d7dae0", "brightblack": "#7f848e",
           "brightred": "#ff7b86", "brightgreen": "#a5e075", "brightbrown": "#ffd68a", "brightblue": "#82cfff",
           "brightmagenta": "#de8ffa", "brightcyan": "#70d7e3", "brightwhite": "#ffffff", "default": INK}


def run(words, columns, rows):
    """What the program left on a screen that is high enough for all of it."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.environ.pop("NO_COLOR", None)
        os.execv(words[0], words)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        stream.feed(data)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 0:
        raise SystemExit("picture.py: %s ended with status %d, so there is nothing to show" % (words[0], status))
    return screen


def colour(name):
    return COLOURS.get(name) or ("#" + name if len(name) == 6 else INK)


def runs_of(line, columns):
    """Pieces of a row that look alike: (column, text, foreground, background, bold)."""
    pieces = []
    for column in range(columns):
        cell = line[column]
        front, back = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
        look = (INK if front == "default" else colour(front), PAPER if back == "default" else colour(back), cell.bold)
        if pieces and pieces[-1][2:] == look:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + cell.data) + look
        else:
            pieces.append((column, cell.data) + look)
    return pieces


def draw(screen):
    rows = max((y + 1 for y in range(screen.lines) if screen.display[y].strip()), default=1)
    width, height = screen.columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + 2 * MARGIN
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f">'
           % (width, height, width, height),
           '<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % PAPER,
           '<g font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">']
    for y in range(rows):
        for column, text, front, back, bold in runs_of(screen.buffer[y], screen.columns):
            x, top = MARGIN + column * CELL_WIDTH, MARGIN + y * CELL_HEIGHT
            if back != PAPER:
                out.append('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>'
                           % (x, top, len(text) * CELL_WIDTH, CELL_HEIGHT, back))
            if text.strip():
                out.append('<text x="%.1f" y="%d" fill="%s"%s textLength="%.1f">%s</text>' % (
                    x, top + 13, front, ' font-weight="bold"' if bold else "", len(text.rstrip()) * CELL_WIDTH,
                    escape(text.rstrip())))
    return "\n".join(out + ["</g>", "</svg>", ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--size", default="110x60")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    columns, rows = (int(n) for n in args.size.split("x"))
    picture = draw(run(args.words, columns, rows))
    os.makedirs(os.path.dirname(args.out) or ".", exist_ok=True)
    with open(args.out, "w", encoding="utf-8") as file:
        file.write(picture)
    print(args.out)
    return 0


sys.exit(main())
