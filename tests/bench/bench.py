#!/usr/bin/env python3
"""Measures what the design promises about speed, as ratios to what this machine does at the same moment.

    bench.py [--rounds 5] [--seconds 1] [--events 1000000] [NAME...]        names: p1 p2 ... as in the table

Each round runs hookline and what it is compared with one after the other (A B A B ...); the ratio is the median over
the rounds. Nothing is pinned: server and load share the processors. The rate of fdatasync and the load average of the
run are printed, since durable figures follow the disk. A gate is only ever a ratio or a size; none of this is a test.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import answer_goals
import flood_goals
import forward_goals
import screen_goals
from measured import Process

BUILD = os.path.abspath(os.environ.get("HOOKLINE_BUILD", "build-bench"))
SECRET = "bench-secret"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def tool(name):
    return os.path.join(BUILD, "tests", "bench", name)


class Relay(Process):
    def __init__(self, bench, store="bench.db"):
        self.dir = bench.dir
        read, write = os.pipe()
        self.begin = time.monotonic()
        super().__init__(
            [os.path.join(BUILD, "relay", "hookline-relay"), "--ingest", "127.0.0.1:0", "--stream", "127.0.0.1:0",
             "--admin", "127.0.0.1:0", "--store", "sqlite:" + os.path.join(self.dir, store), "--ready-fd", str(write),
             "--config", bench.config],
            pass_fds=[write], env=bench.env, stderr=open(os.path.join(self.dir, "relay.err"), "ab"))
        os.close(write)
        with os.fdopen(read) as ready:
            told = json.loads(ready.readline())
        self.port, self.stream = (int(told[name].rsplit(":", 1)[1]) for name in ("ingest", "stream"))
        self.admin = told["admin"]
        self.program = os.path.join(BUILD, "tui", "hookline")
        self.path = "/e/bench/hooks"
        self.env = dict(bench.env, HOOKLINE_RELAY=told["stream"])

    def hookline(self, *words, **popen):
        return subprocess.Popen([os.path.join(BUILD, "tui", "hookline"), *words], env=self.env, **popen)


class Nginx(Process):
    """One worker; reads the body and answers, or passes it on to the sink."""

    def __init__(self, bench, location):
        self.port, self.path = free_port(), "/"
        place = tempfile.mkdtemp(dir=bench.dir)
        temporary = "".join("%s_temp_path %s/%s; " % (name, place, name)
                            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = os.path.join(place, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write("""load_module /usr/share/nginx/modules/ngx_http_echo_module.so;
