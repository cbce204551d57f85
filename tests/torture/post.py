#!/usr/bin/env python3
"""Posts a hostile payload to the relay in every place a sender can put it; prints the references of what was kept.

    post.py PORT FILE ID
"""
import json
import re
import socket
import sys


def post(port, target, headers, body):
    """The event's reference; None when the relay refused the request."""
    head = b"POST " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n" % len(body)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(head + b"".join(line + b"\r\n" for line in headers) + b"\r\n" + body)
        answer = b""
        while True:
            data = sock.recv(65536)
            if not data:
                break
            answer += data
    ref = re.search(rb"(?i)\r\nx-hookline-event: *([^\r]+)", answer)
    return ref.group(1).decode() if ref else None


def requests(payload, name):
    """Each place by its name: target, headers and body."""
    # Recognised as Stripe's, whose `type` and `id` are shown in lists: once escaped as JSON, once as raw bytes.
    stripe = [b"Content-Type: application/json", b"Stripe-Signature: t=1,v1=00"]
    text = payload.decode("utf-8", "replace")
    raw = b'{"type":"' + payload.replace(b'"', b"'").replace(b"\\", b"/") + b'","id":"evt"}'
    return {"raw": (b"/" + name, stripe, raw),
            "json": (b"/" + name, stripe, json.dumps({"type": text, "id": text}).encode()),
            "target": (b"/" + re.sub(rb"[\x00-\x20\x7f]", b"", payload)[:2000], [b"X-Id: " + name], b"{}"),
            "header": (b"/" + name, [b"X-Payload: " + payload, b"X-GitHub-Event: " + payload], b"{}"),
            "text": (b"/" + name, [b"Content-Type: text/plain"], payload)}


def post_all(port, payload, name):
    """The references of what was kept, by place."""
    refs = {place: post(port, *request) for place, request in requests(payload, name).items()}
    return {place: ref for place, ref in refs.items() if ref}


def main():
    port, path, name = int(sys.argv[1]), sys.argv[2], sys.argv[3].encode()
    with open(path, "rb") as file:
        print(" ".join(post_all(port, file.read(), name).values()))


if __name__ == "__main__":
    main()
