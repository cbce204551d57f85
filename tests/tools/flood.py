#!/usr/bin/env python3
"""Opens more connections to a relay than it may have, holds them, and lets go.

    flood.py PORT PID COUNT

Prints one JSON object: connections made, seconds of processor time the relay used in two seconds of the siege, and how
long after the release a new client waited for its answer.
"""
import json
import os
import resource
import socket
import sys
import time


def cpu(pid):
    with open("/proc/%d/stat" % pid, encoding="latin1") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def begin(port):
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(("127.0.0.1", port))
    return sock


def is_answered(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
            sock.settimeout(1)
            sock.sendall(b"POST /after HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            return sock.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def main():
    port, pid, count = (int(word) for word in sys.argv[1:])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 100), hard))
    socks = [begin(port) for _ in range(min(count, hard - 100))]
    time.sleep(1)  # what it does with those that came is over: what follows is the siege
    before = cpu(pid)
    time.sleep(2)
    used = cpu(pid) - before
    for sock in socks:
        sock.close()
    released = time.monotonic()
    while not is_answered(port) and time.monotonic() < released + 20:
        pass
    print(json.dumps({"made": len(socks), "cpu": used, "waited": time.monotonic() - released}))


if __name__ == "__main__":
    main()