worker_processes 1; daemon off; pid %s/pid; error_log %s/log;
events { worker_connections 4096; }
http { access_log off; client_body_buffer_size 64k; keepalive_requests 100000000; %s
upstream app { server 127.0.0.1:%d; keepalive 64; }
server { listen 127.0.0.1:%d backlog=4096; location / { %s } } }
""" % (place, place, temporary, bench.sink_port or 9, self.port, location))
        super().__init__([NGINX, "-c", config, "-p", place, "-e", place + "/log"])
        await_port(self.port)


class BareRelay(Process):
    """The least that is durable, on the same disk; keeps nothing of what makes a webhook tool."""

    def __init__(self, bench):
        self.path = "/"
        store = os.path.join(tempfile.mkdtemp(dir=bench.dir), "bare.db")
        super().__init__([tool("bare_relay"), store, SECRET], stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def await_port(port):
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.001)


class Sink(Process):
    def __init__(self):
        super().__init__([tool("sink")], stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def report(self):
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.process.stdout.readline())


def payload(size):
    """A push as a forge would send it, of exactly `size` bytes."""
    document = {"ref": "refs/heads/main", "before": "0" * 40, "after": "f" * 40, "repository": {
        "id": 35129377, "full_name": "octo/example", "private": False, "owner": {"login": "octo", "id": 21031067}},
        "pusher": {"name": "octo", "email": "octo@example.com"}, "commits": []}
    while len(json.dumps(document)) + 420 < size:
        number = len(document["commits"])
        document["commits"].append({
            "id": "%040x" % (number * 7919), "message": "Change number %d, caf\\u00e9 included" % number,
            "timestamp": "2026-11-21T03:43:%02dZ" % (number % 60), "added": ["src/file%d.c" % number],
            "removed": [], "modified": ["README.md"], "author": {"name": "Octo Cat", "email": "octo@example.com"}})
    document["pad"] = ""
    document["pad"] = "x" * (size - len(json.dumps(document)))
    return json.dumps(document).encode()


class Bench:
    def __init__(self, args):
        self.args, self.rows, self.running, self.sink_port = args, [], [], 0
        self.dir = tempfile.mkdtemp(prefix="bench.", dir=BUILD)
        self.env = dict(os.environ, HOME=self.dir, XDG_CONFIG_HOME=self.dir, XDG_DATA_HOME=self.dir,
                        XDG_STATE_HOME=self.dir, XDG_RUNTIME_DIR=self.dir)
        self.config = os.path.join(self.dir, "relay.yaml")
        with open(self.config, "w", encoding="ascii") as file:
            file.write("limits: {clients: 2000}\nendpoints:\n  quiet: {}\n  bench: {provider: github, secrets: "
                       "[{label: bench, file: %s}]}\n" % self.secret_file())
        for name, size in (("1k", 1098), ("16k", 16856), ("small", 200)):
            with open(os.path.join(self.dir, name), "wb") as file:
                file.write(payload(size) if size > 500 else b'{"pad":"%s"}' % (b"x" * (size - 10)))

    def secret_file(self):
        path = os.path.join(self.dir, "secret")
        with open(path, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(SECRET)
        return path

    def run(self, process):
        self.running.append(process)
        return process

    def keep(self, popen):
        """A program that is stopped with the others."""
        process = Process.__new__(Process)
        process.process = popen
        return self.run(process)

    def stop_all(self):
        for process in self.running:
            if process.process.poll() is None:
                process.stop(signal.SIGTERM)
        self.running = []

    def relay(self, store="bench.db"):
        for name in os.listdir(self.dir):
            if store == "bench.db" and name.startswith("bench.db"):
                os.unlink(os.path.join(self.dir, name))
        return self.run(Relay(self, store))

    def nginx(self, location="echo_read_request_body; echo -n ok;"):
        return self.run(Nginx(self, location))

    def load_words(self, server, *options, body="1k", seconds=None, path=None):
        return [tool("load"), "-p", str(server.port), "-u", path or server.path, "-b", os.path.join(self.dir, body), "-S",
                SECRET, "-d", str(seconds or self.args.seconds), *options]

    def load(self, server, *options, body="1k", seconds=None, path=None):
        """One run of the load generator; with `cpu_us`, of the server, for each answer, and for what it does behind it."""
        before = server.cpu()
        words = self.load_words(server, *options, body=body, seconds=seconds, path=path)
        out = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
        result = json.loads(out)
        if result["failed"] or result["refused"]:
            print("  note: %d refused, %d failed of %d" % (result["refused"], result["failed"], result["ok"]))
        server.settle()
        result["cpu_us"] = 1e6 * (server.cpu() - before) / max(1, result["ok"])
        return result

    def disk(self):
        path = os.path.join(self.dir, "disk")
        return json.loads(subprocess.run([tool("disk"), path, "300"], stdout=subprocess.PIPE, check=True).stdout)

    def rounds(self, *measures):
        """Runs each measure in turn, round after round; a list of results for each."""
        results = [[] for _ in measures]
        for _ in range(self.args.rounds):
            for result, measure in zip(results, measures):
                result.append(measure())
        return results

    def row(self, name, what, gate, measured, good, note=""):
        verdict = "-" if good is None else "holds" if good else "MISSED"
        self.rows.append((name, what, gate, measured, verdict))
        print("%-4s %-52s %-22s %-30s %-7s %s" % (name, what, gate, measured, verdict, note), flush=True)

    def ratio_row(self, name, what, least, stretch, options, body="1k"):
        servers = [self.relay(), self.nginx()]
        self.tell_ratio(name, what, least, stretch, *self.loads(servers, *options, body=body))
        self.stop_all()

    def loads(self, servers, *options, body="1k"):
        """The same load for each of them in turn."""
        return self.rounds(*(lambda server=server: self.load(server, *options, body=body) for server in servers))

    def tell_ratio(self, name, what, least, stretch, ours, theirs, who="nginx"):
        """A row about events a second; `least` None: no gate."""
        ratio = statistics.median(a["rps"] / b["rps"] for a, b in zip(ours, theirs))
        gate = "none" if least is None else ">= %.2f (%.2f)" % (least, stretch)
        self.row(name, what, gate, "%.2f" % ratio, None if least is None else ratio >= least,
                 "%.0f/s, %.0f us CPU, p99 %.1f ms; %s %.0f/s, %.0f us" % (
                     median(ours, "rps"), median(ours, "cpu_us"), median(ours, "p99_us") / 1000,
                     who, median(theirs, "rps"), median(theirs, "cpu_us")))


def median(results, key):
    return statistics.median(result[key] for result in results)


def p1(bench):
    for connections in ("16", "64"):
        ours, nginx, bare = bench.loads([bench.relay(), bench.nginx(), bench.run(BareRelay(bench))], "-c", connections)
        what = "durable ingest, 1 KiB, c%s, to " % connections
        bench.tell_ratio("P1", what + "nginx", 0.30, 0.45, ours, nginx)
        # what this disk lets anybody have
        bench.tell_ratio("P1", what + "a bare durable server", None, None, ours, bare, "bare")
        bench.tell_ratio("P1", "a bare durable server, c%s, to nginx" % connections, None, None, bare, nginx)
        bench.stop_all()
    # what waits while senders come in a rush is done meanwhile
    relay = bench.relay()
    result = bench.load(relay, "-c", "16", seconds=20)
    bench.row("P1", "the same, c16, for 20 s without a pause", "none", "%.0f/s" % result["rps"], None,
              "%.0f us CPU, p99 %.1f ms" % (result["cpu_us"], result["p99_us"] / 1000))
    bench.stop_all()


def p2(bench):
    bench.ratio_row("P2", "the same, a new connection each, c16", 0.45, 0.60, ["-c", "16", "-k", "0"])


def p3(bench):
    bench.ratio_row("P3", "the same, 16 KiB, c16", 0.10, 0.15, ["-c", "16"], body="16k")


def p5(bench):
    relay = bench.relay()
    disk, one, many = bench.rounds(bench.disk, lambda: bench.load(relay, "-c", "1"),
                                   lambda: bench.load(relay, "-c", "16"))
    to_disk = statistics.median(a["rps"] / d["per_s"] for a, d in zip(one, disk))
    gain = statistics.median(a["rps"] / b["rps"] for a, b in zip(many, one))
    bench.row("P5", "c1 to fdatasync of the same minute", ">= 0.50 (0.65)", "%.2f" % to_disk, to_disk >= 0.5,
              "%.0f/s; disk %.0f/s" % (median(one, "rps"), median(disk, "per_s")))
    bench.row("P5", "c16 to c1", ">= 4 (6)", "%.1f" % gain, gain >= 4)
    bench.stop_all()


def million(bench):
    """A store with very many events, filled through the front door; made once."""
    if not os.path.exists(os.path.join(bench.dir, "million.db")):
        relay, left = bench.run(Relay(bench, "million.db")), bench.args.events
        # first some that are hard to find from the newest on
        bench.load(relay, "-c", "1", body="small", seconds=0.1, path="/e/quiet/hooks")
        print("  filling a store with %d events" % left, flush=True)
        while left > 0:
            left -= bench.load(relay, "-c", "64", body="small", seconds=10)["ok"]
        bench.stop_all()


def p6(bench):
    million(bench)
    relay = bench.run(Relay(bench, "million.db"))
    disk, ours = bench.rounds(bench.disk, lambda: bench.load(relay, "-c", "64", "-r", "1600", seconds=3))
    ratio = statistics.median(a["p99_us"] / d["p99_us"] for a, d in zip(ours, disk))
    pause = max(a["max_us"] for a in ours) / 1000
    bench.row("P6", "ack p99 at 1,600/s on the big store, to fdatasync p99", "<= 15 (10)", "%.1f" % ratio, ratio <= 15,
              "p99 %.1f ms; disk p99 %.2f ms" % (median(ours, "p99_us") / 1000, median(disk, "p99_us") / 1000))
    bench.row("P6", "longest pause", "<= 50 ms (20)", "%.0f ms" % pause, pause <= 50)
    bench.stop_all()


def line(bench):
    """Both ways to the sink: through relay and client, and through nginx."""
    sink = bench.run(Sink())
    bench.sink_port = sink.port
    relay = bench.relay()
    client = Process.__new__(Process)
    client.process = relay.hookline("listen", "--forward", "http://127.0.0.1:%d" % sink.port,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bench.run(client)
    nginx = bench.nginx('proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";')
    time.sleep(1)
    through(bench, sink, relay, "-c", "1", seconds=0.3)
    return sink, relay, client, nginx


def through(bench, sink, server, *options, seconds=None):
    """One run of the load, until all of it is at the sink: the sink's report."""
    sink.process.send_signal(signal.SIGUSR2)
    result = bench.load(server, "-t", *options, seconds=seconds)
    end = time.monotonic() + 60
    arrived = sink.report()
    while arrived["got"] < result["ok"] and time.monotonic() < end:
        time.sleep(0.1)
        arrived = sink.report()
    return dict(arrived, sent=result["ok"])


