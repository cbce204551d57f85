#!/usr/bin/env python3
"""What the terminal part promises, seen from outside: bed.c on a pseudo-terminal. run.py BED [NAME...]; prints TAP."""
import fcntl
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from terminal import Terminal  # noqa: E402

BED = os.path.abspath(sys.argv[1])
LEFT = [b"\x1b[?2004l", b"\x1b[?1006l\x1b[?1002l\x1b[?1000l", b"\x1b[?1049l", b"\x1b[?25h"]


def bed(columns=80, rows=24, **environment):
    terminal = Terminal([BED], columns, rows, environment)
    terminal.wait_for("ready")
    return terminal


def equal(got, wanted):
    assert got == wanted, "%r is not %r" % (got, wanted)


def is_given_back(terminal):
    equal(terminal.modes(), terminal.modes_before)
    tail = terminal.raw[-600:]
    for sequence in LEFT:
        assert sequence in tail, "%r is not in %r" % (sequence, tail)


def ends_well(terminal):
    terminal.type("q")
    equal(terminal.finish(), 0)
    is_given_back(terminal)


def the_terminal_is_given_back_at_the_end():
    with bed() as terminal:
        assert terminal.modes() != terminal.modes_before
        assert b"\x1b[?1049h" in terminal.raw
        ends_well(terminal)


def the_terminal_is_given_back_by_exit():
    with bed() as terminal:
        terminal.type("X")
        equal(terminal.finish(), 3)
        is_given_back(terminal)


def the_terminal_is_given_back_by_a_crash():
    for key in "SA":
        with bed() as terminal:
            terminal.type(key)
            assert terminal.finish() != 0
            terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.raw, "the end of the screen")
            equal(terminal.modes(), terminal.modes_before)


def the_terminal_is_given_back_when_it_is_killed():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGSEGV, signal.SIGBUS):
        with bed() as terminal:
            terminal.signal(number)
            assert terminal.finish() != 0
            terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.raw, "the end of the screen")
            equal(terminal.modes(), terminal.modes_before)


def a_terminal_that_hangs_up_ends_it():
    with bed() as terminal:
        os.close(terminal.fd)
        terminal.fd = -1
        limit = time.monotonic() + terminal.patience
        while os.waitpid(terminal.pid, os.WNOHANG)[0] == 0:
            assert time.monotonic() < limit, "it still runs"
        terminal.ended = 0


def a_shell_gets_its_terminal_while_it_is_stopped():
    shell = Terminal(["/bin/sh", "-i"], environment={"PS1": "shell> ", "ENV": ""})
    with shell:
        shell.wait_for("shell>")
        modes = shell.modes()
        for _ in range(2):
            shell.type(BED + "\r")
            shell.wait_for("ready")
            shell.type("\x1a")
            shell.wait_for("(?s)Stopped.*shell>")
            equal(shell.modes()[:4], modes[:4])
            assert b"\x1b[?1049l" in shell.raw
            shell.type("fg\r")
            shell.wait_for("resumed")
            shell.wait_for("style =")
            shell.type("j")
            shell.wait_for("key j")
            before = len(shell.raw)
            shell.type("q")
            shell.wait_until(lambda: b"shell> " in shell.raw[before:], "the prompt")
            equal(shell.modes()[:4], modes[:4])
            shell.screen.reset()


def without_anybody_to_let_it_go_on_it_goes_on():
    with bed() as terminal:
        terminal.type("\x1a")
        terminal.wait_for("resumed")
        ends_well(terminal)


def a_stop_that_cannot_be_noticed_is_made_good():
    with bed() as terminal:
        terminal.signal(signal.SIGSTOP)
        os.waitpid(terminal.pid, os.WUNTRACED)
        termios.tcsetattr(terminal.inner, termios.TCSANOW, terminal.modes_before)
        terminal.screen.reset()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("(?s)size 80x24.*resumed.*end")
        terminal.type("j")
        terminal.wait_for("key j")
        terminal.signal(signal.SIGTERM)
        assert terminal.finish() != 0
        is_given_back(terminal)


def another_size_is_taken_at_once():
    with bed() as terminal:
        for columns, rows in ((40, 10), (300, 100), (20, 5), (1, 1), (1100, 600), (80, 24)):
            terminal.resize(columns, rows)
            if columns >= 20:
                terminal.wait_for("size %dx%d" % (columns, rows) if columns < 600 else "size")
        terminal.wait_for("(?s)size 80x24.*resized 80x24")
        ends_well(terminal)


def keys_clicks_and_pasted_text_are_told_apart():
    with bed() as terminal:
        terminal.type("j\x1b[A\xc3\xa9".encode("latin-1") + b"\x1b[<0;5;3M\x1b[<65;1;1M")
        terminal.wait_for("(?s)key j.*key Up.*key \u00e9.*click 4,2.*wheel down 0,0")
        terminal.type("\x1b")
        terminal.wait_for("key Esc")
        terminal.type(b"\x1b[200~qqq\x1b[A\x1b[201~z")
        terminal.wait_for(r"(?s)pasted 6: qqq\\x1b\[A.*key z")
        terminal.type(b"\x1b[200~" + b"q" * 3000000 + b"\x1b[201~Z")
        terminal.wait_for("(?s)pasted 65536: qqq.*key Z")
        ends_well(terminal)


