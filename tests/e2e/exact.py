#!/usr/bin/env python3
"""Whether bytes come through: sends requests over raw sockets and compares what is kept and what is forwarded.

    exact.py --port INGEST --app-dir DIR --hookline PROGRAM [--every N] VECTORS.json...

Prints TAP, one point a request: `hookline show REF --raw` must give the very bytes that were sent (the body without
its transfer coding), and the app must have got the same request line, header lines in their order, and body, but for
Host, the length and hop-by-hop headers. --every N asks `show` for each Nth only; the rest comes out of one export.
"""
import argparse
import base64
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

NOT_FORWARDED = {b"host", b"content-length", b"transfer-encoding", b"connection", b"keep-alive", b"te", b"trailer",
                 b"upgrade", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"expect"}


class Request:
    def __init__(self, name, head, body, wire=None):
        self.name, self.head, self.body = name, head, body
        self.wire = wire or head + body
        self.ref = None


def body_of(body):
    if "b64" in body:
        return base64.b64decode(body["b64"])
    data = b"".join(base64.b64decode(part["b64"]) * part["times"] for part in body["parts"])
    assert hashlib.sha256(data).hexdigest() == body["sha256"]
    return data


def vectors(path):
    with open(path, encoding="utf-8") as file:
        for vector in json.load(file)["vectors"]:
            request = vector["request"]
            url = urlsplit(request["url"])
            body = body_of(request["body"])
            lines = ["%s %s HTTP/1.1" % (request["method"], (url.path or "/") + ("?" + url.query if url.query else "")),
                     "Host: " + url.netloc]
            lines += ["%s: %s" % (name, value) for name, value in request["headers"]]
            if body or request["method"] not in ("GET", "HEAD"):
                lines.append("Content-Length: %d" % len(body))
            yield Request(vector["id"], "\r\n".join(lines).encode("latin1") + b"\r\n\r\n", body)


def made(name, lines, body, target=b"/made", chunks=None):
    head = b"POST " + target + b" HTTP/1.1\r\nHost: localhost\r\n" + b"".join(line + b"\r\n" for line in lines)
    if chunks is None:
        return Request(name, head + b"Content-Length: %d\r\n\r\n" % len(body), body)
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    wire = head
    for at in range(0, len(body), chunks):
        piece = body[at:at + chunks]
        wire += b"%X\r\n" % len(piece) + piece + b"\r\n"
    return Request(name, head, body, wire + b"0\r\n\r\n")


def hard_ones():
    noise = random.Random(1).randbytes
    repeated = [b"X-Case: one", b"x-case: two", b"X-CASE:three", b"Accept: a", b"aCCept: b", b"x-case:   four \t"]
    yield made("10 MiB of noise", [b"Content-Type: application/octet-stream"], noise(10 << 20))
    yield made("10 MiB in chunks", [], noise(10 << 20), chunks=70001)
    yield made("every byte there is", [], bytes(range(256)) * 3)
    yield made("NUL, CR LF and what looks like a head", [], b"\0a\r\n\r\nPOST / HTTP/1.1\r\n\r\n\0")
    yield made("text that is no UTF-8", [b"Content-Type: text/plain; charset=utf-8"], b"\xff\xfe\xc0\x80\xed\xa0\x80")
    yield made("nothing at all", [], b"")
    yield made("nothing, in chunks", [], b"", chunks=1)
    yield made("names repeated in every case", repeated, b"{}")
    yield made("values beyond ASCII", [b"X-Latin: caf\xe9", "X-Utf8: caf\u00e9 \u2603".encode(), b"X-Tab: a\tb"], b"{}")
    yield made("a value of 8,000 bytes", [b"X-Long: " + b"v" * 8000], b"{}")
    yield made("two hundred headers", [b"X-H%d: %d" % (i, i) for i in range(200)], b"{}")
    yield made("a target nobody should tidy", [], b"{}", b"/a%2Fb//c/../d%20e;p=1/.?q=a+b%26c&&z=%zz&=#".rstrip(b"#"))
    yield made("a target beyond ASCII", [], b"{}", b"/caf\xc3\xa9/\xff?\xe9=1")
    yield made("one byte a chunk", [], b"{\"a\":\"b\"}" * 50, chunks=1)


def send(port, requests):
    sock = socket.create_connection(("127.0.0.1", port), timeout=60)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    raw = b""
    for request in requests:
        sock.sendall(request.wire)
        while b"\r\n\r\n" not in raw:
            data = sock.recv(65536)
            if not data:
                return
            raw += data
        head, _, raw = raw.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head).group(1))
        while len(raw) < length:
            raw += sock.recv(65536)
        raw = raw[length:]
        ref = re.search(rb"(?i)\r\nx-hookline-event: *([^\r]+)", head)
        if head.split(b" ")[1] == b"200" and ref:
            request.ref = ref.group(1).decode()
        elif head.split(b" ")[1] != b"200":
            return


def forwarded(head, body):
    """What must arrive, in a form that compares."""
    lines = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [line for line in lines[1:] if line.split(b":")[0].lower() not in NOT_FORWARDED]
    return b"\r\n".join(lines[:1] + kept), hashlib.sha256(body).hexdigest()


def arrived(app_dir, number):
    """Counts what the app recorded, once it has `number` requests or nothing comes any more."""
    end, have = time.time() + 120, -1
    while have < number and time.time() < end:
        time.sleep(0.05)
        now = sum(name.endswith(".req") for name in os.listdir(app_dir))
        have = now
    seen = collections.Counter()
    for name in os.listdir(app_dir):
        if name.endswith(".req"):
            with open(os.path.join(app_dir, name), "rb") as file:
                head, _, body = file.read().partition(b"\r\n\r\n")
            seen[forwarded(head, body)] += 1
    return seen


def exported(hookline):
    out = subprocess.run([hookline, "export", "--format", "jsonl"], stdout=subprocess.PIPE, check=True).stdout
    events = (json.loads(line) for line in out.split(b"\n") if line)
    return {event["ref"]: base64.b64decode(event["head_b64"]) + base64.b64decode(event["body_b64"])
            for event in events if "head_b64" in event}


def shown(hookline, ref):
    return subprocess.run([hookline, "show", ref, "--raw"], stdout=subprocess.PIPE, check=False).stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--app-dir", required=True)
    parser.add_argument("--hookline", required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("vectors", nargs="*")
    args = parser.parse_args()
    requests = [request for path in args.vectors for request in vectors(path)] + list(hard_ones())
    print("1..%d" % len(requests))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: send(args.port, part), [requests[i::4] for i in range(4)]))
        show = [request.ref for i, request in enumerate(requests) if request.ref and i % args.every == 0]
        kept = exported(args.hookline) if args.every > 1 else {}
        kept.update(zip(show, pool.map(lambda ref: shown(args.hookline, ref), show)))
    seen = arrived(args.app_dir, len(requests))
    bad = 0
    for number, request in enumerate(requests, 1):
        why = judge(request, kept, seen)
        bad += bool(why)
        print("%sok %d - %s%s" % ("not " if why else "", number, request.name, ": " + why if why else ""))
    if bad and +seen:
        print("# at the app, and not as sent: %r" % list(+seen)[:3])
    return 0


def judge(request, kept, seen):
    """What is wrong with it; empty: nothing."""
    if request.ref is None:
        return "not answered with 200 and a reference"
    if kept.get(request.ref) != request.head + request.body:
        return "%s was not kept as sent" % request.ref
    key = forwarded(request.head, request.body)
    if not seen[key]:
        return "%s did not arrive at the app as sent" % request.ref
    seen[key] -= 1
    return ""


sys.exit(main())
