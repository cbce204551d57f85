"""A terminal that programs can be run in and that a script looks at: a pseudo-terminal, with pyte to draw what they write.

    with Terminal([program, "arg"], 80, 24) as terminal:
        terminal.wait_for("ready")
        terminal.type("q")
        assert terminal.finish() == 0

Nothing sleeps: a script waits for what is to appear.
"""
import fcntl
import itertools
import os
import pty
import re
import resource
import select
import signal
import struct
import termios
import time

import pyte

# What keys are written as in scripts; anything else is typed as it stands.
KEYS = {"Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Home": "\x1b[H", "End": "\x1b[F",
        "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "Del": "\x1b[3~", "Enter": "\r", "Tab": "\t", "Shift-Tab": "\x1b[Z",
        "Esc": "\x1b", "Backspace": "\x7f", "Space": " "}


def keys(text):
    """The bytes of "Down Down Enter", "Ctrl-F", "/", or of a word to be typed."""
    out = b""
    for word in text.split():
        if word.startswith("Ctrl-") and len(word) == 6:
            out += bytes([ord(word[5].upper()) & 0x1f])
        else:
            out += KEYS.get(word, word).encode()
    return out


def _without_colours(attributes):
    """Pairs (number, is of a colour): in 38;5;2 the 2 is no attribute."""
    numbers = iter(attributes)
    for number in numbers:
        yield number, False
        if number in (38, 48):
            form = next(numbers, None)
            taken = {5: 1, 2: 3}.get(form, 0)
            for part in itertools.chain([form], itertools.islice(numbers, taken)):
                if part is not None:
                    yield part, True


class Screen(pyte.Screen):
    """pyte's screen, with what ncurses uses on xterm and pyte does not know. Faint, which it does not know either, is kept
    where it keeps what is struck through."""
    last = " "
    shown = True

    def draw(self, data):
        super().draw(data)
        self.last = data[-1:] or self.last

    def repeat_last(self, count=1):
        self.draw(self.last * (count or 1))

    def cursor_back_tab(self, count=1):
        for _ in range(count or 1):
            self.cursor.x = max([stop for stop in self.tabstops if stop < self.cursor.x], default=0)

    def scroll_up(self, count=1):
        self._scroll(count or 1, (self.margins or pyte.screens.Margins(0, self.lines - 1)).bottom, self.index)

    def scroll_down(self, count=1):
        self._scroll(count or 1, (self.margins or pyte.screens.Margins(0, self.lines - 1)).top, self.reverse_index)

    def _scroll(self, count, line, move):
        y, self.cursor.y = self.cursor.y, line
        for _ in range(count):
            move()
        self.cursor.y = y

    def select_graphic_rendition(self, *attributes, **kwargs):
        made = []
        for number, is_colour in _without_colours(attributes):
            made.append(9 if number == 2 and not is_colour else number)
            if number == 22 and not is_colour:
                made.append(29)
        super().select_graphic_rendition(*made, **kwargs)


class Stream(pyte.ByteStream):
    csi = dict(pyte.ByteStream.csi, b="repeat_last", Z="cursor_back_tab", S="scroll_up", T="scroll_down")
    events = frozenset(pyte.ByteStream.events | {"repeat_last", "cursor_back_tab", "scroll_up", "scroll_down"})


class Terminal:
    """Runs `words` as the leader of a session of its own. `raw` is all it has written, `sizes` how large the terminal was
    behind so many bytes of it."""

    def __init__(self, words, columns=80, rows=24, environment=None, patience=20):
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.raw = b""
        self.sizes = [(0, columns, rows)]
        self.patience = patience
        self.ended = None
        variables = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
        for name in ("NO_COLOR", "TMUX", "DISPLAY", "WAYLAND_DISPLAY", "LINES", "COLUMNS"):
            variables.pop(name, None)
        variables.update(environment or {})
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.fd, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, size)  # before it looks
        self.modes_before = termios.tcgetattr(inner)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.fd)
                os.setsid()
                fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
                for fd in range(3):
                    os.dup2(inner, fd)
                os.closerange(3, 64)
                for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT):
                    signal.signal(number, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                os.execvpe(words[0], words, variables)
            finally:
                os._exit(127)
        self.inner = inner  # kept, so that modes can be read when it has ended

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends what still runs in the session."""
        if self.ended is None:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.ended = -signal.SIGKILL
        for fd in (self.fd, self.inner):
            if fd >= 0:
                os.close(fd)
        self.fd = self.inner = -1

    def read(self, seconds):
        """Takes what is there, waiting for something at most so long. False: nothing came."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip("\n")

    def wait_until(self, condition, what):
        limit = time.monotonic() + self.patience
        while not condition():
            if time.monotonic() > limit:
                raise AssertionError("%s did not come true; the screen shows\n%s" % (what, self.text()))
            self.read(0.05)

    def wait_for(self, pattern):
        """Until the regular expression is found on the screen."""
        self.wait_until(lambda: re.search(pattern, self.text()), "%r" % pattern)

    def wait_without(self, pattern):
        self.wait_until(lambda: not re.search(pattern, self.text()), "no %r" % pattern)

    def settle(self, seconds=0.25):
        """Until nothing is written for so long: for pictures, not for tests."""
        while self.read(seconds):
            pass

    def type(self, data):
        """Bytes, or a text, as they are: see keys()."""
        data = data.encode() if isinstance(data, str) else data
        while data:
            _, ready, _ = select.select([], [self.fd], [], 0.05)
            if ready:
                data = data[os.write(self.fd, data[:1024]):]
            self.read(0)

    def resize(self, columns, rows):
        self.sizes.append((len(self.raw), columns, rows))
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def signal(self, number):
        os.kill(self.pid, number)

    def modes(self):
        return termios.tcgetattr(self.inner)

    def finish(self):
        """Waits for the end; the exit status, or the signal as a negative number."""
        def is_over():
            if self.ended is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.ended = os.waitstatus_to_exitcode(status) if pid else None
            return self.ended is not None
        self.wait_until(is_over, "the end")
        while self.read(0):
            pass
        return self.ended