def a_terminal_that_does_not_read_is_not_waited_for():
    with bed(200, 50) as terminal:
        os.write(terminal.fd, b"m")
        waiting, since = -1, time.monotonic()
        while time.monotonic() < since + 0.5:  # until nothing more goes into it for so long
            now = struct.unpack("i", fcntl.ioctl(terminal.fd, termios.FIONREAD, b"\0\0\0\0"))[0]
            if now != waiting:
                waiting, since = now, time.monotonic()
        os.write(terminal.fd, b"q")
        limit = time.monotonic() + terminal.patience
        while os.waitpid(terminal.pid, os.WNOHANG)[0] == 0:
            assert time.monotonic() < limit, "it waits"
        terminal.ended = 0
        equal(terminal.modes(), terminal.modes_before)


def a_slow_terminal_sees_the_latest_frame():
    with bed(200, 50) as terminal:
        terminal.type("m")
        terminal.wait_for("frame 1[0-9]")
        while terminal.read(0.02):
            pass
        terminal.wait_for("frame [2-9][0-9]")
        terminal.wait_for("(?m)^ *[0-9]+ [0-9]+ ")
        ends_well(terminal)


def without_a_terminal_it_says_what_to_use():
    for environment in ({"TERM": "dumb"}, {"TERM": "unknown"}, {"TERM": ""}, {"TERM": "nosuch"}):
        with Terminal([BED], 120, environment=environment) as terminal:
            equal(terminal.finish(), 2)
            assert "hookline listen" in terminal.text(), terminal.text()
            equal(terminal.modes(), terminal.modes_before)
    done = subprocess.run([BED], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=dict(os.environ, TERM="xterm"), check=False)
    equal(done.returncode, 2)
    assert b"hookline listen" in done.stderr and not done.stdout


def every_common_terminal_will_do():
    for name in ("linux", "screen", "screen-256color", "tmux-256color", "vt100", "vt220", "xterm", "xterm-256color", "rxvt"):
        with bed(TERM=name) as terminal:
            terminal.type("j")
            terminal.wait_for("key j")
            terminal.type("q")
            equal(terminal.finish(), 0)
            equal(terminal.modes(), terminal.modes_before)


def another_locale_gets_ascii():
    with bed(LC_ALL="C") as terminal:
        terminal.wait_for("ascii")
        assert max(terminal.raw) < 0x80
        ends_well(terminal)


def no_color_means_none():
    colours = re.compile(rb"\x1b\[[0-9;]*\b(3[0-8]|4[0-8]|9[0-7])\b[0-9;]*m")
    with bed() as terminal:
        assert colours.search(terminal.raw)
    with bed(NO_COLOR="1") as terminal:
        assert not colours.search(terminal.raw), terminal.raw
        assert b"\x1b[0;1;7m" in terminal.raw or b"\x1b[0;7" in terminal.raw


def the_clipboard_is_reached_through_the_terminal():
    with bed(SSH_CONNECTION="far away") as terminal:
        terminal.type("c")
        terminal.wait_for("copied")
        assert b"\x1b]52;c;Y2Nj\x07" in terminal.raw
    with bed(SSH_CONNECTION="far away", TMUX="/tmp/tmux,1,0") as terminal:
        terminal.type("c")
        terminal.wait_for("copied")
        assert b"\x1b]52;c;Y2Nj\x07" in terminal.raw
        assert b"\x1bPtmux;\x1b\x1b]52;c;Y2Nj\x07\x1b\\" in terminal.raw


def a_long_text_reaches_the_clipboard_through_a_program():
    folder = tempfile.mkdtemp()
    try:
        with bed(PATH=folder) as terminal:
            terminal.type("C")
            terminal.wait_for("nothing can reach the clipboard")
            ends_well(terminal)
        program = os.path.join(folder, "xclip")
        with open(program, "w", encoding="ascii") as file:
            file.write('#!/bin/sh\necho "$*" >"%s/words"\ncat >"%s/part"\nmv "%s/part" "%s/text"\n' % ((folder,) * 4))
        os.chmod(program, 0o755)
        with bed(PATH=folder + ":/bin:/usr/bin") as terminal:
            terminal.type("C")
            terminal.wait_for("copied")
            text = os.path.join(folder, "text")
            terminal.wait_until(lambda: os.path.exists(text), "the text")
            equal(os.path.getsize(text), 200000)
            with open(os.path.join(folder, "words"), encoding="ascii") as file:
                equal(file.read(), "-selection clipboard -in\n")
            assert b"\x1b]52" not in terminal.raw
            ends_well(terminal)
    finally:
        shutil.rmtree(folder)


def a_picture_shows_what_is_on_the_screen():
    folder = tempfile.mkdtemp()
    try:
        picture = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools", "picture.py")
        first, last = os.path.join(folder, "first.svg"), os.path.join(folder, "last.svg")
        subprocess.run([sys.executable, picture, "--size", "80x24", "--title", "a title", "--wait", "^ready", "--shot", first,
                        "--keys", "j Ctrl-F", "--wait", "key Ctrl-F", last, "--", BED], check=True, stdout=subprocess.DEVNULL)
        with open(first, encoding="utf-8") as file:
            text = file.read()
            assert ">a title<" in text and ">ready" in text and ">\u4f60<" in text and "key" not in text, text
        with open(last, encoding="utf-8") as file:
            assert ">key Ctrl-F<" in file.read()
    finally:
        shutil.rmtree(folder)


TESTS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == "__main__" and callable(value)
         and "_" in value.__name__ and value.__name__ not in ("is_given_back", "ends_well")]


def main():
    wanted = [test for test in TESTS if len(sys.argv) < 3 or test.__name__ in sys.argv[2:]]
    print("1..%d" % len(wanted))
    failed = 0
    for number, test in enumerate(wanted, 1):
        try:
            test()
            print("ok %d %s" % (number, test.__name__), flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print("not ok %d %s\n# %s" % (number, test.__name__, traceback.format_exc().replace("\n", "\n# ")), flush=True)
    return failed > 0


sys.exit(main())
