"""What the screen is to do in time, seen as a person sees it: from outside of a terminal, with pyte to look at it."""
import fcntl
import os
import random
import re
import select
import signal
import socket
import statistics
import struct
import subprocess
import sys
import termios
import time

from measured import Process

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import terminal  # noqa: E402

# Bytes that come closer together than this belong to one frame; at 30 frames a second these are 33 ms apart.
FRAME_GAP_S = 0.010
# Rows that scroll past differ, or ncurses would have little to write; bare_list.c has the same.
TARGETS = ("/hooks", "/shop/orders/created", "/billing/subscription/updated", "/mail/bounced")


class ScreenOf(Process):
    """A program in a terminal of its own. `looked` False: nobody draws what it writes, so that it costs us nothing."""

    def __init__(self, words, size=(80, 24), looked=True, env=None):
        self.fd, inner = os.openpty()
        self.size, self.looked = size, looked
        self.screen = terminal.Screen(*size)
        self.stream = terminal.Stream(self.screen)
        self.bytes = self.frames = 0
        self.written_at = 0.0
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

        def take_terminal():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.begun_at = time.monotonic()
        super().__init__(words, stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
                         preexec_fn=take_terminal, env=dict(env or os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8"))
        os.close(inner)

    def rows(self):
        return ["".join(cells[x].data if x in cells else " " for x in range(self.size[0])).rstrip()
                for cells in (self.screen.buffer[y] for y in range(self.size[1]))]

    def take(self, seconds=0):
        """What has come; the moment it came is kept."""
        if not select.select([self.fd], [], [], max(0, seconds))[0]:
            return b""
        data = os.read(self.fd, 65536)
        now = time.monotonic()
        self.frames += now - self.written_at > FRAME_GAP_S
        self.bytes += len(data)
        self.written_at = now
        return data

    def read(self, seconds):
        """Takes what comes and draws it; that does not count in the moment it came."""
        data = self.take(seconds)
        if self.looked and data:
            self.stream.feed(data)
        return bool(data)

    def until(self, condition, what, patience=30):
        """When it came true: the moment its last bytes came."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError("%s does not come true:\n%s" % (what, "\n".join(self.rows())))
            self.read(0.1)
        return self.written_at

    def shows(self, pattern):
        return any(re.search(pattern, row) for row in self.rows())

    def run_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(end - time.monotonic())

    def until_quiet(self):
        while self.read(0.05):
            pass

    def type(self, text):
        os.write(self.fd, text.encode())

    def stop(self, how=signal.SIGKILL):
        """Whatever it is in the middle of: nobody may be reading what it would write at its end."""
        self.process.kill()
        self.process.wait()

    def finish(self):
        self.stop()
        os.close(self.fd)


def screen_of(bench, relay, *options, **how):
    return bench.run(ScreenOf([relay.program, *options], env=relay.env, **how))


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def p8(bench, relay):
    screen = screen_of(bench, relay)
    screen.until(lambda: screen.shows("live"), "the screen")
    sock = socket.create_connection(("127.0.0.1", relay.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    took = []
    for number in range(40 * bench.args.rounds):
        screen.run_for(random.uniform(0.005, 0.06))  # no rhythm that frames could fall in with
        begun = time.monotonic()
        sock.sendall(b"POST /e/bench/hooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        if not sock.recv(65536).startswith(b"HTTP/1.1 200"):
            raise RuntimeError("the relay does not take an event")
        ref = r"bench#%d\b" % (number + 1)
        took.append(1000 * (screen.until(lambda ref=ref: screen.shows(ref), ref) - begun))
    p99 = percentile(took, 0.99)
    bench.row("P8", "POST to its row on the screen, p99", "<= 60 ms (40)", "%.0f ms" % p99, p99 <= 60,
              "p50 %.0f ms, %d events" % (statistics.median(took), len(took)))
    bench.stop_all()


def cost(process, seconds):
    """Of a core, while it is only read from."""
    cpu, frames, written, begun = process.cpu(), process.frames, process.bytes, time.monotonic()
    process.run_for(seconds)
    wall, frames = time.monotonic() - begun, process.frames - frames
    return {"core": (process.cpu() - cpu) / wall, "fps": frames / wall, "bytes": (process.bytes - written) / max(1, frames)}


def p11(bench, relay, bare_list):
    seconds = max(3, 3 * bench.args.seconds)
    screen = screen_of(bench, relay, size=(200, 50), looked=False)
    bare = bench.run(ScreenOf([bare_list], size=(200, 50), looked=False))
    screen.run_for(0.5)

    def under_load():
        bare.process.send_signal(signal.SIGSTOP)
        loads = [subprocess.Popen(bench.load_words(relay, "-c", "4", "-r", "%d" % (1000 / len(TARGETS)), seconds=seconds + 1,
                                                   path="/e/bench" + target), stdout=subprocess.DEVNULL)
                 for target in TARGETS]
        screen.run_for(0.5)
        result = cost(screen, seconds)
        for load in loads:
            load.wait()
        return result

    def alone():
        bare.process.send_signal(signal.SIGCONT)
        bare.run_for(0.2)
        return cost(bare, seconds)
    ours, theirs = bench.rounds(under_load, alone)

    def middle(results, key):
        return statistics.median(result[key] for result in results)
    core, fps, size = (middle(ours, key) for key in ("core", "fps", "bytes"))
    ratio = statistics.median(a["core"] / b["core"] for a, b in zip(ours, theirs))
    bench.row("P11", "the screen at 1,000 events/s, 200x50: of a core", "<= 12 % (6)", "%.1f %%" % (100 * core),
              core <= 0.12)
    bench.row("P11", "to a bare ncurses program that draws the same", "<= 1.5 (1.2)", "%.2f" % ratio, ratio <= 1.5,
              "bare %.1f %%, %.0f frames/s, %.1f kB/frame" % (
                  100 * middle(theirs, "core"), middle(theirs, "fps"), middle(theirs, "bytes") / 1000))
    bench.row("P11", "frames a second", "<= 30", "%.1f" % fps, fps <= 30.5)
    bench.row("P11", "bytes a frame", "<= 7 kB", "%.1f kB" % (size / 1000), size <= 7000)
    bench.stop_all()


def full(screen):
    """Every row of the list is filled, and the bottom is there."""
    rows = screen.rows()
    return all("#" in row for row in rows[1:-2]) and "live" in rows[-2]


def pressed(screen, key, changed):
    """Milliseconds from a key to what it is to show."""
    screen.until_quiet()
    before = screen.rows()
    begun = time.monotonic()
    screen.type(key)
    return 1000 * (screen.until(lambda: changed(before, screen.rows()), "what %r shows" % key) - begun)


def list_changed(before, now):
    """But for the bottom, where time goes on, and for ages."""
    def plain(rows):
        return [re.sub(r" (now|\d+[smhd]) ", " ", row) for row in rows[:-2]]
    return plain(before) != plain(now)


def first_screen_ms(bench, relay):
    screen = screen_of(bench, relay)
    took = 1000 * (screen.until(lambda: full(screen), "a full screen") - screen.begun_at)
    screen.finish()
    return took


def key_row(bench, what, took):
    p99 = percentile(took, 0.99)
    bench.row("P12", what, "<= 16 ms (5)", "%.1f ms" % p99, p99 <= 16,
              "p50 %.1f ms, max %.1f ms, %d keys" % (statistics.median(took), max(took), len(took)))


def p12(bench, relay):
    (starts,) = bench.rounds(lambda: first_screen_ms(bench, relay))
    start = statistics.median(starts)
    bench.row("P12", "start to the first full screen, the big store", "<= 100 ms", "%.0f ms" % start, start <= 100)
    screen = screen_of(bench, relay)
    screen.until(lambda: full(screen), "a full screen")
    # Down from where nothing is below, or up at the top, would change nothing.
    walks = (("up through the newest pages", ["k", "\x1b[5~", "\x15"] * 30), ("to the oldest and back", ["g", "G"] * 15),
             ("down from the oldest", ["g"] + ["j", "\x1b[6~", "\x04"] * 30),
             ("panes of events", ["\r", "3", "4", "5", "2", "b", "b", "b", "\x1b[A", "q"] * 6))
    for what, keys in walks:
        key_row(bench, "a key, " + what, [pressed(screen, key, list_changed) for key in keys])
        screen.type("G")
        screen.run_for(0.1)
    for name in ("endpoint:quiet", "verdict:valid"):
        key_row(bench, "Enter behind " + name, filtered(screen, name, 20 * bench.args.rounds))
    screen.type("/\x15endpoint:quiet\r")
    screen.run_for(0.5)
    key_row(bench, "a key, under endpoint:quiet", [pressed(screen, key, list_changed) for key in ["k", "\x1b[5~", "G"] * 7])
    bench.stop_all()


def filtered(screen, text, times):
    """From Enter to the rows that match."""
    took = []
    for _ in range(times):
        screen.type("/\x15%s" % text)
        screen.until(lambda: screen.shows("filter: %s$" % text), "the prompt")
        screen.until_quiet()
        endpoint = "quiet#" if "quiet" in text else "bench#"
        begun = time.monotonic()
        screen.type("\r")
        until = screen.until(lambda: text in screen.rows()[-2] and
                             all(endpoint in row for row in screen.rows()[1:-2]), text)
        took.append(1000 * (until - begun))
        screen.type("/\x15\r")
        screen.until(lambda: full(screen) and screen.shows("bench#"), "all of them")
        screen.until_quiet()
    return took


def p13(bench, relay):
    screen = screen_of(bench, relay)
    screen.until(lambda: full(screen), "a full screen")
    for key in ["\x1b[5~"] * 100 + ["g", "G", "\r", "3", "4", "5", "q", "G"]:
        screen.type(key)
        screen.run_for(0.02)
    rss, pss = screen.resident_mebibytes(), screen.mebibytes()
    bench.row("P13", "the screen on the big store, resident", "< 30 MiB (24)", "%.1f MiB" % rss, rss < 30)
    bench.row("P13", "the same, proportional", "<= 64 MiB (24)", "%.1f MiB" % pss, pss <= 64)


def p23(bench, program):
    """In processor time, each body in a screen of its own without a terminal."""
    text = subprocess.run([program], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    fullest = 0
    for line in text.splitlines():
        name, full, longest, key, idle, slices = line.split("\t")
        held, fullest = max(float(longest), float(idle)), max(fullest, float(full))
        bench.row("P23", "a key held by 10 MiB, " + name, "<= 50 ms (16)", "%.1f ms" % held, held <= 50,
                  "%s; a slice %s ms; a full pane in %s ms, all read in %s slices" % (key, idle, full, slices))
    text = subprocess.run([program, "diff"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    name, longest, slices = max((line.split("\t") for line in text.splitlines()), key=lambda line: float(line[1]))
    bench.row("P23", "a slice of comparing 10 MiB with 10 MiB, the longest", "<= 50 ms (16)", longest + " ms",
              float(longest) <= 50, "%s, %s slices" % (name, slices))
    bench.row("P23", "10 MiB to the first full pane, the slowest of them", "<= 1 s", "%.0f ms" % fullest, fullest <= 1000)


def slow_screens(relay):
    """Kinds of screens that do not keep up, and how to start one."""
    def shown():
        screen = ScreenOf([relay.program], size=(200, 50), env=relay.env)
        screen.until(lambda: screen.shows("live"), "the screen")
        return screen

    def stopped():
        screen = shown()
        screen.process.send_signal(signal.SIGSTOP)
        return screen
    return (("a screen whose terminal does not read", shown), ("a stopped screen", stopped))
