#!/bin/sh
# Without a relay a screen starts one, says where it keeps events, and the last screen ends it, whoever started it. Asked
# to stay, it stays.
. "${0%/*}/lib.sh"

# ports of its own, as the file of settings says; a relay on the usual port would be joined instead
"$python" -c 'import socket; socket.create_connection(("127.0.0.1", 8081), 1)' 2>/dev/null &&
	skip "a relay runs on the usual port"
mkdir -p "$XDG_CONFIG_HOME/hookline"
"$python" - >"$XDG_CONFIG_HOME/hookline/relay.yaml" <<'PY'
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
for name, free in zip(("ingest", "stream", "admin"), sockets):
    print('%s: {listen: "127.0.0.1:%d"}' % (name, free.getsockname()[1]))
PY
STREAM=ws://$(sed -n 's/^stream.*"\(.*\)".*/\1/p' "$XDG_CONFIG_HOME/hookline/relay.yaml")
INGEST=http://$(sed -n 's/^ingest.*"\(.*\)".*/\1/p' "$XDG_CONFIG_HOME/hookline/relay.yaml")

own_relay() {
	RELAY_PID=$(tr -cd 0-9 <"$XDG_DATA_HOME/hookline/hookline.db.lock")
	children="$children $RELAY_PID"
	alive "$RELAY_PID" || fail "there is no relay"
}

SIZE=120x30
start_screen
first=$SCREEN
shows 'No webhooks yet' 'kept in .*hookline.db' 'ends with the last screen'
own_relay

start_screen "$STREAM"
shows 'No webhooks yet'
second=$SCREEN SCREEN=$first
keys 'q'
on_screen ends 0
SCREEN=$second
send /hooks >/dev/null
shows 'default#1'
keys 'q'
on_screen ends 0
within 10 gone "$RELAY_PID"

start_screen --keep
shows 'default#1' 'stays when the last screen ends'
own_relay
keys 'q'
on_screen ends 0
"$python" "$tools/ask.py" "$STREAM" '{"type":"relay.stay"}' >"$work/stay.out"
contains "$work/stay.out" '"stay": true'
kill -TERM "$RELAY_PID"
within 10 gone "$RELAY_PID"
