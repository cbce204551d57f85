#!/usr/bin/env python3
"""Kills the relay again and again under load, and counts what it had acknowledged and no longer has.

    loss.py --build DIR --work DIR [--rounds 60] [--early]

Senders keep up to 12 requests under way; after a random moment the relay is killed with SIGKILL and started again on
the same store. At the end one checker looks at all of it: every acknowledged event is stored exactly once under the
reference its sender was given, `seq` has no gap, a `listen --json` that ran all the while saw each event exactly once
and in order, and no restart took 500 ms to the first 2xx. --early puts a proxy before the relay that answers 200
before it passes the request on: the same checker must find that out. Prints TAP.
"""
import argparse
import collections
import json
import os
import queue
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time

SENDERS = 12


class Relay:
    """The program under test, always on the same ports and the same store."""

    def __init__(self, args):
        self.args, self.ports, self.process = args, ["0", "0", "0"], None

    def start(self):
        read, write = os.pipe()
        names = ("--ingest", "--stream", "--admin")
        listeners = [word for name, port in zip(names, self.ports) for word in (name, "127.0.0.1:" + port)]
        with open(os.path.join(self.args.work, "relay.err"), "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.args.build, "relay", "hookline-relay"), *listeners, "--store",
                 "sqlite:" + os.path.join(self.args.work, "loss.db"), "--ready-fd", str(write)],
                pass_fds=[write], stdout=log, stderr=log)
        os.close(write)
        with os.fdopen(read) as ready:
            line = ready.readline()
        if not line:
            raise SystemExit("Bail out! the relay did not start, see relay.err")
        told = json.loads(line)
        self.ports = [told[name].rsplit(":", 1)[1] for name in ("ingest", "stream", "admin")]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Senders:
    """Keep-alive connections, each one request after the other; every body is one of its kind."""

    def __init__(self, port):
        self.port, self.acked, self.lock, self.stopping = port, {}, threading.Lock(), False
        self.sent, self.count, self.refused = 0, 0, 0
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def run(self, who):
        number, sock = 0, None
        while not self.stopping:
            try:
                sock = sock or connect(self.port)
                number += 1
                key = "%d-%d" % (who, number)
                self.sent += 1
                status, ref = post(sock, key)
                if status == 200:
                    with self.lock:
                        self.acked[key] = ref
                else:
                    self.refused += 1
            except OSError:
                sock = None
                time.sleep(0.002)

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()


def connect(port):
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def post(sock, key):
    """(status, reference); OSError when the relay went away."""
    body = b'{"key":"%s","pad":"%s"}' % (key.encode(), b"x" * 700)
    sock.sendall(b"POST /loss HTTP/1.1\r\nHost: localhost\r\nX-Key: %s\r\nContent-Length: %d\r\n\r\n"
                 % (key.encode(), len(body)) + body)
    raw = b""
    while True:
        data = sock.recv(65536)
        if not data:
            raise OSError("the relay hung up")
        raw += data
        head, end, rest = raw.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if end and len(rest) >= int(length.group(1) if length else 0):
            break
    ref = re.search(rb"(?i)\r\nx-hookline-event: *([^\r]+)", raw)
    return int(raw.split(b" ")[1]), ref.group(1).decode() if ref else ""


class EarlyProxy:
    """What a relay that answers before the commit would be: says 200, then passes on. A kill takes its queue, too."""

    def __init__(self, relay):
        self.relay, self.waiting = relay, queue.Queue()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        threading.Thread(target=self.pass_on, daemon=True).start()

    def accept(self):
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        raw = b""
        while True:
            data = sock.recv(65536)
            if not data:
                return
            raw += data
            key = re.search(rb"X-Key: ([^\r]*)", raw)
            if raw.endswith(b'"}') and key:
                self.waiting.put(key.group(1).decode())
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                raw = b""

    def pass_on(self):
        sock = None
        while True:
            key = self.waiting.get()
            try:
                sock = sock or connect(int(self.relay.ports[0]))
                post(sock, key)
            except OSError:
                sock = None

    def lose(self):
        while not self.waiting.empty():
            self.waiting.get_nowait()


def first_answer(relay):
    """Seconds from the start of the program to its first 2xx."""
    start = time.monotonic()
    relay.start()
    while True:
        try:
            if post(connect(int(relay.ports[0])), "first-%f" % start)[0] == 200:
                return time.monotonic() - start
        except OSError:
            pass
        time.sleep(0.001)


def hookline(args, relay, *words, **popen):
    return subprocess.Popen([os.path.join(args.build, "tui", "hookline"), *words, "--relay",
                             "ws://127.0.0.1:" + relay.ports[1]], **popen)


