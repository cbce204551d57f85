#!/bin/sh
# Without a relay a screen starts one, says where it keeps events, and the last screen ends it, whoever started it. Asked
# to stay, it stays.
. "${0%/*}/lib.sh"

own_relay_ports

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