def p7(bench):
    sink, relay, _, nginx = line(bench)
    forward_goals.p7(bench, sink, relay, nginx, through)
    bench.stop_all()


def p9(bench):
    sink, relay, client, nginx = line(bench)
    ours, theirs = bench.rounds(lambda: through(bench, sink, relay, "-c", "16"),
                                lambda: through(bench, sink, nginx, "-c", "16"))
    ratio = statistics.median(a["rps"] / b["rps"] for a, b in zip(ours, theirs))
    p99 = median(ours, "p99_us") / 1000
    lost = sum(a["sent"] - a["got"] for a in ours)
    bench.row("P9", "delivered a second, c16, to nginx proxy_pass", ">= 0.25 (0.40)", "%.2f" % ratio, ratio >= 0.25,
              "%.0f/s; nginx %.0f/s; not arrived: %d" % (median(ours, "rps"), median(theirs, "rps"), lost))
    bench.row("P9", "POST to app p99, c16 closed loop", "<= 30 ms (10)", "%.1f ms" % p99, p99 <= 30,
              "client %.0f MiB" % client.mebibytes())
    bench.stop_all()


def p13(bench):
    relay = bench.relay()
    idle = relay.mebibytes()
    answered = 0
    while answered < 100000:
        answered += bench.load(relay, "-c", "16", seconds=2)["ok"]
    after = relay.mebibytes()
    bench.stop_all()
    million(bench)
    big = bench.run(Relay(bench, "million.db"))
    stored = big.mebibytes()
    bench.row("P13", "memory of the relay, idle", "<= 8 MiB (4)", "%.1f MiB" % idle, idle <= 8)
    bench.row("P13", "after %d events" % answered, "<= 32 MiB (16)", "%.1f MiB" % after, after <= 32)
    bench.row("P13", "idle on the big store, more than idle", "<= 16 MiB (8)", "%.1f MiB" % (stored - idle),
              stored - idle <= 16)
    screen_goals.p13(bench, big)
    bench.stop_all()


