#!/bin/sh
# Senders that shut their side down behind the request are answered, however many there are.
. "${0%/*}/lib.sh"

start_relay
"$python" - "$INGEST_PORT" >"$work/answered.out" <<'PY'
import socket, sys

senders = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(200)]
for sender in senders:
    sender.sendall(b"POST /last HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody")
    sender.shutdown(socket.SHUT_WR)
answered = 0
for sender in senders:
    sender.settimeout(20)
    answered += sender.recv(4096).startswith(b"HTTP/1.1 200 ")
print(answered)
PY
equals "senders that were answered" "$(cat "$work/answered.out")" 200
equals "events" "$(list_json --limit 0 | wc -l)" 200
