#!/usr/bin/env python3
"""Runs replay/cases.json with the real commands: what must not be sent is not, and whatever the app answers is an attempt.

    run_replay.py --hookline PROGRAM --ingest URL --stream URL --admin URL --work DIR

Prints "ok must ID[/DOOR] why" or "FAIL must ID[/DOOR] what happened" for each door of each case. Doors: `edit` (the options of
hookline edit, or its editor), `replay`, `listen` and `test` (hookline replay, listen --forward, test).
"""
import argparse
import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
DEADLINE = 40


class App:
    """Keeps every byte it gets; answers `reply` and, when it is endless, goes on until the other side hangs up."""

    def __init__(self):
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.requests, self.sent = [], 0
        self.reply, self.endless = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            peer, _ = self.sock.accept()
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        raw = b""
        try:
            while b"\r\n\r\n" not in raw:
                raw += self.more(peer)
            head, _, body = raw.partition(b"\r\n\r\n")
            length = re.search(rb"\r\ncontent-length:[ \t]*(\d+)", head, re.I)
            while length and len(body) < int(length.group(1)):
                body += self.more(peer)
            self.requests.append((head + b"\r\n", body))
            self.sent = 0
            peer.sendall(self.reply)
            while self.endless:
                self.sent += peer.send(b"x" * 65536)
        except OSError:
            pass
        peer.close()

    @staticmethod
    def more(peer):
        data = peer.recv(65536)
        if not data:
            raise OSError("closed")
        return data


