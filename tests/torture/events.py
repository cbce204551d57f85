#!/usr/bin/env python3
"""The stored events as run_http.py wants them: a JSON array of {"method","target","headers","body_b64"}.

    events.py ADMIN_URL STATE

The driver asks twice a case and looks only at what is new since: events that were printed before are printed as {}, so
that a run does not read all that came before again and again. STATE keeps how far it was.
"""
import base64
import json
import sys
import urllib.request


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return [json.loads(line) for line in answer.read().split(b"\n") if line]


def as_wanted(event):
    head = base64.b64decode(event["head_b64"]).decode("latin1")
    lines = [line.partition(":") for line in head.split("\r\n")[1:] if line]
    return {"method": event["method"], "target": event["target"], "body_b64": event["body_b64"],
            "headers": [[name, value.strip(" \t")] for name, _, value in lines]}


def main():
    admin, state = sys.argv[1:]
    try:
        with open(state, encoding="ascii") as file:
            printed = int(file.read())
    except FileNotFoundError:
        printed = 0
    newest = get(admin + "/api/events?endpoint=default&limit=1")
    count = newest[0]["seq"] if newest else 0
    new = []
    if count > printed:
        new = get(admin + "/api/events?endpoint=default&bytes=true&limit=%d" % (count - printed))
    with open(state, "w", encoding="ascii") as file:
        file.write("%d" % count)
    json.dump([{}] * printed + [as_wanted(event) for event in reversed(new)], sys.stdout)


main()
