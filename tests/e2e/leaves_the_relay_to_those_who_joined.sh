#!/bin/sh
# The relay that a listener started is there for others when it is killed, and ends with the last of them.
. "${0%/*}/lib.sh"

# ports of its own, as the file of settings says; a relay on the usual port would be joined instead
mkdir -p "$XDG_CONFIG_HOME/hookline"
printf '%s: {listen: "127.0.0.1:0"}\n' ingest stream admin >"$XDG_CONFIG_HOME/hookline/relay.yaml"
"$python" -c 'import socket; socket.create_connection(("127.0.0.1", 8081), 1)' 2>/dev/null &&
	skip "a relay runs on the usual port"

"$hookline" listen >"$work/first.out" 2>"$work/first.err" </dev/null &
first=$!
children="$children $first"
within 20 grep -q 'ends with the last to leave' "$work/first.err"
RELAY_PID=$(tr -cd 0-9 <"$XDG_DATA_HOME/hookline/hookline.db.lock")
children="$children $RELAY_PID"
tr '\0' ' ' <"/proc/$RELAY_PID/cmdline" >"$work/cmdline.out"
contains "$work/cmdline.out" 'hookline-relay.* --end-with-clients'

HOOKLINE_RELAY=$(sed -n 's/.*relay at \(ws:[^ ]*\).*/\1/p' "$work/first.err")
INGEST=$(sed -n 's/.*webhooks go to \(http:[^ ]*\) .*/\1/p' "$work/first.err")
export HOOKLINE_RELAY
"$hookline" listen >"$work/second.out" 2>"$work/second.err" </dev/null &
second=$!
children="$children $second"
within 20 grep -q 'webhooks go to' "$work/second.err"

kill -KILL "$first"
send /hooks >/dev/null
within 10 grep -q 'default#1' "$work/second.out"
stop "$second"
within 10 gone "$RELAY_PID"