class Bed:
    def __init__(self, args):
        self.args = args
        self.app = App()
        self.failed = False
        self.environment = dict(os.environ, HOOKLINE_RELAY=args.stream)

    def run(self, *words, under=(), **more):
        environment = dict(self.environment, **more)
        done = subprocess.run([*under, self.args.hookline, *words], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE)
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def start(self, *words):
        return subprocess.Popen([self.args.hookline, *words], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def events(self, word="list"):
        _, out, _ = self.run(word, "--json", "--limit", "0")
        return [json.loads(line) for line in out.splitlines()]

    def post(self, path="/torture", headers=(), body=b"{}"):
        """An event of its own; returns its reference."""
        host, port = self.args.ingest[len("http://"):].split(":")
        lines = [b"POST %s HTTP/1.1" % path.encode(), b"Host: relay.test", b"Content-Length: %d" % len(body), *headers]
        with socket.create_connection((host, int(port)), timeout=10) as sock:
            sock.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            answer = sock.recv(65536)
        ref = re.search(rb"\r\nx-hookline-event:[ \t]*([^\r]*)", answer, re.I)
        if not ref:
            raise AssertionError("the relay answered %r" % answer[:200])
        return ref.group(1).decode()

    def screens(self):
        """How many follow the relay; what comes before one does is not forwarded by itself."""
        with urllib.request.urlopen(self.args.admin + "/metrics", timeout=10) as answer:
            return int(re.search(rb"^hookline_screens (\d+)", answer.read(), re.M).group(1))

    def attempt(self, ref):
        """The newest attempt at an event, with what was kept of the answer."""
        _, out, _ = self.run("deliveries", "--json", "--limit", "0", "endpoint:" + ref.split("#")[0])
        rows = [json.loads(line) for line in out.splitlines()]
        rows = [row for row in rows if row["event_ref"] == ref]
        return rows[-1] if rows else None

    def until(self, condition, what):
        limit = time.monotonic() + DEADLINE
        while not condition():
            if time.monotonic() > limit:
                raise AssertionError("did not come true: " + what)
            time.sleep(0.02)

    def told(self, name, case, problem=None):
        self.failed = self.failed or problem is not None
        print("%s must %s %s" % ("FAIL" if problem else "ok", name, problem or case["why"]), flush=True)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


# --- headers, method and target ---

def edit_words(case):
    if "method" in case:
        return ["--method", case["method"]]
    if "target" in case:
        return ["--target", case["target"]]
    name, value = case["header"]
    return ["--header", "%s: %s" % (name, value)]


def editor(bed, case):
    """An editor that puts the case into the raw request, byte for byte: also what no word of a command line can hold."""
    path = os.path.join(bed.args.work, "editor")
    name, value = case.get("header", ["X", "y"])
    line = ("%s: %s" % (name, value)).encode("latin-1")
    with open(path, "w") as out:
        out.write("#!/usr/bin/python3\nimport sys\npath = sys.argv[-1]\nraw = open(path, 'rb').read()\n"
                  "first, rest = raw.split(b'\\n', 1)\nopen(path, 'wb').write(first + b'\\n' + %r + b'\\n' + rest)\n" % line)
    os.chmod(path, 0o700)
    return path


def nothing_injected(bed, before):
    for head, _ in bed.app.requests[before:]:
        check(not re.search(rb"\r\n(X-Injected|X-B|X):", head, re.I), "the app got %r" % head)
        check(b"\0" not in head, "the app got a NUL")
        check(len(re.findall(rb"HTTP/1\.1", head)) == 1, "the app got two requests")


def refused_by_edit(bed, case):
    ref, before = bed.post(), len(bed.app.requests)
    if "\0" in "".join(case.get("header", [])):
        code, _, said = bed.run("edit", ref, "--to", bed.app.url, EDITOR=editor(bed, case), VISUAL="")
    else:
        code, _, said = bed.run("edit", ref, "--to", bed.app.url, *edit_words(case))
    if case["id"] == "colon-name":
        # written as a line, the first colon ends the name: it is the header X, and goes as it was written
        heads = [head for head, _ in bed.app.requests[before:]]
        check(all(b"\r\nX:A: 1\r\n" in head for head in heads), "the app got %r" % heads)
        return
    nothing_injected(bed, before)
    check(code != 0 and len(bed.app.requests) == before, "exit status %d, and %d requests" % (
        code, len(bed.app.requests) - before))
    check(said.strip(), "nothing is said")


def refused_by_test(bed, case):
    """The same as the head of a recorded event in a file."""
    name, value = case.get("header", ["X-A", "1"])
    head = "%s %s HTTP/1.1\r\nHost: a\r\n%s: %s\r\n\r\n" % (
        case.get("method", "POST"), case.get("target", "/"), name, value)
    line = {"ref": "a#1", "head_b64": base64.b64encode(head.encode("latin-1")).decode(), "body_b64": ""}
    with open(os.path.join(bed.args.work, "case.jsonl"), "w") as out:
        out.write(json.dumps(line) + "\n")
    with open(os.path.join(bed.args.work, "case.yaml"), "w") as out:
        out.write("steps:\n  - event: case.jsonl\n")
    before = len(bed.app.requests)
    code, _, said = bed.run("test", os.path.join(bed.args.work, "case.yaml"), "--to", bed.app.url)
    if case["id"] in ("crlf-value", "crlf-name", "colon-name"):
        return  # in the bytes of a head these are two headers, or one of another name: nothing is injected
    check(code == 5 and len(bed.app.requests) == before, "exit status %d, and %d requests: %s" % (
        code, len(bed.app.requests) - before, said))


def sent_in_order(bed, case, send):
    """Headers of one connection, the length and Host of a request that is sent on."""
    name, value = case["header"]
    headers = [b"X-A: 1", b"X-Keep: yes"]
    if case["id"] == "hop-headers":
        headers += [b"Connection: X-A, close", b"Keep-Alive: timeout=5", b"TE: trailers", b"Upgrade: h2c",
                    b"Proxy-Authorization: Basic eA==", b"Trailer: X-T"]
    ref, before = bed.post(headers=headers, body=b"12345"), len(bed.app.requests)
    send(ref)
    bed.until(lambda: len(bed.app.requests) > before, "the app gets it")
    head, body = bed.app.requests[before]
    check(b"\r\nHost: 127.0.0.1:%d\r\n" % bed.app.port in head, "the Host is another: %r" % head)
    check(b"\r\nContent-Length: %d\r\n" % len(body) in head, "the length is another: %r" % head)
    check(b"\r\nX-Keep: yes\r\n" in head, "a header is missing: %r" % head)
    gone = rb"\r\n(Connection|Keep-Alive|TE|Upgrade|Proxy-Authorization|Trailer|Transfer-Encoding):"
    check(not re.search(gone, head, re.I), "a header of the connection was sent: %r" % head)
    check((b"X-A:" in head) == (case["id"] != "hop-headers"), "X-A: %r" % head)


def rule(bed, case, door):
    if case["id"] == "length-mismatch" and door == "edit":
        path = os.path.join(bed.args.work, "body")
        with open(path, "w") as out:
            out.write("another body, longer than before")
        sent_in_order(bed, case, lambda ref: bed.run("edit", ref, "--to", bed.app.url, "--body", path))
    elif door == "replay":
        sent_in_order(bed, case, lambda ref: bed.run("replay", ref, "--to", bed.app.url, "--as-received"))
    elif case["id"] == "host-captured" and door == "kept":
        ref, before = bed.post("/kept"), len(bed.app.requests)
        listen = bed.start("listen", "--since", ref, "--route", "path:/kept => %s host=kept" % bed.app.url)
        try:
            bed.until(lambda: len(bed.app.requests) > before, "the app gets it")
        finally:
            listen.terminate()
            listen.communicate()
        check(b"\r\nHost: relay.test\r\n" in bed.app.requests[before][0], "%r" % bed.app.requests[before][0])
    else:
        forwarded(bed, lambda: sent_in_order(bed, case, lambda ref: None))


# --- destinations ---

def forwarded(bed, story):
    bed.until(lambda: bed.screens() == 0, "whoever was there before is gone")
    listen = bed.start("listen", "--forward", bed.app.url)
    try:
        for line in listen.stderr:
            if b"forwarding to" in line:
                break
        bed.until(lambda: bed.screens() > 0, "it follows")
        story()
    finally:
        listen.terminate()
        listen.communicate()


def destination(bed, case, door):
    url = case["destination"].replace("@RELAY@", bed.args.ingest + "/e/torture-loop")
    ref = bed.post()
    if door == "replay":
        code, _, said = bed.run("replay", ref, "--to", url)
    elif door == "listen":
        code, _, said = bed.run("listen", "--forward", url)
    elif door == "edit":
        code, _, said = bed.run("edit", ref, "--to", url, "--header", "X-A: 1")
    else:
        raw = subprocess.run([bed.args.hookline, "show", ref, "--raw"], env=bed.environment, stdout=subprocess.PIPE).stdout
        with open(os.path.join(bed.args.work, "one.http"), "wb") as out:
            out.write(raw)
        with open(os.path.join(bed.args.work, "case.yaml"), "w") as out:
            out.write("steps:\n  - event: one.http\n")
        code, _, said = bed.run("test", os.path.join(bed.args.work, "case.yaml"), "--to", url)
        if case["id"] == "dest-self":
            arrived = [event for event in bed.events() if event["target"].startswith("/e/torture-loop")]
            check(len(arrived) <= 1, "it went round %d times" % len(arrived))
            return
    check(code == 2, "exit status %d: %s" % (code, said))
    check(said.strip(), "nothing is said")
    check(not [event for event in bed.events() if event["target"].startswith("/e/torture-loop")
               and event["ref"] == ref], "it went round")


# --- answers ---

def answer(bed, case, door):
    bed.app.reply = case["reply"].replace("@ENDLESS@", "").encode("latin-1")
    bed.app.endless = "@ENDLESS@" in case["reply"]
    before = len(bed.app.requests)
    if door == "replay":
        ref = bed.post()
        bed.run("replay", ref, "--to", bed.app.url)
    else:
        refs = []
        forwarded(bed, lambda: (refs.append(bed.post()), bed.until(lambda: bed.attempt(refs[0]), "an attempt")))
        ref = refs[0]
    attempt = bed.attempt(ref)
    check(attempt, "there is no attempt")
    if "302" in case["reply"]:
        check(attempt["status"] == 302 and not attempt["error"], "recorded as %r" % attempt)
        check(len(bed.app.requests) == before + 1, "%d requests" % (len(bed.app.requests) - before))
    elif bed.app.endless:
        check(attempt["status"] == 200, "status %d" % attempt["status"])
        check(attempt["answer_body_len"] <= 1 << 20 < attempt["answer_body_total"], "not recorded as cut: %r" % attempt)
        check(bed.app.sent < 64 << 20, "the app was let send %d bytes" % bed.app.sent)
    else:
        check(attempt["status"] == 0 and attempt["error"], "recorded as %r" % attempt)


def run_answers(bed, case):
    usual = bed.app.reply, bed.app.endless
    for door in ("replay", "listen"):
        judge(bed, case, door, lambda: answer(bed, case, door))
        bed.app.reply, bed.app.endless = usual


# --- names that lead elsewhere ---

def link_local(bed, case):
    """Names below localhost are this machine, whatever a resolver says; an address that is not is refused when it is connected to."""
    hosts = os.path.join(bed.args.work, "hosts")
    with open(hosts, "w") as out:
        out.write("127.0.0.1 localhost\n169.254.169.254 meta.localhost\n")
    script = 'mount --bind "$0" /etc/hosts && exec "$@"'
    probe = ["unshare", "-m", "sh", "-c", script, hosts]
    try:
        ready = subprocess.run([*probe, "getent", "hosts", "meta.localhost"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        ready = None
    if not ready or b"169.254.169.254" not in ready.stdout:
        bed.told("link-local/skipped", {"why": "no mount namespace here"})
        return

    def story():
        ref = bed.post()
        code, _, _ = bed.run("replay", ref, "--to", "http://meta.localhost:80/latest/meta-data/", under=probe)
        check(code != 0, "exit status 0")
        attempt = bed.attempt(ref)
        check(attempt and attempt["status"] == 0, "recorded as %r" % attempt)
        refused = "169.254.169.254" in attempt["error"] and "not this machine" in attempt["error"]
        check(refused or "connection refused" in attempt["error"], attempt["error"])

    judge(bed, case, "replay", story)


def judge(bed, case, door, story):
    try:
        story()
        bed.told("%s/%s" % (case["id"], door), case)
    except (AssertionError, subprocess.TimeoutExpired, OSError) as err:
        bed.told("%s/%s" % (case["id"], door), case, str(err).replace("\n", " ")[:400])


def run_case(bed, case):
    if "destination" in case:
        for door in ("replay", "listen", "edit", "test"):
            judge(bed, case, door, lambda: destination(bed, case, door))
    elif "reply" in case:
        run_answers(bed, case)
    elif case["expect"] == "refused":
        judge(bed, case, "edit", lambda: refused_by_edit(bed, case))
        judge(bed, case, "test", lambda: refused_by_test(bed, case))
    else:
        doors = {"length-mismatch": ["edit", "replay"], "host-captured": ["replay", "listen", "kept"]}
        for door in doors.get(case["id"], ["replay", "listen"]):
            judge(bed, case, door, lambda: rule(bed, case, door))


def main():
    parser = argparse.ArgumentParser()
    for name in ("hookline", "ingest", "stream", "admin", "work"):
        parser.add_argument("--" + name, required=True)
    bed = Bed(parser.parse_args())
    with open(os.path.join(HERE, "replay", "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for case in cases:
        run_case(bed, case)
    link_local(bed, {"id": "link-local", "why": "a name of this machine that resolves to another"})
    return 1 if bed.failed else 0


sys.exit(main())
