#!/bin/sh
# A relay that ends with its clients stays when one of them asks it to, and no longer when one takes that back.
. "${0%/*}/lib.sh"

ask_to_stay() {
	"$python" "$tools/ask.py" "$STREAM" "{\"type\":\"relay.stay\",\"stay\":$1}" >"$work/answer.out"
	contains "$work/answer.out" "$2"
}

nobody_is_there() {
	[ "$(metric hookline_screens)" = 0 ]
}

start_relay --end-with-clients=0
ask_to_stay true '"stay": true, "ends_with_clients": true'
within 10 nobody_is_there
send /hooks >/dev/null
alive "$RELAY_PID" || fail "it did not stay"
ask_to_stay false '"stay": false, "ends_with_clients": true'
within 10 gone "$RELAY_PID"

# one that was not started so says what it does
start_relay
ask_to_stay false 'until it is stopped'
