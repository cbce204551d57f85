#!/bin/sh
# Hostile handshakes and frames on the stream port, with a token set.
. "${0%/*}/../e2e/lib.sh"

start_relay_with_token
"$python" "$here/run_ws.py" --port "$STREAM_PORT" --path / --auth "Bearer $(cat "$work/token")" --pid "$RELAY_PID" |
	as_tap unmasked-text "libwebsockets takes unmasked frames of clients, and nothing comes of it"
