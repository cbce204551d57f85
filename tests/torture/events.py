#!/usr/bin/env python3
"""The stored events as run_http.py wants them: a JSON array of {"method","target","headers","body_b64"}.

    events.py HOOKLINE STATE

The driver asks twice a case and looks only at what is new since: events that were printed before are printed as {},
so that a run does not read all that came before again and again. STATE keeps how far it was.
"""
import json
import subprocess
import sys


def main():
    hookline, state = sys.argv[1:]
    try:
        with open(state, encoding="ascii") as file:
            printed = int(file.read())
    except FileNotFoundError:
        printed = 0
    words = [hookline, "export", "--format", "jsonl"]
    if printed:
        words += ["--since", "default#%d" % printed]
    out = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    new = [json.loads(line) for line in out.split(b"\n") if line]
    new = [event for event in new if event["seq"] > printed]
    with open(state, "w", encoding="ascii") as file:
        file.write("%d" % (printed + len(new)))
    wanted = ("method", "target", "headers", "body_b64")
    json.dump([{}] * printed + [{key: event[key] for key in wanted} for event in new], sys.stdout)


main()
