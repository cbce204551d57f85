#!/usr/bin/env python3
"""A thousand clients that never finish their request; everybody else must not notice.

    slow_clients.py PORT [--clients 1000] [--limit-ms 100]

Half of them drip a head, half a body, one byte a second. While they hang there, other clients post 400 events, each
over a connection of its own: the 99th percentile of their answers must stay below the limit. Then all of the slow ones
must be shed within 75 seconds of their first byte. Prints TAP.
"""
import argparse
import resource
import select
import socket
import sys
import time

HEAD = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"


def slow_client(port, number):
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.sendall(HEAD if number % 2 else BODY)
    return sock


def drip(socks):
    """Sends one more byte on each; those that were shed are taken away."""
    left = []
    for sock in socks:
        try:
            if select.select([sock], [], [], 0)[0] and not sock.recv(65536):
                sock.close()
                continue
            sock.send(b"x")
            left.append(sock)
        except OSError:
            sock.close()
    return left


def post(port):
    """Seconds until the answer was there; None when it was not a 2xx."""
    begin = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(b"POST /quick HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        answer = sock.recv(65536)
    return time.monotonic() - begin if answer.startswith(b"HTTP/1.1 200") else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--limit-ms", type=float, default=100)
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192) if hard > 0 else 8192, hard))
    begin = time.monotonic()
    slow = [slow_client(args.port, number) for number in range(args.clients)]
    held = len(drip(slow))
    took, next_drip = [], time.monotonic() + 1
    for _ in range(400):
        took.append(post(args.port))
        if time.monotonic() > next_drip:
            slow, next_drip = drip(slow), time.monotonic() + 1
    failed = took.count(None)
    times = sorted(t for t in took if t is not None) or [99.0]
    p99 = 1000 * times[int(0.99 * (len(times) - 1))]
    while slow and time.monotonic() - begin < 76:
        time.sleep(max(0, next_drip - time.monotonic()))
        slow, next_drip = drip(slow), time.monotonic() + 1
    shed = time.monotonic() - begin
    points = [("%d slow clients are let in" % args.clients, held == args.clients, "%d were" % held),
              ("every other client is answered", failed == 0, "%d of 400 were not" % failed),
              ("p99 below %.0f ms" % args.limit_ms, p99 < args.limit_ms, "%.1f ms" % p99),
              ("the slow ones are shed within 75 s", not slow, "%d are left" % len(slow)),
              ("a new client is answered after that", post(args.port) is not None, "it was not")]
    print("# p50 %.1f ms, p99 %.1f ms, all shed after %.0f s" % (1000 * times[len(times) // 2], p99, shed))
    print("1..%d" % len(points))
    for number, (sentence, good, why) in enumerate(points, 1):
        print("ok %d - %s" % (number, sentence) if good else "not ok %d - %s: %s" % (number, sentence, why))
    return 0 if all(good for _, good, _ in points) else 1


sys.exit(main())
