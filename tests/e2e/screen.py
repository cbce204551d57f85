#!/usr/bin/env python3
"""A screen for the end-to-end tests: a program in a pseudo-terminal, with pyte as the terminal.

    screen.py serve SOCKET [--size 80x24] [--err FILE] [--raw FILE] PROGRAM [ARGS...]   in the background
    screen.py SOCKET keys KEYS...         types: text as it is, <Enter> <Esc> <C-z> <Up> ...
    screen.py SOCKET shows PATTERN...     waits until each regular expression is on the screen
    screen.py SOCKET hides PATTERN...     waits until none of them is there
    screen.py SOCKET resize 40x10
    screen.py SOCKET signal NAME          to the program itself
    screen.py SOCKET ends STATUS          waits for its end: an exit status, or -N for signal N
    screen.py SOCKET stty                 what the terminal is set to
    screen.py SOCKET dump                 the screen as text

Waits as long as DEADLINE says (20 s), never for time to pass; prints the screen when it does not come true.
"""
import fcntl
import json
import os
import re
import signal
import socket
import struct
import sys
import termios
import threading
import time

import pyte

DEADLINE_S = float(os.environ.get("DEADLINE", "20"))
NAMES = {"Enter": "\r", "Esc": "\x1b", "Tab": "\t", "Space": " ", "BS": "\x7f", "Up": "\x1b[A", "Down": "\x1b[B",
         "Right": "\x1b[C", "Left": "\x1b[D", "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "Home": "\x1b[H",
         "End": "\x1b[F", "lt": "<"}


def bytes_of(keys):
    """"abc<Enter><C-l>" as a terminal sends it."""
    def named(match):
        name = match.group(1)
        if name.startswith("C-"):
            return chr(ord(name[2].upper()) & 0x1f)
        if name not in NAMES:
            raise ValueError("no key <%s>" % name)
        return NAMES[name]
    return re.sub("<([A-Za-z]+|C-.)>", named, keys).encode()


class Screen:
    def __init__(self, words, size, err, raw):
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.changed = threading.Condition()
        self.status = None
        self.raw = open(raw, "wb", buffering=0) if raw else None
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.terminal, self.slave = master, slave  # the slave stays open, so that what it is set to can be looked at
        self.pid = os.fork()
        if self.pid == 0:
            self.become(words, slave, err)
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.wait, daemon=True).start()

    def become(self, words, slave, err):
        os.close(self.terminal)
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        if err:
            os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        os.closerange(3, 256)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execvp(words[0], words)

    def read(self):
        while True:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                return
            if self.raw:
                self.raw.write(data)
            with self.changed:
                try:
                    self.stream.feed(data)
                except Exception as error:  # pyte stumbles over what it does not know: the rest is still of use
                    print("pyte: %r" % error, file=sys.stderr, flush=True)
                self.changed.notify_all()

    def wait(self):
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        with self.changed:
            self.status = status
            self.changed.notify_all()

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, condition):
        """None when it came true, else what to tell."""
        end = time.monotonic() + DEADLINE_S
        with self.changed:
            while not condition():
                if not self.changed.wait(max(0, end - time.monotonic())):
                    return False
        return True

    def frame(self):
        rule = "-" * self.screen.columns
        ended = "" if self.status is None else "ended with %d\n" % self.status
        return "%s+%s+\n%s\n+%s+" % (ended, rule, "\n".join("|%s|" % line for line in self.screen.display), rule)

    # --- what can be asked for; each returns (ok, text) ---

    def keys(self, words):
        for word in words:
            os.write(self.terminal, bytes_of(word))
        return True, ""

    def shows(self, patterns):
        for pattern in patterns:
            def there():
                return re.search(pattern, self.text(), re.M) or self.status is not None
            if not self.until(there) or not re.search(pattern, self.text(), re.M):
                return False, "the screen does not show '%s':\n%s" % (pattern, self.frame())
        return True, ""

    def hides(self, patterns):
        for pattern in patterns:
            if not self.until(lambda: not re.search(pattern, self.text(), re.M)):
                return False, "the screen still shows '%s':\n%s" % (pattern, self.frame())
        return True, ""

    def resize(self, words):
        columns, rows = size_of(words[0])
        with self.changed:
            self.screen.resize(rows, columns)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return True, ""

    def signal(self, words):
        os.kill(self.pid, getattr(signal, "SIG" + words[0]))
        return True, ""

    def ends(self, words):
        if not self.until(lambda: self.status is not None):
            return False, "it does not end:\n" + self.frame()
        if self.status != int(words[0]):
            return False, "it ended with %d, not %s:\n%s" % (self.status, words[0], self.frame())
        return True, ""

    def stty(self, _words):
        now = termios.tcgetattr(self.slave)
        return True, "as before" if now == self.before else "changed: %r, was %r" % (now[:4], self.before[:4])

    def dump(self, _words):
        with self.changed:
            return True, self.text()


def size_of(text):
    columns, rows = text.split("x")
    return int(columns), int(rows)


def serve(path, words):
    size, err, raw = (80, 24), None, None
    while words and words[0].startswith("--"):
        name, value, *words = words
        if name == "--size":
            size = size_of(value)
        elif name == "--err":
            err = value
        elif name == "--raw":
            raw = value
        else:
            raise SystemExit("screen.py: unknown option %s" % name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen(8)
    screen = Screen(words, size, err, raw)

    def end(_number, _frame):
        if screen.status is None:
            os.kill(screen.pid, signal.SIGKILL)
        os._exit(0)
    signal.signal(signal.SIGTERM, end)
    os.rename(path + ".new", path)
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=answer, args=(screen, peer), daemon=True).start()


def answer(screen, peer):
    with peer, peer.makefile("rw", encoding="utf-8") as pipe:
        name, *words = json.loads(pipe.readline())
        try:
            ok, text = getattr(screen, name)(words)
        except Exception as error:  # told where the test stands
            ok, text = False, "%s: %r" % (name, error)
        pipe.write(json.dumps([ok, text]))


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
        raise SystemExit(ask(sys.argv[1], sys.argv[2:]))
