#!/usr/bin/env python3
"""The screen behind a line of 9,600 bit/s, on which 960 bytes a second arrive, while events come in faster than it could ever tell.

    slow_line.py INGEST HOOKLINE [ARGS...]

A key has to do what it does, and the newest frame has to be on the screen, within the time that two frames take on such a line: what came
in between was dropped, not queued.
"""
import os
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tools"))
from terminal import Terminal, keys  # noqa: E402

BYTES_PER_S = 960
# A whole frame of 80x24 in colours is less than 4 KB; the terminal's own buffer holds as much again.
TWO_FRAMES_S = 3 * 4096 / BYTES_PER_S
# Of a machine that is busy with other tests.
SLACK_S = 30


class SlowLine(Terminal):
    """Reads no faster than the line brings it."""
    due = 0.0

    def read(self, seconds):
        time.sleep(max(0.0, min(seconds, self.due - time.monotonic())))
        if time.monotonic() < self.due:
            return False
        try:
            os.set_blocking(self.fd, False)
            data = os.read(self.fd, 32)
        except BlockingIOError:
            data = b""
        except OSError:
            return False
        self.due = time.monotonic() + max(len(data), 4) / BYTES_PER_S
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def shows(self, text, seconds):
        began = time.monotonic()
        self.patience = seconds + SLACK_S
        self.wait_until(lambda: text in self.text(), "'%s' within %.0f s" % (text, seconds))
        print("'%s' after %.1f s" % (text, time.monotonic() - began))


def send(ingest, count):
    subprocess.run([sys.executable, os.path.join(HERE, "..", "tools", "send.py"), "post", ingest + "/hooks", "--count",
                    str(count)], check=True, stdout=subprocess.DEVNULL)


def main():
    ingest, words = sys.argv[1], sys.argv[2:]
    with SlowLine(words) as line:
        line.shows("live", TWO_FRAMES_S)
        flood = threading.Thread(target=send, args=(ingest, 2000))
        flood.start()
        line.type(keys("?"))
        line.shows("Keys in the list", TWO_FRAMES_S)
        line.type(keys("Esc"))
        while flood.is_alive():
            line.read(0.05)
        line.shows("default#2000", TWO_FRAMES_S)
        line.type(keys("Q"))
        line.wait_until(lambda: os.waitpid(line.pid, os.WNOHANG)[0] != 0, "the end")
        line.ended = 0
    print("%d bytes in all" % len(line.raw))


main()
