#!/usr/bin/env python3
"""Sends requests to a relay on this machine, exactly as told.

    send.py post URL [-X METHOD] [-H 'Name: value']... [--body TEXT | --body-file FILE] [--chunked] [--count N]
            [--sign github:SECRET | --sign stripe:SECRET[:SECONDS-AGO]] [--cacert FILE]
        one line an answer: status, and the event's reference when there is one; @N@ in TEXT is the number of the request
    send.py raw PORT FILE     the bytes of FILE; prints what comes back until the relay hangs up or is quiet
    send.py get URL           prints the body; exit status 1 unless 2xx
"""
import argparse
import hashlib
import hmac
import re
import select
import socket
import ssl
import sys
import time
from urllib.parse import urlsplit


def connect(url, cacert=None):
    sock = socket.create_connection((url.hostname, url.port), timeout=30)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if url.scheme == "https":
        sock = ssl.create_default_context(cafile=cacert).wrap_socket(sock, server_hostname=url.hostname)
    return sock


def read_answer(sock):
    """(status, head, body) of one answer; a status of 0: the relay hung up."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        data = sock.recv(65536)
        if not data:
            return 0, raw, b""
        raw += data
    head, _, body = raw.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status == 100:
        return read_answer(sock)
    length = re.search(rb"\r\ncontent-length:[ \t]*(\d+)", head, re.I)
    while length and len(body) < int(length.group(1)):
        data = sock.recv(65536)
        if not data:
            break
        body += data
    return status, head, body


def signature(how, body):
    """A signature header as the provider would send it."""
    provider, secret, *ago = how.split(":")
    if provider == "github":
        return "X-Hub-Signature-256: sha256=" + mac(secret, body)
    sent = int(time.time()) - int(ago[0] if ago else 0)
    return "Stripe-Signature: t=%d,v1=%s" % (sent, mac(secret, b"%d." % sent + body))


def mac(secret, data):
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def framed(body, chunked):
    """(header line, bytes) that carry the body."""
    if not chunked:
        return "Content-Length: %d" % len(body), body
    out, step = b"", max(1, len(body) // 3)
    for at in range(0, len(body), step):
        piece = body[at:at + step]
        out += b"%x\r\n" % len(piece) + piece + b"\r\n"
    return "Transfer-Encoding: chunked", out + b"0\r\n\r\n"


def post(args):
    url = urlsplit(args.url)
    body = args.body.encode("utf-8", "surrogateescape")
    if args.body_file:
        with open(args.body_file, "rb") as file:
            body = file.read()
    sock = connect(url, args.cacert)
    for number in range(1, args.count + 1):
        content = body if args.body_file else body.replace(b"@N@", b"%d" % number)
        length, content_framed = framed(content, args.chunked)
        lines = ["%s %s HTTP/1.1" % (args.X, (url.path or "/") + ("?" + url.query if url.query else "")),
                 "Host: " + url.netloc, length] + args.H
        if args.sign:
            lines.append(signature(args.sign, content))
        head = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
        sock.sendall(head + content_framed)
        status, answer, _ = read_answer(sock)
        ref = re.search(rb"\r\nx-hookline-event:[ \t]*([^\r]*)", answer, re.I)
        print(status, ref.group(1).decode() if ref else "", flush=True)
        if status == 0 or b"\r\nconnection: close" in answer.lower():
            sock.close()
            if number < args.count:
                sock = connect(url, args.cacert)


def raw(args):
    sock = socket.create_connection(("127.0.0.1", args.port), timeout=10)
    with open(args.file, "rb") as file:
        sock.sendall(file.read())
    wait = 5
    while select.select([sock], [], [], wait)[0]:
        data = sock.recv(65536)
        if not data:
            break
        sys.stdout.buffer.write(data)
        wait = 0.3


def get(args):
    url = urlsplit(args.url)
    sock = connect(url)
    headers = "".join("%s\r\n" % line for line in args.H)
    target = (url.path or "/") + ("?" + url.query if url.query else "")
    sock.sendall(("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
                  % (target, url.netloc, headers)).encode())
    status, _, body = read_answer(sock)
    while True:
        data = sock.recv(65536)
        if not data:
            break
        body += data
    sys.stdout.buffer.write(body)
    return 0 if 200 <= status < 300 else 1


def main():
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("post")
    verb.add_argument("url")
    verb.add_argument("-X", default="POST")
    verb.add_argument("-H", action="append", default=[])
    verb.add_argument("--body", default="{}")
    verb.add_argument("--body-file")
    verb.add_argument("--chunked", action="store_true")
    verb.add_argument("--count", type=int, default=1)
    verb.add_argument("--sign")
    verb.add_argument("--cacert")
    verb.set_defaults(run=post)
    verb = verbs.add_parser("raw")
    verb.add_argument("port", type=int)
    verb.add_argument("file")
    verb.set_defaults(run=raw)
    verb = verbs.add_parser("get")
    verb.add_argument("url")
    verb.add_argument("-H", action="append", default=[])
    verb.set_defaults(run=get)
    args = parser.parse_args()
    try:
        return args.run(args) or 0
    except (OSError, ssl.SSLError) as err:
        print("send.py: %s" % err, file=sys.stderr)
        return 1


sys.exit(main())
