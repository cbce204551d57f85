#!/bin/sh
# Hostile HTTP: what is answered, what is stored, and that the relay lives on.
. "${0%/*}/../e2e/lib.sh"

start_relay
"$python" "$here/run_http.py" --strict --port "$INGEST_PORT" --pid "$RELAY_PID" \
	--events-cmd "'$python' '$here/events.py' '$ADMIN' '$work/events'" | as_tap
