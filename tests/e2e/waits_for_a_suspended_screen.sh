#!/bin/sh
# A listener that is stopped (Ctrl-Z) is hung up on after half a minute, but its relay waits for it to come back.
. "${0%/*}/lib.sh"

nobody_is_there() {
	[ "$(metric hookline_screens)" = 0 ]
}

start_relay --end-with-clients=0
start_hookline
kill -STOP "$LISTEN_PID"
within 60 nobody_is_there
send /hooks >/dev/null
alive "$RELAY_PID" || fail "the relay did not wait"

kill -CONT "$LISTEN_PID"
within 20 grep -q 'default#1' "$work/listen.out"
stop "$LISTEN_PID"
within 10 gone "$RELAY_PID"
