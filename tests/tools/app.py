#!/usr/bin/env python3
"""The local app of the end-to-end tests: records the exact bytes of every request, answers as it is told to.

    app.py --dir DIR [--fail-first N] [--fail-once TEXT]... [--retry-after TEXT] [--status N] [--delay SECONDS] [--mode MODE]
           [--port N] [--pause-file FILE] [--stripe SECRET --tolerance SECONDS] [--certificate FILE --key FILE] [--hold-after N]

Writes DIR/port when it listens, and each request as DIR/000001.req, head and body exactly as they came over the
socket, before it answers. Modes: answer (default), hang (never answers), close (hangs up instead), garbage (not
HTTP), endless (a body that never ends), redirect (to --location), hostile (control bytes wherever they fit). With
--fail-once the first request that has TEXT in it is answered 503, whichever it is. With
--stripe it answers 400 to a Stripe-Signature that is not right or older than --tolerance. With --hold-after the requests
behind the Nth are recorded, and answered once DIR/go is there.
"""
import argparse
import hashlib
import hmac
import http.client
import os
import re
import socket
import ssl
import threading
import time

HOSTILE = b"evil\x1b]0;owned\x07\x1b[2J\xc2\x9b31m"


def reason(status):
    return http.client.responses.get(status, "Unnamed").encode()


def stripe_accepts(raw, secret, tolerance):
    """As Stripe's libraries do: the last t, any v1, compared as text."""
    head, _, body = raw.partition(b"\r\n\r\n")
    values = re.findall(rb"\r\nstripe-signature:[ \t]*([^\r]*)", head, re.I)
    pairs = [pair.split(b"=", 1) for pair in b",".join(values).split(b",") if b"=" in pair]
    stamp = dict(pairs).get(b"t", b"0")
    right = hmac.new(secret.encode(), stamp + b"." + body, hashlib.sha256).hexdigest().encode()
    return len(values) == 1 and [b"v1", right] in pairs and time.time() - int(stamp) <= tolerance


class App:
    def __init__(self, args):
        self.args = args
        self.lock = threading.Lock()
        self.failing = [text.encode() for text in args.fail_once]
        self.count = 0
        os.makedirs(args.dir, exist_ok=True)
        while os.path.exists(self.path(self.count + 1)):
            self.count += 1

    def path(self, number):
        return os.path.join(self.args.dir, "%06d.req" % number)

    def fails_once(self, raw):
        """Whether it is the first request with one of the texts, in whatever order they come."""
        with self.lock:
            found = [text for text in self.failing if text in raw]
            self.failing = [text for text in self.failing if text not in found]
        return found != []

    def record(self, raw):
        with self.lock:
            self.count += 1
            number = self.count
            with open(self.path(number) + ".part", "wb") as out:
                out.write(raw)
            os.rename(self.path(number) + ".part", self.path(number))
        return number

    def listen(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.args.port))
        listener.listen(256)
        port = os.path.join(self.args.dir, "port")
        with open(port + ".part", "w") as out:
            out.write("%d\n" % listener.getsockname()[1])
        os.rename(port + ".part", port)
        tls = None
        if self.args.certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(self.args.certificate, self.args.key)
        while True:
            sock, _ = listener.accept()
            if tls:
                try:
                    sock = tls.wrap_socket(sock, server_side=True)
                except OSError:
                    continue
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest = b""
        try:
            while True:
                raw, rest = read_request(sock, rest)
                if raw is None:
                    break
                refused = self.args.stripe and not stripe_accepts(raw, self.args.stripe, self.args.tolerance)
                status = 400 if refused else 503 if self.fails_once(raw) else self.args.status
                if not self.answer(sock, self.record(raw), status):
                    break
        except OSError:
            pass
        sock.close()

    def answer(self, sock, number, status):
        """Whether the connection can be used again."""
        args = self.args
        while args.hold_after is not None and number > args.hold_after and not os.path.exists(os.path.join(args.dir, "go")):
            threading.Event().wait(0.02)
        if args.delay:
            threading.Event().wait(args.delay)
        if args.mode == "hang":
            threading.Event().wait()
        if args.mode == "close":
            return False
        if args.mode == "garbage":
            sock.sendall(b"\x00\x01nothing like HTTP\r\n\r\n")
            return False
        if args.mode == "endless":
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            while True:
                sock.sendall(b"x" * 65536)
        if args.mode == "redirect":
            sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: " + args.location.encode()
                         + b"\r\nContent-Length: 0\r\n\r\n")
            return True
        if args.mode == "hostile":
            sock.sendall(b"HTTP/1.1 200 " + HOSTILE + b"\r\nX-Evil: " + HOSTILE
                         + b"\r\nContent-Length: %d\r\n\r\n" % len(HOSTILE) + HOSTILE)
            return True
        status = 503 if number <= args.fail_first else status
        body = b"request %d\n" % number
        later = b""
        if status == 503 and args.retry_after:
            later = b"Retry-After: " + args.retry_after.encode() + b"\r\n"
        sock.sendall(b"HTTP/1.1 %d %s\r\n%sContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
                     % (status, reason(status), later, len(body)) + body)
        return True


def read_request(sock, raw):
    """(bytes of one request, bytes behind it); (None, b"") at the end."""
    while b"\r\n\r\n" not in raw:
        data = sock.recv(65536)
        if not data:
            return None, b""
        raw += data
    end = raw.index(b"\r\n\r\n") + 4
    head = raw[:end]
    if re.search(rb"\r\ntransfer-encoding:[ \t]*chunked", head, re.I):
        stop = lambda: raw.find(b"0\r\n\r\n", end)
        while stop() < 0:
            raw += sock.recv(65536) or b"0\r\n\r\n"
        end = stop() + 5
    else:
        length = re.search(rb"\r\ncontent-length:[ \t]*(\d+)", head, re.I)
        parts, end = [raw], end + (int(length.group(1)) if length else 0)
        have = len(raw)
        while have < end:
            data = sock.recv(262144)
            if not data:
                return None, b""
            parts.append(data)
            have += len(data)
        raw = b"".join(parts)
    return raw[:end], raw[end:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fail-first", type=int, default=0)
    parser.add_argument("--fail-once", action="append", default=[])
    parser.add_argument("--retry-after", default="")
    parser.add_argument("--status", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--mode", default="answer",
                        choices="answer hang close garbage endless redirect hostile".split())
    parser.add_argument("--hold-after", type=int)
    parser.add_argument("--stripe", metavar="SECRET")
    parser.add_argument("--tolerance", type=int, default=300)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--location", default="http://127.0.0.1:1/")
    App(parser.parse_args()).listen()


main()