def p14(bench):
    program = tool("store_bench")
    if not os.path.exists(program):
        bench.row("P14", "growth of the store", "see design", "no store_bench", None)
        return
    text = subprocess.run([program, bench.dir, "grow", str(bench.args.events)], stdout=subprocess.PIPE, check=True,
                          encoding="utf-8").stdout
    gates = (("insert", 1.5, 1.2), ("newest", 3, 2), ("page", 3, 2), ("look-up", 3, 2), ("filter", 5, 3))
    for what, us, ratio in re.findall(r"events: (.*?) +([0-9.]+) us, ([0-9.]+) x", text):
        gate, stretch = next(limits for name, *limits in gates if what.startswith(name))
        if "scan" in what:
            bench.row("P14", what, "none", "%s us" % us, None, "nothing on a key press waits for it")
        else:
            bench.row("P14", "%s: %d events to 10000" % (what, bench.args.events), "<= %.1fx (%.1f)" % (gate, stretch),
                      "%sx" % ratio, float(ratio) <= gate, "%s us" % us)


class Screens(Process):
    def __init__(self, relay, count, *options):
        super().__init__([tool("screens"), *options, str(relay.stream), str(count)], stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError("screens were refused")

    def finish(self):
        self.process.terminate()
        return json.loads(self.process.stdout.readline())


def p16(bench):
    relay = bench.relay()
    for count, rate, gate, stretch in ((100, "100", 20, 12), (1000, "20", 30, 20)):
        costs = []
        for _ in range(bench.args.rounds):
            alone = bench.load(relay, "-c", "8", "-r", rate, seconds=2)
            screens = bench.run(Screens(relay, count))
            shared = bench.load(relay, "-c", "8", "-r", rate, seconds=2)
            got = screens.finish()["events"]
            costs.append((shared["cpu_us"] - alone["cpu_us"]) / max(1, got / shared["ok"]))
        cost = statistics.median(costs)
        bench.row("P16", "CPU for each message and screen, %d screens" % count, "<= %d us (%d)" % (gate, stretch),
                  "%.1f us" % cost, cost <= gate, "%d of %d messages came" % (got, count * shared["ok"]))
    ratio = beside(bench, relay, lambda: Screens(relay, 100, "-e", "quiet"))
    bench.row("P16", "ingest beside 100 idle screens", ">= 0.90 (0.97)", "%.2f" % ratio, ratio >= 0.9)
    bench.stop_all()


def beside(bench, relay, start):
    """Ingest with such screens to ingest without, A B A B."""
    def with_screens():
        screens = bench.run(start())
        result = bench.load(relay, "-c", "16")
        screens.finish()
        return result
    ours, alone = bench.rounds(with_screens, lambda: bench.load(relay, "-c", "16"))
    return statistics.median(a["rps"] / b["rps"] for a, b in zip(ours, alone))


def first_answer_ms(start):
    """From the start of the program to its first 2xx."""
    begin = time.monotonic()
    server = start()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 1) as sock:
                sock.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
                if b" 200 " in sock.recv(4096):
                    break
        except OSError:
            time.sleep(0.0005)
    took = time.monotonic() - begin
    server.stop()
    return 1000 * took


