#!/usr/bin/env python3
"""Hostile payloads on the screen: several screens of one relay, each in a window of tmux, walk through every view.

    screen.py HOOKLINE STREAM_URL INGEST_PORT FOLDER

tmux is the terminal; pyte draws the same bytes once more beside it. A case holds when, in every view and size,
 - both terminals show the same, so that nothing was moved, overwritten or hidden,
 - the mark of the payload is seen where it belongs,
 - no byte sequence that the case forbids was written, nor any other than those a screen is painted with,
 - title, clipboard, bell and modes of the terminal are as they were before.
ncurses writes differences: a mark may come in pieces, so marks are looked for on the screen, not among the bytes.
"""
import json
import os
import re
import select
import subprocess
import sys
import threading
import time
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import ask  # noqa: E402
import post  # noqa: E402
import terminal  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = ((20, 5), (80, 24), (300, 100))
LOCALES = ("C.UTF-8", "C")
DEADLINE_S = float(os.environ.get("DEADLINE", "30"))

# What a screen is painted with: text attributes, moving, erasing, inserting, repeating, the cursor shown or not.
PAINTING = re.compile(rb"\x1b\[[0-9;]{0,24}[ABCDGHPXZ@Ldmr]|\x1b\[[0-2]?[JK]|\x1b\[\d{0,3}[MSTb]|\x1b\[\?25[hl]|"
                      rb"\x1b\[34[hl]|\x1b\[\?12[hl]|\x1b[M78]|\x1b\([0B]|[\r\n\b\t\x0e\x0f]")
NEVER = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]")
# Sequences a program may well write for itself; whether they do harm is seen on the screen.
OWN_TOO = {"cursor-up"}
# What stands where a terminal that obeyed the payload would have overwritten it.
ALSO_SHOWN = {"cr-overwrite": "INVALID", "backspaces": "deny"}
# What covers the list: its key, and a word of it.
DIALOGS = (("o", "Overview"), ("D", "Deliveries"), ("d", "Difference"), ("@", "What was done"), ("T", "Where events go"))
MODES = " ".join("#{%s}" % name for name in (
    "alternate_on", "insert_flag", "keypad_flag", "origin_flag", "wrap_flag", "mouse_any_flag", "mouse_all_flag",
    "mouse_standard_flag", "mouse_sgr_flag", "window_bell_flag", "window_name", "pane_title"))


class Window:
    """One screen: its window in tmux, all bytes it has written, and what pyte makes of them."""

    def __init__(self, number, size, locale, folder):
        self.number, self.size, self.locale = number, size, locale
        self.name = "%dx%d-%s" % (*size, locale)
        self.target = "s%d:" % number
        self.screen = terminal.Screen(*size)
        self.stream = terminal.Stream(self.screen)
        self.lines = [""] * size[1]
        self.raw = b""
        self.status = os.path.join(folder, "status%d" % number)
        self.pipe = os.path.join(folder, "pipe%d" % number)
        os.mkfifo(self.pipe)
        self.fd = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)

    def ended(self):
        """With which status; nothing while it runs. Its shell tells it: tmux 3.3 may close a pane and never wait for the program."""
        try:
            with open(self.status, encoding="ascii") as file:
                text = file.read()
        except FileNotFoundError:
            return None
        return int(text) if text.endswith("\n") else None

    def read(self):
        data = os.read(self.fd, 65536)
        self.raw += data
        self.stream.feed(data)

    def rows(self):
        """Those that changed are put together anew: a screen of 300x100 is large for Python."""
        for y in [y for y in self.screen.dirty if y < len(self.lines)]:
            cells = self.screen.buffer[y]
            self.lines[y] = "".join(cells[x].data if x in cells else " " for x in range(self.size[0])).rstrip()
        self.screen.dirty.clear()
        return self.lines

    def text(self):
        return "\n".join(self.rows())

    def pane(self):
        """The rows of the open event, without the list beside or above it and without the bottom."""
        rows = self.rows()[:-2]
        beside = re.search(" [│|] ", rows[0])
        below = next((y for y, row in enumerate(rows) if re.match("(─+|-+)$", row)), -1)
        return [row[beside.end():] for row in rows] if beside else rows[below + 1:]


