#!/usr/bin/env python3
"""A webhook handler as people write them, for what `hookline prove` finds out: a good one, or one with defects.

    handler.py --dir DIR [--secret SECRET] [--scheme stripe|github|standard] [--defects NAME,...]

Writes DIR/port when it listens. What it has done stands in DIR/done, one event id a line; DIR/last is the id it saw last.
Defects:
    idempotency  does it again when the event comes again
    race         looks whether it was done, waits a moment, and only then does it
    answer       answers a repeated event otherwise
    again        answers a repeated event with 500
    slow         takes its time for a repeated event
    signature    does not look at the signature
    body         looks only whether the signature is there, not what it is over
    time         does not look at the time that is signed
    future       looks only whether the time is too old
    names        knows the name of the signature's header in one case alone
    doubled      takes the first of several signatures
    type         does not look at Content-Type
    limit        takes bodies of any size
    empty        crashes on an empty body: 500
    hang-up      crashes on an empty body: hangs up
    id           does not see that the id is signed
    order        cannot stand an event that is older than the last one
    partial      does what it got, also when the body broke off
"""
import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time

LIMIT = 1024 * 1024
TOLERANCE = 300


def signature_of(scheme, secret, stamp, message_id, body):
    key = secret.encode()
    if scheme == "stripe":
        return hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if scheme == "github":
        return "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = message_id.encode() + b"." + stamp.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


HEADERS = {"stripe": "Stripe-Signature", "github": "X-Hub-Signature-256", "standard": "webhook-signature"}


class Refused(Exception):
    pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def has(self, defect):
        return defect in self.server.args.defects

    def values(self, name):
        if self.has("names"):
            return [value for key, value in self.headers.items() if key == name]
        return self.headers.get_all(name) or []

    def one(self, name):
        values = self.values(name)
        if not values:
            raise Refused(401, name + " is missing")
        if len(values) > 1 and not self.has("doubled"):
            raise Refused(400, name + " is there twice")
        return values[0]

    def check(self, body):
        args = self.server.args
        if not args.secret or self.has("signature"):
            return
        value, stamp, message_id = self.one(HEADERS[args.scheme]), "", ""
        if self.has("body"):
            return
        if args.scheme == "stripe":
            pairs = dict(pair.split("=", 1) for pair in value.split(",") if "=" in pair)
            stamp, value = pairs.get("t", "0"), pairs.get("v1", "")
        elif args.scheme == "standard":
            stamp, message_id = self.one("webhook-timestamp"), self.one("webhook-id")
        right = [signature_of(args.scheme, args.secret, stamp, message_id, body)]
        if self.has("id") and args.scheme == "standard":
            self.server.ids.add("msg_1")
            right = [signature_of(args.scheme, args.secret, stamp, known, body) for known in self.server.ids]
        if not any(hmac.compare_digest(one, value) for one in right):
            raise Refused(401, "the signature is not right")
        if stamp and not self.has("time"):
            age = time.time() - int(stamp)
            if age > TOLERANCE or (age < -TOLERANCE and not self.has("future")):
                raise Refused(401, "the time is not right")

    def handle_event(self, body):
        server = self.server
        event = json.loads(body).get("id", "?") if body.startswith(b"{") else "?"
        with server.lock:
            known = event in server.read("done").split()
            last = server.read("last").strip()
            if self.has("order") and last and event < last:
                raise Refused(500, "%s came behind %s" % (event, last))
            server.write("last", max(event, last))
            if not self.has("race"):
                self.do(event, known)
        if self.has("race"):
            time.sleep(0.1)
            self.do(event, known)
        if known and self.has("slow"):
            time.sleep(0.5)
        if known and self.has("again"):
            raise Refused(500, "it is there already")
        return {"ok": True, "repeated": True} if known and self.has("answer") else {"ok": True}

    def do(self, event, known):
        if not known or self.has("idempotency"):
            self.server.append("done", event + "\n")

    def read_body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LIMIT and not self.has("limit"):
            self.rest = length
            while self.rest > 0:
                got = self.rfile.read(min(65536, self.rest))
                self.rest -= len(got) or self.rest
            raise Refused(413, "too large")
        body = self.rfile.read(length)
        if len(body) < length and not self.has("partial"):
            raise Refused(400, "the body broke off")
        return body

    def do_POST(self):
        try:
            body = self.read_body()
            if not body and self.has("empty"):
                raise Refused(500, "nothing to parse")
            if not body and self.has("hang-up"):
                self.close_connection = True
                return
            if not self.has("type") and not (self.headers.get("Content-Type") or "").startswith("application/json"):
                raise Refused(415, "this is no JSON")
            if not body:
                raise Refused(400, "nothing is in it")
            self.check(body)
            if not self.has("partial"):
                try:
                    json.loads(body)
                except ValueError:
                    raise Refused(400, "this is no JSON")
            self.answer(200, self.handle_event(body))
        except Refused as refused:
            self.answer(refused.args[0], {"error": refused.args[1]})
        except ValueError:
            self.server.append("done", "broken\n")
            self.answer(500, {"error": "broken"})

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # it hung up

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, args):
        self.args, self.lock, self.ids = args, threading.Lock(), set()
        os.makedirs(args.dir, exist_ok=True)
        for name in ("done", "last"):
            self.append(name, "")
        super().__init__(("127.0.0.1", 0), Handler)

    def path(self, name):
        return os.path.join(self.args.dir, name)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def append(self, name, text):
        with open(self.path(name), "a") as file:
            file.write(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    parser.add_argument("--secret", default="")
    parser.add_argument("--scheme", default="stripe", choices=sorted(HEADERS))
    parser.add_argument("--defects", default="", type=lambda text: set(text.split(",")) - {""})
    args = parser.parse_args()
    server = Server(args)
    port = os.path.join(args.dir, "port")
    with open(port + ".part", "w") as out:
        out.write("%d\n" % server.server_port)
    os.rename(port + ".part", port)
    server.serve_forever()


if __name__ == "__main__":
    main()
