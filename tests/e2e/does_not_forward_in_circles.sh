#!/bin/sh
# Forwarding to the relay itself: refused, or over after one hop.
. "${0%/*}/lib.sh"

start_relay
if "$hookline" list --json >/dev/null && timeout 5 "$hookline" listen --forward "$INGEST/loop" 2>"$work/refused.err"; then
	fail "it ended by itself and said it was fine"
elif [ $? = 124 ]; then
	start_hookline --forward "$INGEST/loop"
	send /one --count 3 >/dev/null
	quiet() {
		[ "$(metric hookline_deliveries_total)" -ge 3 ]
	}
	within 10 quiet
	[ "$(metric hookline_events_received_total)" -le 6 ] || fail "it goes round and round"
else
	contains "$work/refused.err" 'relay'
fi
