#!/bin/sh
# SIGTERM: nobody new is let in, a request that is half there is answered, the screens are told, exit 0.
. "${0%/*}/lib.sh"

start_relay
start_hookline

"$python" - "$INGEST_PORT" "$RELAY_PID" <<'PY'
import os
import signal
import socket
import sys
import time

port, pid = int(sys.argv[1]), int(sys.argv[2])
sock = socket.create_connection(("127.0.0.1", port), timeout=15)
sock.sendall(b"POST /half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
             b"Expect: 100-continue\r\n\r\n")
if not sock.recv(4096).startswith(b"HTTP/1.1 100"):
    sys.exit("no 100")
sock.sendall(b"hello")
os.kill(pid, signal.SIGTERM)
end = time.time() + 5
while time.time() < end:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        time.sleep(0.02)
    except OSError:
        break
else:
    sys.exit("it still lets new clients in")
sock.sendall(b"world")
answer = sock.recv(4096)
if not answer.startswith(b"HTTP/1.1 200"):
    sys.exit("the request in flight got %r" % answer[:80])
PY
within 12 gone "$RELAY_PID"
code=0
wait "$RELAY_PID" || code=$?
equals "exit status" "$code" 0
within 10 grep -q -i 'stopping' "$work/listen.err"
start_relay
equals "target of the event" "$(field default#1 target)" /half
