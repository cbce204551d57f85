#!/bin/sh
# SIGHUP with a mistake in the file: told with its place, and nothing changes.
. "${0%/*}/lib.sh"

: >"$work/relay.yaml"
start_relay --config "$work/relay.yaml"

echo 'nonsense: [' >"$work/relay.yaml"
kill -HUP "$RELAY_PID"

within 10 grep -q 'relay.yaml:[0-9]*:[0-9]*' "$work/relay.err"
send /hooks | grep -q '^200 ' || fail "it does not answer any more"
: >"$work/relay.yaml"
kill -HUP "$RELAY_PID"
within 10 grep -q 'read again' "$work/relay.err"
send /hooks | grep -q '^200 ' || fail "it does not answer any more"
