"""
What an answer of the app costs on its way back, and those who wait for one. For bench.py. In what it costs there is one flush of the
disk, as the event is durable before the app hears of it.
"""
import re
import selectors
import socket
import statistics
import subprocess
import time
import urllib.request

WAITING = 1000
AFTER_MS = 500
REQUEST = b"POST /e/%s/ HTTP/1.1\r\nHost: bench\r\nContent-Length: 2\r\n\r\n{}"


def endpoint(relay, name, *words):
    relay.hookline("endpoint", "add", name, "--answer", "app", *words, stdout=subprocess.DEVNULL).wait()


def forward(relay, name, port):
    return relay.hookline("listen", "--endpoint", name, "--forward", "http://127.0.0.1:%d" % port, "--timeout", "60s",
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def silent_app():
    """It takes requests and says nothing."""
    return socket.create_server(("127.0.0.1", 0), backlog=1024)


def waiting(relay):
    with urllib.request.urlopen(relay.admin + "/metrics") as answer:
        return int(re.search(rb"^hookline_ingest_waiting (\d+)", answer.read(), re.M).group(1))


def ask(relay, name):
    sock = socket.create_connection(("127.0.0.1", relay.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(REQUEST % name.encode())
    return sock, time.monotonic()


def answered_ms(asked):
    """How long each waited for the first byte of its answer."""
    selector = selectors.DefaultSelector()
    took = []
    for sock, since in asked:
        selector.register(sock, selectors.EVENT_READ, since)
    while len(took) < len(asked):
        for key, _ in selector.select(30):
            took.append(1000 * (time.monotonic() - key.data))
            selector.unregister(key.fileobj)
            key.fileobj.close()
    return took


def await_forwarder(relay, name):
    """Until a sender has to wait: then a lease covers the endpoint."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        sock, _ = ask(relay, name)
        sock.settimeout(0.1)
        try:
            sock.recv(1)
        except TimeoutError:
            return sock
        sock.close()
    raise RuntimeError("nobody forwards %s" % name)


def await_app(relay, name):
    """Until the answer is the app's: the relay's own tells the event."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        sock, _ = ask(relay, name)
        with sock:
            if b"X-Hookline-Event" not in sock.recv(4096):
                return
        time.sleep(0.05)
    raise RuntimeError("nobody forwards %s" % name)


def by_app(relay, name):
    """How many of the newest 1,000 senders got the app's answer."""
    listed = relay.hookline("list", "--json", "--endpoint", name, "--limit", "1000", stdout=subprocess.PIPE)
    return listed.communicate()[0].count(b'"answer_by":"app"')


def overhead(bench, relay, sink):
    endpoint(relay, "back")
    client = forward(relay, "back", sink.port)
    bench.keep(client)
    await_app(relay, "back")
    through, direct, disk = bench.rounds(lambda: bench.load(relay, "-c", "1", path="/e/back/"),
                                         lambda: bench.load(sink, "-c", "1", path="/"), bench.disk)
    more = statistics.median(a["p50_us"] - b["p50_us"] for a, b in zip(through, direct)) / 1000
    bench.row("P21", "the app's answer passed back, p50 over a direct request", "<= 3 ms", "%.2f ms" % more, more <= 3,
              "p50 %.2f ms, p99 %.2f ms; direct p50 %.2f ms; a flush %.2f ms; %d of the last 1000 by the app" % (
                  statistics.median(a["p50_us"] for a in through) / 1000,
                  statistics.median(a["p99_us"] for a in through) / 1000,
                  statistics.median(b["p50_us"] for b in direct) / 1000,
                  1000 / statistics.median(d["per_s"] for d in disk), by_app(relay, "back")))


def many(bench, relay):
    app = silent_app()
    endpoint(relay, "many", "--answer-after", "60s")
    bench.keep(forward(relay, "many", app.getsockname()[1]))
    socks = [await_forwarder(relay, "many")]
    socks += [ask(relay, "many")[0] for _ in range(WAITING - 1)]
    end = time.monotonic() + 30
    while waiting(relay) < WAITING and time.monotonic() < end:
        time.sleep(0.05)
    count, size = waiting(relay), relay.resident_mebibytes()
    bench.row("P21", "resident with %d senders waiting at once" % count, "<= 64 MiB", "%.1f MiB" % size,
              count == WAITING and size <= 64)
    for sock in socks:
        sock.close()
    app.close()


def fallback(bench, relay):
    app = silent_app()
    endpoint(relay, "soon", "--answer-after", "%dms" % AFTER_MS)
    bench.keep(forward(relay, "soon", app.getsockname()[1]))
    await_forwarder(relay, "soon").close()
    alone = [answered_ms([ask(relay, "soon")])[0] for _ in range(10)]
    at_once = answered_ms([ask(relay, "soon") for _ in range(200)])
    worst = max(abs(took - AFTER_MS) for took in alone)
    bench.row("P21", "fallback after %d ms, worst of 10" % AFTER_MS, "within 50 ms", "%.1f ms" % worst, worst <= 50,
              "200 at once: worst %.1f ms" % max(abs(took - AFTER_MS) for took in at_once))
    app.close()


def p21(bench, relay, sink):
    overhead(bench, relay, sink)
    many(bench, relay)
    fallback(bench, relay)