class Tmux:
    def __init__(self, folder):
        self.words = ["tmux", "-u", "-f", "/dev/null", "-S", os.path.join(folder, "tmux")]

    def run(self, *commands):
        words = list(self.words)
        for command in commands:
            words += [*command, ";"]
        return subprocess.run(words[:-1], stdout=subprocess.PIPE, check=True).stdout

    def start(self, windows, program):
        self.run(["start-server"], ["set", "-g", "exit-empty", "off"], ["set", "-g", "status", "off"],
                 ["set", "-g", "default-terminal", "tmux-256color"], ["set", "-g", "set-clipboard", "on"],
                 ["set", "-g", "escape-time", "0"], ["set", "-g", "remain-on-exit", "on"],
                 ["set", "-g", "allow-rename", "on"], ["set", "-g", "automatic-rename", "off"])
        for window in windows:
            columns, rows = window.size
            # The pipe is laid before the program writes its first byte.
            go = "read go; LC_ALL=%s %s; echo $? >'%s'" % (window.locale, program, window.status)
            self.run(["new-session", "-d", "-s", "s%d" % window.number, "-x", str(columns), "-y", str(rows),
                      "stty -echo; " + go],
                     ["pipe-pane", "-t", window.target, "cat >'%s'" % window.pipe])
        self.run(*(["send-keys", "-t", window.target, "Enter"] for window in windows))

    def stop(self):
        subprocess.run([*self.words, "kill-server"], stderr=subprocess.DEVNULL, check=False)


class Failed(Exception):
    pass


class Rig:
    def __init__(self, words):
        self.hookline, self.url, port, self.folder = words
        self.port = int(port)
        self.windows = [Window(number, size, locale, self.folder) for number, (size, locale) in enumerate(
            (size, locale) for locale in LOCALES for size in SIZES)]
        self.tmux = Tmux(self.folder)
        self.answer = App()

    def start(self):
        self.tmux.start(self.windows, "'%s' '%s' 2>>'%s/screen.err'" % (self.hookline, self.url, self.folder))
        self.until(lambda window: "live" in window.text(), "the screen is there")
        self.modes = self.tell_modes()

    def tell_modes(self):
        return self.tmux.run(*(["display-message", "-p", "-t", window.target, MODES] for window in self.windows),
                             ["list-buffers"])

    def read(self, seconds):
        ready, _, _ = select.select([window.fd for window in self.windows], [], [], seconds)
        for window in self.windows:
            if window.fd in ready:
                window.read()
        return bool(ready)

    def until(self, condition, what):
        """Waits until it is true of every window."""
        limit = time.monotonic() + DEADLINE_S
        while True:
            late = [window for window in self.windows if not condition(window)]
            if not late:
                return
            if time.monotonic() > limit:
                raise Failed("%s: %s does not come true:\n%s" % (late[0].name, what, re.sub("( *[│|]?\n)+", "\n", late[0].text())))
            self.read(0.05)

    def keys(self, text, windows=None):
        codes = ["%02x" % byte for byte in text.encode()]
        self.tmux.run(*(["send-keys", "-t", window.target, "-H", *codes] for window in windows or self.windows))

    def paste(self, path):
        """As a person pastes it: bracketed, since the screen has asked for that."""
        self.tmux.run(["load-buffer", "-b", "torture", path],
                      *(["paste-buffer", "-p", "-b", "torture", "-t", window.target] for window in self.windows),
                      ["delete-buffer", "-b", "torture"])

    def captured(self):
        """What tmux shows, by window."""
        lines = self.tmux.run(*(["capture-pane", "-p", "-t", window.target] for window in self.windows))
        lines = lines.decode("utf-8", "surrogateescape").split("\n")
        for window in self.windows:
            yield [line.rstrip() for line in lines[:window.size[1]]]
            lines = lines[window.size[1]:]

    def both_agree(self, where):
        """Ages go on meanwhile, so it is looked at again before it is a difference."""
        limit = time.monotonic() + DEADLINE_S
        while True:
            while self.read(0):
                pass
            wrong = [(window, rows) for window, rows in zip(self.windows, self.captured())
                     if [unicodedata.normalize("NFC", row) for row in rows] != window.rows()]
            if not wrong:
                return
            if time.monotonic() > limit:
                window, rows = wrong[0]
                at = next(y for y, row in enumerate(rows) if unicodedata.normalize("NFC", row) != window.rows()[y])
                raise Failed("%s, %s: row %d is %r in tmux, and %r in pyte" % (
                    where, window.name, at, rows[at], window.rows()[at]))
            self.read(0.02)

    def step(self, where, keys, condition, what):
        self.keys(keys)
        self.until(condition, "%s: %s" % (where, what))
        self.both_agree(where)