def p17(bench):
    million(bench)
    shutil.rmtree(os.path.join(bench.dir, "empty"), ignore_errors=True)
    Relay(bench, "empty.db").stop()
    empty, big, nginx = bench.rounds(
        lambda: first_answer_ms(lambda: Relay(bench, "empty.db")),
        lambda: first_answer_ms(lambda: Relay(bench, "million.db")),
        lambda: first_answer_ms(lambda: Nginx(bench, "echo_read_request_body; echo -n ok;")))
    ratio = statistics.median(a / b for a, b in zip(empty, nginx))
    more = statistics.median(b - a for a, b in zip(empty, big))
    bench.row("P17", "start to first 2xx, to nginx's", "<= 1.6 (0.8)", "%.2f" % ratio, ratio <= 1.6,
              "%.0f ms; nginx %.0f ms" % (statistics.median(empty), statistics.median(nginx)))
    bench.row("P17", "more on the big store", "<= 20 ms (5)", "%.0f ms" % more, more <= 20)


def p18(bench):
    relay = bench.relay()
    before = relay.mebibytes()
    ratio = beside(bench, relay, lambda: Screens(relay, 20, "-n", "-s"))
    grown = relay.mebibytes() - before
    bench.row("P18", "ingest beside 20 screens that never read", ">= 0.95 (0.99)", "%.2f" % ratio, ratio >= 0.95)
    bench.row("P18", "memory grown meanwhile", "<= 32 MiB", "%.1f MiB" % grown, grown <= 32)
    for what, start in screen_goals.slow_screens(relay):
        ratio = beside(bench, relay, start)
        bench.row("P18", "ingest beside " + what, ">= 0.95 (0.99)", "%.2f" % ratio, ratio >= 0.95)
    bench.stop_all()


