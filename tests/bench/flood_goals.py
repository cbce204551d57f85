"""What the screen is to do in time while far more comes than anybody can read: on a store of 1,000,000 events, 2,000 new a
second."""
import re
import statistics
import subprocess
import time

from screen_goals import full, percentile, screen_of

RATE = 2000
SIZE = (120, 40)


# What a moved cursor writes: to a row of the list, or the mark of the row itself.
MOVED = rb"\x1b\[([2-9]|[12][0-9]|3[0-7])(;[0-9]+)?[Hd]|\xe2\x96\xb8"


def flood(bench, relay, seconds):
    """2,000 small events a second, from four connections."""
    return subprocess.Popen(bench.load_words(relay, "-c", "4", "-r", str(RATE), body="small", seconds=seconds),
                            stdout=subprocess.DEVNULL)


def answered(screen, key, mark):
    """Milliseconds from a key to the first bytes in which that is found. Nothing is drawn meanwhile: what that takes would be
    added to what the screen takes."""
    while screen.take():
        pass
    written = b""
    begun = time.monotonic()
    screen.type(key)
    while not re.search(mark, written):
        if time.monotonic() > begun + 10:
            raise RuntimeError("%r does not show %r" % (key, mark))
        written += screen.take(0.01)
    return 1000 * (screen.written_at - begun)


def held(screen):
    """The help and an event are opened and closed, while the list follows the newest."""
    took = []
    for _ in range(30):
        for key, mark in (("?", b"Moving"), ("q", b"PROVIDER"), ("\r", "\u2502".encode()), ("3", b"headers]"),
                          ("2", b"payload]"), ("q", b"PROVIDER")):
            took.append(answered(screen, key, mark))
            screen.run_for(0.06)  # as fast as one types
    return took


def walked(screen):
    """Among the oldest, where nothing new comes in between."""
    screen.type("g")
    screen.run_for(0.5)
    took = []
    for key in ["j", "\x1b[6~", "\x04", "k"] * 40:
        took.append(answered(screen, key, MOVED))
        screen.run_for(0.02)
    return took


def row(bench, what, took):
    p99 = percentile(took, 0.99)
    bench.row("P22", what, "<= 16 ms", "%.1f ms" % p99, p99 <= 16,
              "p50 %.1f ms, max %.1f ms, %d keys" % (statistics.median(took), max(took), len(took)))


def p22(bench, relay):
    screen = screen_of(bench, relay, size=SIZE)
    screen.until(lambda: full(screen), "a full screen")
    load = flood(bench, relay, 60)
    screen.run_for(1)
    screen.looked = False
    row(bench, "a key to repaint, following 2,000/s", held(screen))
    row(bench, "a key to repaint among the oldest, at 2,000/s", walked(screen))
    screen.type("G")
    screen.run_for(1)
    frames, begun = screen.frames, time.monotonic()
    screen.run_for(3)
    rate = (screen.frames - frames) / (time.monotonic() - begun)
    bench.row("P22", "frames a second at 2,000/s", "<= 60", "%.1f" % rate, rate <= 60)
    load.kill()
    load.wait()
    rss = screen.resident_mebibytes()
    bench.row("P22", "the screen behind that, resident", "< 40 MiB", "%.1f MiB" % rss, rss < 40)
    idle(bench, screen)
    bench.stop_all()


def idle(bench, screen):
    screen.run_for(2)
    cpu, begun = screen.cpu(), time.monotonic()
    screen.run_for(10)
    used = (screen.cpu() - cpu) / (time.monotonic() - begun)
    bench.row("P22", "the screen idle on the big store, of a core", "< 0.5 %", "%.2f %%" % (100 * used), used < 0.005)