class App(threading.Thread):
    """A local app that answers with the payload wherever an answer has room for it."""

    def __init__(self):
        super().__init__(daemon=True)
        self.payload = b""
        self.listener = post.socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            sock, _ = self.listener.accept()
            with sock, sock.makefile("rb") as file:
                lengths = [0]
                for line in iter(file.readline, b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        lengths.append(int(line.split()[1]))
                file.read(lengths[-1])
                line = re.sub(rb"[\r\n\0]", b" ", self.payload)[:4000]
                sock.sendall(b"HTTP/1.1 500 %s\r\nX-Answer: %s\r\nConnection: close\r\n\r\n%s" % (
                    line, line, self.payload))


def has_mark(mark):
    """On narrow screens its beginning is enough, at the end of a row, or it goes on in the next."""
    def check(window):
        rows = window.pane()
        begins = any(row.endswith(mark[:length]) for row in rows for length in range(5, len(mark)))
        broken = mark in "".join(row.strip() for row in rows)
        return any(mark in row for row in rows) or (window.size[0] < 80 and (begins or broken))
    return check


def is_open(pane, ref, first):
    """The event is seen in this pane, and loaded."""
    number = ref.partition("#")[2]

    def check(window):
        text = "\n".join(window.pane())
        return (re.search(r"\[(\d )?%s( \(\d+\))?\]" % pane, text) and re.search(r"#%s\b" % number, text) and
                re.search(first, text, re.M))
    return check


def is_closed(window):
    return not re.search(r"\[(\d )?(payload|headers|attempts)", window.text())


def looks(rig, pane, key, ref, mark, first, form=""):
    """Opens a pane of an event and searches it for the mark."""
    where = "%s %s of %s" % (pane, form, ref)
    rig.step(where, ":go %s\r%s%s" % (ref, key, ":form %s\r" % form if form else ""), is_open(pane, ref, first),
             "it is shown")
    rig.step(where, "/\x15%s\r" % mark, has_mark(mark), "the mark is seen")


def walk(rig, case, refs, path):
    """All views, one after the other."""
    mark = case["show"][0]
    last = list(refs.values())[-1].partition("#")[2]
    rig.until(lambda window: window.size[0] < 80 or re.search(r"#%s\b" % last, window.text()), "list: the last event is shown")
    rig.both_agree("list")
    for place, ref in refs.items():
        if place in ("raw", "text", "json"):
            looks(rig, "payload", "2", ref, mark, r"^(\d+(\.\d)? k?B|JSON|[Tt]ext)", "json" if place == "json" else "text")
        if place == "text":
            for also in [ALSO_SHOWN[case["id"]]] if case["id"] in ALSO_SHOWN else []:
                rig.step("payload", "/\x15%s\r" % also, has_mark(also), "%r is seen" % also)
        if place == "json":
            rig.step("hex", ":form hex\rjjjj", lambda window: re.search("^[0-9a-f]{4}", "\n".join(window.pane()), re.M), "bytes are shown")
        if place in ("header", "target"):
            looks(rig, "headers", "3", ref, mark, "^POST")
        if place == "header":
            looks(rig, "raw", "6", ref, mark, "^POST")
    ref = list(refs.values())[0]
    rig.answer.payload = open(path, "rb").read()
    rig.keys(":go %s\r" % ref)
    rig.step("attempts", "5", is_open("attempts", ref, "."), "they are shown")
    rig.keys(":replay 127.0.0.1:%d\r" % rig.answer.port, rig.windows[1:2])
    rig.until(is_open("attempts", ref, "500"), "the answer is shown")
    rig.step("attempts", "/\x15%s\r" % mark, has_mark(mark), "the mark is seen")
    rig.step("list", "q", is_closed, "it is back")
    dialogs(rig)
    prompts(rig, path)
    hostile_holder(rig, mark)
    hostile_retry(rig, mark, ref)
    rig.step("list", "G", is_closed, "it follows")


def hostile_holder(rig, mark):
    """Somebody whose name is the payload forwards: the bottom of screens that are wide enough says so."""
    client = ask.Connection(rig.url)
    # Made visible each character may take eight columns; what has no room at the bottom is left out as a whole.
    name = mark + rig.answer.payload.decode("utf-8", "replace")[:20]
    wide = [window for window in rig.windows if window.size[0] >= 300]
    answer = client.ask({"type": "lease", "endpoint": "", "target": "http://127.0.0.1:%d" % rig.answer.port, "who": name})
    if not answer.get("mine"):
        raise Failed("the relay gives no lease: %r" % answer)
    rig.until(lambda window: window not in wide or mark[:5] in window.rows()[-2], "the name of who forwards is seen")
    rig.both_agree("who forwards")
    client.close()
    rig.until(lambda window: mark[:5] not in window.rows()[-2], "the holder is gone")
    rig.both_agree("nobody forwards")


def hostile_retry(rig, mark, ref):
    """Somebody whose name, target and reason are the payload has something to try again: `w` shows it, Enter goes to its event."""
    endpoint, number = ref.split("#")
    client = ask.Connection(rig.url)
    found = client.ask({"type": "list", "endpoint": endpoint, "newest_first": True, "before": int(number) + 1, "limit": 1})["event"]
    client.close()
    client = ask.Connection(rig.url)
    text = mark + rig.answer.payload.decode("utf-8", "replace").replace("\0", "")[:400]
    retry = {"event": found["id"], "endpoint": found["endpoint"], "event_seq": found["seq"], "target": "http://" + text, "owner": text, "policy": text,
             "tries": 1, "attempts": 3, "tried_at": "2026-11-21T03:43:41Z", "due_at": "2036-11-21T03:43:41Z", "reason": text}
    answer = client.ask({"type": "retry.put", "new": True, "claim": "", "retry": retry})
    if answer["type"] == "error":
        raise Failed("the relay keeps no retry: %r" % answer)
    rig.step("to try again", "w", lambda window: window.size[0] < 80 or mark[:5] in window.text() and "2/3" in window.text(), "it is shown")
    rig.step("narrowed", "/\x15nobody\r", lambda window: window.size[0] < 80 or "has these words" in window.text(), "it is hidden")
    rig.step("all of it", "=", lambda window: window.size[0] < 80 or "2/3" in window.text(), "it is shown again")
    client.ask({"type": "retry.remove", "event": found["id"], "target": retry["target"], "reason": "over"})
    rig.step("behind what is to try again", "", lambda window: "2/3" not in window.text(), "it is gone")
    rig.step("the list again", "w", lambda window: "To try again" not in window.text(), "it is closed")
    client.close()


def dialogs(rig):
    """What covers the list, and what of the payload stands there."""
    for key, title in DIALOGS:
        begins = {window.number: window.rows()[0][:8] for window in rig.windows}

        def is_shown(window, title=title):
            return window.size[0] < 80 or title in window.text()

        def is_gone(window, title=title, begins=begins):
            return window.rows()[0][:8] == begins[window.number] and title not in window.text()
        rig.step(title, key, is_shown, "it is open")
        rig.step("behind " + title, "\x1b", is_gone, "it is closed")


def prompts(rig, path):
    """The payload pasted where a filter, a target and a command are typed, and what is said of it."""
    for key, label in (("/", "filter"), ("F", "(forward )?to"), (":", ":")):
        def is_typed(window, label=label, key=key):
            return re.match("(%s|%s)" % (key, label), window.rows()[-1])
        rig.step("prompt " + label, key + "\x15", is_typed, "it is open")
        rig.paste(path)
        rig.read(0.1)
        rig.both_agree("prompt " + label)
        rig.keys("\r")
        rig.read(0.1)
        rig.both_agree("what is said of a hostile " + label)
        # Out of the prompt, if it is still open, and without the filter, if it was taken. Not by Esc, which with the next
        # key would be Alt.
        rig.step("behind the prompt " + label, "\x15\x7f" + "/\x15\r" * (key == "/"),
                 lambda window: not is_typed(window), "it is closed")


def judge_bytes(case, window, begun):
    """Why what was written since is wrong; or nothing."""
    written = window.raw[begun:]
    for forbidden in [] if case["id"] in OWN_TOO else case["forbid_hex"]:
        if bytes.fromhex(forbidden) in written:
            yield "%s wrote %r" % (window.name, bytes.fromhex(forbidden)[:24])
    try:
        left = PAINTING.sub(b"", written).decode("ascii" if window.locale == "C" else "utf-8")
    except UnicodeDecodeError as error:
        yield "%s: %s" % (window.name, error)
        return
    found = NEVER.search(left)
    if found:
        yield "%s wrote %r" % (window.name, left[max(0, found.start() - 10):found.end() + 20])


def run_case(rig, case):
    path = os.path.join(HERE, "terminal", case["file"])
    with open(path, "rb") as file:
        payload = file.read()
    begun = [len(window.raw) for window in rig.windows]
    walk(rig, case, post.post_all(rig.port, payload, case["id"].encode()), path)
    why = [reason for window, at in zip(rig.windows, begun) for reason in judge_bytes(case, window, at)]
    modes = rig.tell_modes()
    if modes != rig.modes:
        why.append("modes are %r, were %r" % (modes, rig.modes))
    if why:
        raise Failed("; ".join(why))


def tell(name, walked):
    """Runs it; a line for as_tap. True when it holds."""
    begin = time.monotonic()
    try:
        walked()
        print("ok   must %s %.1f s" % (name, time.monotonic() - begin), flush=True)
    except Failed as error:
        print("FAIL must %s %s" % (name, error), flush=True)
        return False
    return True


def end(rig):
    """In good order, so that sanitizers have their say."""
    rig.keys("Q")
    rig.until(lambda window: window.ended() is not None, "the end")
    ended = [window.ended() for window in rig.windows]
    if any(ended):
        raise Failed("they ended with %r" % ended)


def main():
    only = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else None
    with open(os.path.join(HERE, "terminal", "manifest.json"), encoding="utf-8") as file:
        cases = [case for case in json.load(file)["cases"] if not only or case["id"] in only]
    rig = Rig(sys.argv[1:])
    try:
        if tell("start", rig.start):
            for case in cases:
                if not tell("screen-" + case["id"], lambda case=case: run_case(rig, case)):
                    rig.keys("\x15\x7f/\x15\rG")
                    if not is_closed(rig.windows[0]):
                        rig.keys("qG")
            tell("end", lambda: end(rig))
    finally:
        rig.tmux.stop()


if __name__ == "__main__":
    main()
