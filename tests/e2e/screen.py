#!/usr/bin/env python3
"""A screen for the end-to-end tests: keeps a program in a terminal (tests/tools/terminal.py) between the words of a shell script.

    screen.py serve SOCKET [--size 80x24] PROGRAM [ARGS...]   in the background
    screen.py SOCKET keys KEYS...         types: text as it is, <Enter> <Esc> <Ctrl-z> <Up> ...
    screen.py SOCKET click PATTERN         waits for it, and clicks on the last place that matches
    screen.py SOCKET drag PATTERN X,Y      takes that place so many columns and rows away with the mouse
    screen.py SOCKET shows PATTERN...     waits until each regular expression is on the screen
    screen.py SOCKET hides PATTERN...     waits until none of them is there
    screen.py SOCKET resize 40x10
    screen.py SOCKET repaints 40x10 20x5   the same, one after the other, each once what came of the one before is there
    screen.py SOCKET signal NAME          to the program itself
    screen.py SOCKET hang up              closes the terminal, as a window that is closed
    screen.py SOCKET ends STATUS          waits for its end: an exit status, or -N for signal N
    screen.py SOCKET restored             the terminal is as it was: its modes, the alternate screen, the cursor, the mouse
    screen.py SOCKET dump                 the screen as text
    screen.py SOCKET save FILE            all bytes that were written to the terminal

Waits for what is to come true, at most DEADLINE seconds (20), and prints the screen when it does not.
"""
import json
import os
import re
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import terminal as terminals  # noqa: E402

# What is switched on by the one has to be switched off by the other.
PAIRS = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
         (b"\x1b[?2004h", b"\x1b[?2004l"))


class Failure(Exception):
    pass


def size_of(text):
    columns, rows = text.split("x")
    return int(columns), int(rows)


class Words:
    """What can be asked for; each returns what is to be printed."""

    def __init__(self, terminal):
        self.terminal = terminal

    def frame(self):
        screen = self.terminal.screen
        rule = "+" + "-" * screen.columns + "+"
        ended = "" if self.terminal.ended is None else "ended with %d\n" % self.terminal.ended
        return "%s%s\n%s\n%s" % (ended, rule, "\n".join("|%s|" % line for line in screen.display), rule)

    def has_ended(self):
        terminal = self.terminal
        if terminal.ended is None:
            pid, status = os.waitpid(terminal.pid, os.WNOHANG)
            terminal.ended = os.waitstatus_to_exitcode(status) if pid else None
        while terminal.ended is not None and terminal.fd >= 0 and terminal.read(0):
            pass
        return terminal.ended is not None

    def until(self, condition, what):
        try:
            self.terminal.wait_until(lambda: condition() or self.has_ended(), what)
        except AssertionError:
            pass
        if not condition():
            raise Failure("%s:\n%s" % (what, self.frame()))

    def keys(self, words):
        for word in words:
            for text, name in re.findall("([^<]+)|<([A-Za-z-]+)>", word):
                self.terminal.type(terminals.keys(name) if name else text)

    def place(self, pattern):
        """Column and row, from 1, of the last match on the screen, blanks in front of it left out."""
        self.shows([pattern])
        found = [(match.end() - len(match.group().lstrip()) + 1, row + 1) for row, line in enumerate(self.terminal.screen.display)
                 for match in re.finditer(pattern, line)]
        return found[-1]

    def mouse(self, button, place, end="M"):
        self.terminal.type("\x1b[<%d;%d;%d%s" % (button, place[0], place[1], end))

    def click(self, patterns):
        for pattern in patterns:
            place = self.place(pattern)
            self.mouse(0, place)
            self.mouse(0, place, "m")

    def drag(self, words):
        begin = self.place(words[0])
        by = [int(number) for number in words[1].split(",")]
        end = (begin[0] + by[0], begin[1] + by[1])
        self.mouse(0, begin)
        self.mouse(32, end)
        self.mouse(0, end, "m")

    def shows(self, patterns):
        for pattern in patterns:
            self.until(lambda: re.search(pattern, self.terminal.text(), re.M), "it does not show '%s'" % pattern)

    def hides(self, patterns):
        for pattern in patterns:
            self.until(lambda: not re.search(pattern, self.terminal.text(), re.M), "it still shows '%s'" % pattern)

    def resize(self, words):
        self.terminal.resize(*size_of(words[0]))

    def repaints(self, words):
        for word in words:
            before = len(self.terminal.raw)
            self.resize([word])
            self.until(lambda: len(self.terminal.raw) > before, "nothing is painted at %s" % word)

    def signal(self, words):
        self.terminal.signal(getattr(signal, "SIG" + words[0]))

    def hang(self, _words):
        os.close(self.terminal.inner)
        os.close(self.terminal.fd)
        self.terminal.fd = self.terminal.inner = -1

    def ends(self, words):
        if self.terminal.fd < 0:
            _, status = os.waitpid(self.terminal.pid, 0)
            self.terminal.ended = os.waitstatus_to_exitcode(status)
        self.until(self.has_ended, "it does not end")
        if self.terminal.ended != int(words[0]):
            raise Failure("it does not end with %s:\n%s" % (words[0], self.frame()))

    def restored(self, _words):
        now, before, raw = self.terminal.modes(), self.terminal.modes_before, self.terminal.raw
        if now != before:
            raise Failure("the terminal is set to %r, was %r" % (now[:4], before[:4]))
        if PAIRS[0][0] not in raw:
            raise Failure("it never showed a screen")
        for on, off in PAIRS:
            if raw.rfind(on) > raw.rfind(off):
                raise Failure("%r is not taken back" % on)

    def dump(self, _words):
        return self.terminal.text()

    def save(self, words):
        with open(words[0], "wb") as out:
            out.write(self.terminal.raw)


def answer(words, peer):
    with peer, peer.makefile("rw", encoding="utf-8") as pipe:
        name, *rest = json.loads(pipe.readline())
        try:
            ok, text = True, getattr(words, name)(rest) or ""
        except Failure as failure:
            ok, text = False, str(failure)
        except Exception as error:  # told where the test stands
            ok, text = False, "%s: %r" % (name, error)
        pipe.write(json.dumps([ok, text]))


def serve(path, words):
    columns, rows = 80, 24
    if words[0] == "--size":
        columns, rows = size_of(words[1])
        words = words[2:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen(8)
    patience = float(os.environ.get("DEADLINE", "20"))
    environment = {name: os.environ[name] for name in ("TERM", "LC_ALL", "NO_COLOR") if name in os.environ}
    with terminals.Terminal(words, columns, rows, environment, patience) as terminal:
        asked = Words(terminal)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        os.rename(path + ".new", path)
        while True:
            ready, _, _ = select.select([listener] + ([terminal.fd] if terminal.fd >= 0 else []), [], [])
            if terminal.fd in ready:
                terminal.read(0)
            if listener in ready:
                answer(asked, listener.accept()[0])


def ask(path, words):
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(path)
        peer.sendall((json.dumps(words) + "\n").encode())
        peer.shutdown(socket.SHUT_WR)
        ok, text = json.loads(peer.makefile(encoding="utf-8").read())
    if text:
        print(text, file=sys.stdout if ok else sys.stderr)
    return 0 if ok else 1


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