def campaign(args):
    """(relay, acknowledged, stored events, what the listener saw, restart times)"""
    relay = Relay(args)
    relay.start()
    seen_path = os.path.join(args.work, "seen.jsonl")
    said_path = os.path.join(args.work, "listen.err")
    with open(seen_path, "wb") as seen, open(said_path, "wb") as err:
        listener = hookline(args, relay, "listen", "--json", "--since", "start", stdout=seen, stderr=err)
    await_greeting(listener, said_path)
    proxy = EarlyProxy(relay) if args.early else None
    senders = Senders(proxy.port if proxy else int(relay.ports[0]))
    dice, restarts = random.Random(args.seed), []
    for _ in range(args.rounds):
        time.sleep(dice.uniform(0.05, 0.45))
        relay.kill()
        if proxy:
            proxy.lose()
        restarts.append(first_answer(relay))
    senders.stop()
    stored = lines(hookline(args, relay, "list", "--json", "--limit", "0", stdout=subprocess.PIPE).communicate()[0])
    exported = lines(hookline(args, relay, "export", "--format", "jsonl", stdout=subprocess.PIPE).communicate()[0])
    seen = await_listener(seen_path, len(stored))
    listener.terminate()
    listener.wait()
    relay.process.terminate()
    relay.process.wait()
    print("# %d sent, %d acknowledged, %d refused, %d stored, restarts median %.0f ms, slowest %.0f ms"
          % (senders.sent, len(senders.acked), senders.refused, len(stored),
             1000 * sorted(restarts)[len(restarts) // 2], 1000 * max(restarts)))
    return senders.acked, stored, exported, seen, restarts


def await_greeting(listener, path):
    """Until the listener has met the relay: one that finds none at its start says so and ends, as it should."""
    with open(path, "rb") as file:
        said = b""
        while b"webhooks go to" not in said:
            if listener.poll() is not None:
                raise SystemExit("Bail out! the listener ended, see listen.err")
            time.sleep(0.01)
            said += file.read()


def lines(data):
    return [json.loads(line) for line in data.split(b"\n") if line.strip()]


def await_listener(path, number):
    """What the listener wrote once it has `number` events, or when nothing more comes for a while."""
    seen, last, rest = [], time.monotonic(), b""
    with open(path, "rb") as file:
        while len(seen) < number and time.monotonic() < last + 30:
            data = rest + file.read()
            whole, _, rest = data.rpartition(b"\n")
            new = [entry for entry in lines(whole) if "target" in entry and "method" in entry]
            if new:
                seen, last = seen + new, time.monotonic()
            time.sleep(0.1)
    return seen


def check(acked, stored, exported, seen, restarts, slowest):
    """Yields (sentence, what is wrong with it)."""
    keys = collections.defaultdict(list)
    for event in exported:
        keys[dict(event["headers"]).get("X-Key")].append(event["ref"])
    lost = [key for key in acked if key not in keys]
    yield "no acknowledged event is lost", "%d lost, such as %s" % (len(lost), lost[:3]) if lost else ""
    twice = [key for key in keys if len(keys[key]) > 1]
    yield "none is stored twice", "%s" % twice[:3] if twice else ""
    other = [key for key, ref in acked.items() if ref and key in keys and keys[key] != [ref]]
    yield "each is stored under the reference its sender was given", "%s" % other[:3] if other else ""
    seqs = sorted(event["seq"] for event in stored)
    yield "seq has no gap", "" if seqs == list(range(1, len(seqs) + 1)) else "%d events up to %s" % (len(seqs), seqs[-1:])
    got = [event["seq"] for event in seen]
    wrong = "saw %d of %d" % (len(got), len(seqs)) if len(got) != len(seqs) else "out of order or twice"
    yield "a client that resumes sees each once, in order", "" if got == seqs else wrong
    slow = max(restarts, default=0)
    yield "a restart takes less than %d ms to the first 2xx" % (1000 * slowest), \
        "" if slow < slowest else "%.0f ms" % (1000 * slow)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--slowest", type=float, default=0.5, help="seconds a restart may take")
    parser.add_argument("--early", action="store_true")
    args = parser.parse_args()
    print("# seed %d" % args.seed)
    points = list(check(*campaign(args), args.slowest))
    print("1..%d" % len(points))
    for number, (sentence, wrong) in enumerate(points, 1):
        print("%sok %d - %s%s" % ("not " if wrong else "", number, sentence, ": " + wrong if wrong else ""))
    return int(any(wrong for _, wrong in points))


sys.exit(main())
