#!/bin/sh
# Under systemd (NOTIFY_SOCKET): ready once it can be spoken to, reloading and ready again, stopping.
. "${0%/*}/lib.sh"

"$python" - "$work/notify" >"$work/heard.out" 2>&1 <<'PY' &
import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
while True:
    print(listener.recv(4096).decode().replace("\n", " "), flush=True)
PY
children="$children $!"
within 10 test -S "$work/notify"

heard() {
	[ "$(grep -c "$1" "$work/heard.out")" -ge "$2" ]
}

printf 'ingest:\n  catch_all: true\n' >"$work/relay.yaml"
export NOTIFY_SOCKET="$work/notify" WATCHDOG_USEC=200000
start_relay --config "$work/relay.yaml"
within 10 heard READY=1 1
within 10 heard WATCHDOG=1 2
kill -HUP "$RELAY_PID"
within 10 heard 'RELOADING=1 MONOTONIC_USEC=' 1
within 10 heard READY=1 2
stop_relay
within 10 heard STOPPING=1 1
