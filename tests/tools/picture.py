#!/usr/bin/env python3
"""Draws what a program shows in a terminal, as SVG and as PNG.

    picture.py [--size 120x36] [--title TEXT] [--theme light] [--env NAME=VALUE]... [STEP]... OUT... -- PROGRAM [ARGS...]

OUT ends in .svg or .png. Without an ending both are written: the PNG only where HOOKLINE_XTERM says where xterm.js is (see
xterm.py). Steps are carried out in the order they are given:

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
import sys

import svg
import xterm
from terminal import Terminal, keys


def recording(terminal, rows=None):
    """What was written, in pieces of one size each: see xterm.py. `rows`: as if the last of them had so many."""
    ends = [at for at, _, _ in terminal.sizes[1:]] + [len(terminal.raw)]
    pieces = [(columns, height, terminal.raw[at:end]) for (at, columns, height), end in zip(terminal.sizes, ends)]
    return pieces[:-1] + [(pieces[-1][0], rows, pieces[-1][2])] if rows else pieces


def save(terminal, path, args, crop=False):
    """Writes path.svg, path.png, or both when the path has no such ending and there is an xterm.js."""
    base, ending = os.path.splitext(path)
    if ending not in (".svg", ".png"):
        base, ending = path, None
    os.makedirs(os.path.dirname(base) or ".", exist_ok=True)
    if ending in (None, ".svg"):
        with open(base + ".svg", "w", encoding="utf-8") as file:
            file.write(svg.draw(terminal.screen, args.title, args.theme, crop))
        print(base + ".svg")
    if ending == ".png" or (ending is None and "HOOKLINE_XTERM" in os.environ):
        rows = svg.rows_used(terminal.screen) if crop else None
        xterm.draw(recording(terminal, rows), base + ".png", args.title, args.theme)
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


def step(terminal, what, argument, args):
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
        save(terminal, argument, args)


def run(args):
    columns, rows = size(args.size)
    environment = dict(pair.split("=", 1) for pair in args.env)
    with Terminal(args.words, columns, rows, environment, args.patience) as terminal:
        for what, argument in args.steps:
            step(terminal, what, argument, args)
        if args.steps:
            terminal.settle()
        else:
            status = terminal.finish()
            if status != 0:
                raise SystemExit("picture.py: %s ended with status %d, so there is nothing to show" % (args.words[0], status))
        for path in args.out:
            save(terminal, path, args, crop=not args.steps)
        if args.steps:
            end(terminal)


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
    parser.add_argument("--theme", choices=sorted(xterm.THEMES), default="dark")
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
