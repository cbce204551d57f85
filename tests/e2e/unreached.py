#!/usr/bin/env python3
"""Acknowledged events that never reach the app: there must be none, whoever was away.

    unreached.py --build DIR --work DIR [--seconds 6]

100 events a second while the forwarding client is killed and started again 2 s later, the relay is killed and started
again at once (and in a last case: every second), or the app is away for 2 s. A client that comes back goes on with
--since its last event; what an app that was away has missed is replayed with `replay --filter is:undelivered`.
Prints TAP.
"""
import argparse
import glob
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Line:
    """Relay, forwarding client and app, each of which may go away."""

    def __init__(self, args, name):
        self.build, self.work = args.build, os.path.join(args.work, name)
        os.makedirs(self.work)
        self.ports, self.app_port, self.acked = ["0", "0", "0"], "0", []
        self.env = dict(os.environ, XDG_CONFIG_HOME=self.work, XDG_DATA_HOME=self.work, XDG_STATE_HOME=self.work)
        self.start_relay()
        self.start_app()
        self.start_client()

    def start_relay(self):
        read, write = os.pipe()
        words = [os.path.join(self.build, "relay", "hookline-relay"), "--store",
                 "sqlite:" + os.path.join(self.work, "store.db"), "--ready-fd", str(write)]
        for name, port in zip(("--ingest", "--stream", "--admin"), self.ports):
            words += [name, "127.0.0.1:" + port]
        self.relay = subprocess.Popen(words, pass_fds=[write], env=self.env, stderr=self.log("relay.err"))
        os.close(write)
        with os.fdopen(read) as ready:
            told = json.loads(ready.readline())
        self.ports = [told[name].rsplit(":", 1)[1] for name in ("ingest", "stream", "admin")]

    def log(self, name):
        return open(os.path.join(self.work, name), "ab")

    def start_app(self):
        self.app = subprocess.Popen([sys.executable, os.path.join(HERE, "..", "tools", "app.py"), "--dir",
                                     os.path.join(self.work, "app"), "--port", self.app_port], stderr=self.log("app.err"))
        path = os.path.join(self.work, "app", "port")
        within(10, lambda: os.path.exists(path) and self.answers())

    def answers(self):
        with open(os.path.join(self.work, "app", "port"), encoding="ascii") as file:
            self.app_port = file.read().strip()
        try:
            socket.create_connection(("127.0.0.1", int(self.app_port)), 1).close()
            return True
        except OSError:
            return False

    def hookline(self, *words, **popen):
        return subprocess.Popen([os.path.join(self.build, "tui", "hookline"), *words, "--relay",
                                 "ws://127.0.0.1:" + self.ports[1]], env=self.env, **popen)

    def start_client(self):
        path = os.path.join(self.work, "listen.jsonl")
        seen = re.findall(rb'"event_ref":"(default#\d+)"', open(path, "rb").read()) if os.path.exists(path) else []
        greetings = self.greetings()
        last = max(seen, key=lambda ref: int(ref.rsplit(b"#", 1)[1])).decode() if seen else "start"
        self.client = self.hookline("listen", "--json", "--since", last, "--forward", "http://127.0.0.1:" + self.app_port,
                                    stdout=self.log("listen.jsonl"), stderr=self.log("listen.err"))
        within(20, lambda: self.greetings() > greetings)

    def greetings(self):
        """How often a client has met the relay at its start: one that finds none says so and ends, as it should."""
        path = os.path.join(self.work, "listen.err")
        return open(path, "rb").read().count(b"webhooks go to") if os.path.exists(path) else 0

    def send(self, number):
        body = b'{"number":"%d"}' % number
        try:
            with socket.create_connection(("127.0.0.1", int(self.ports[0])), 5) as sock:
                sock.sendall(b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                if sock.recv(4096).startswith(b"HTTP/1.1 200"):
                    self.acked.append(number)
        except OSError:
            pass

    def reached(self):
        numbers = set()
        for path in glob.glob(os.path.join(self.work, "app", "*.req")):
            with open(path, "rb") as file:
                numbers.update(int(n) for n in re.findall(rb'"number":"(\d+)"', file.read()))
        return numbers

    def stop(self):
        for process in (self.client, self.relay, self.app):
            process.terminate()
            process.wait()


def within(seconds, condition):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def gone(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def client_away(line):
    time.sleep(2)
    gone(line.client)
    time.sleep(2)
    line.start_client()


def relay_killed(line):
    time.sleep(2)
    gone(line.relay)
    line.start_relay()


def relay_killed_every_second(line):
    for _ in range(5):
        time.sleep(1)
        gone(line.relay)
        line.start_relay()


def app_away(line):
    time.sleep(2)
    gone(line.app)
    time.sleep(2)
    line.start_app()


def replay_missed(line):
    replay = line.hookline("replay", "--filter", "is:undelivered", "--to", "http://127.0.0.1:" + line.app_port, "--yes",
                           stdout=line.log("replay.out"), stderr=line.log("replay.err"))
    replay.wait()


def case(args, name, trouble):
    """What is wrong; empty: nothing."""
    line = Line(args, name.replace(" ", "-"))
    begin = time.monotonic()
    thread = threading.Thread(target=trouble, args=(line,))
    thread.start()
    number = 0
    while time.monotonic() - begin < args.seconds:
        line.send(number)
        number += 1
        time.sleep(max(0, begin + number / 100 - time.monotonic()))
    thread.join()
    within(20, lambda: set(line.acked) <= line.reached())
    if trouble is app_away:
        replay_missed(line)
    within(10, lambda: set(line.acked) <= line.reached())
    lost = set(line.acked) - line.reached()
    line.stop()
    print("# %s: %d sent, %d acknowledged, %d never at the app" % (name, number, len(line.acked), len(lost)))
    return "%d of %d, such as %s" % (len(lost), len(line.acked), sorted(lost)[:5]) if lost or not line.acked else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--seconds", type=float, default=6)
    args = parser.parse_args()
    cases = {"client away": client_away, "relay killed": relay_killed,
             "relay killed every second": relay_killed_every_second, "app away": app_away}
    print("1..%d" % len(cases), flush=True)
    bad = 0
    for number, (name, trouble) in enumerate(cases.items(), 1):
        wrong = case(args, name, trouble)
        bad += bool(wrong)
        print("%sok %d - nothing is lost with: %s%s" % ("not " if wrong else "", number, name, wrong and ": " + wrong),
              flush=True)
    return 1 if bad else 0


sys.exit(main())