def p10(bench):
    here = os.path.dirname(os.path.abspath(__file__))
    program = os.path.join(here, "..", "e2e", "unreached.py")
    result = subprocess.run([sys.executable, program, "--build", BUILD, "--work", bench.dir], stdout=subprocess.PIPE,
                            env=bench.env, check=False)
    good = result.returncode == 0
    bench.row("P10", "acknowledged events that never reach the app", "0", "0" if good else "some", good)
    if not good:
        sys.stdout.buffer.write(result.stdout)


def p19(bench):
    output = subprocess.run([tool("explain_bench"), "65536"], stdout=subprocess.PIPE, env=bench.env, check=True).stdout
    median, slowest, macs = (int(word) for word in output.split())
    bench.row("P19", "explain a forgery of 64 KiB", "<= 50 ms", "%.1f ms" % (median / 1000), median <= 50000,
              "slowest %.1f ms; %d MACs" % (slowest / 1000, macs))


def p20(bench):
    output = subprocess.run([tool("verify_bench"), "1024"], stdout=subprocess.PIPE, env=bench.env, check=True).stdout
    mac, verdict = (int(word) for word in output.split())
    ratio = verdict / mac
    bench.row("P20", "judge 1 KiB of Stripe, to the bare HMAC", "<= 1.5", "%.2f" % ratio, ratio <= 1.5,
              "%.2f us; HMAC %.2f us" % (verdict / 1000, mac / 1000))


def p21(bench):
    answer_goals.p21(bench, bench.relay(), bench.run(Sink()))
    bench.stop_all()


def p12(bench):
    million(bench)
    screen_goals.p12(bench, bench.run(Relay(bench, "million.db")))


def p22(bench):
    million(bench)
    flood_goals.p22(bench, bench.run(Relay(bench, "million.db")))


def p8(bench):
    screen_goals.p8(bench, bench.relay())


def p11(bench):
    screen_goals.p11(bench, bench.relay(), tool("bare_list"))


def p23(bench):
    screen_goals.p23(bench, tool("payload_bench"))


GOALS = {goal.__name__: goal for goal in (p1, p2, p3, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p16, p17, p18,
                                          p19, p20, p21, p22, p23)}


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--events", type=int, default=1000000)
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    unknown = [name for name in args.names if name.lower() not in GOALS]
    if unknown:
        parser.error("unknown name %s; there are %s" % (unknown[0], " ".join(GOALS)))
    bench = Bench(args)
    disk = bench.disk()
    print("fdatasync %.0f/s, p99 %.2f ms; load average %.1f; %d processors, nothing pinned" % (
        disk["per_s"], disk["p99_us"] / 1000, os.getloadavg()[0], os.cpu_count()))
    try:
        for name in args.names or GOALS:
            GOALS[name.lower()](bench)
    finally:
        bench.stop_all()
        shutil.rmtree(bench.dir, ignore_errors=True)
    missed = [row for row in bench.rows if row[4] == "MISSED"]
    print("load average at the end %.1f; %d gates hold, %d are missed" % (
        os.getloadavg()[0], sum(row[4] == "holds" for row in bench.rows), len(missed)))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
