#!/bin/sh
# A relay that is stopped leaves nobody waiting: who waits for an app or a delay is answered at once. One that is killed says of the
# event, when it comes back, that its sender got nothing.
. "${0%/*}/lib.sh"

# ask PATH: in the background; its status goes to PATH.status
ask() {
	curl -sS -o /dev/null -w '%{http_code}' --max-time 30 "$INGEST/e/$1/" -d '{}' >"$work/$1.status" 2>/dev/null &
	ASKING=$!
}

waiting() {
	[ "$(list_json --limit 0 | grep -c '"answer_by":"waiting"')" = "$1" ]
}

start_relay
start_app --mode hang
"$hookline" endpoint add shop --answer app --answer-status 503 >/dev/null
"$hookline" endpoint add slow --answer-delay 60s --answer-status 202 >/dev/null
start_hookline --endpoint shop --forward "$APP_URL"
ask shop
first=$ASKING
ask slow
second=$ASKING
within 10 waiting 2
equals "those who wait" "$(metric hookline_ingest_waiting)" 2

stop_relay
wait "$first" "$second"
equals "who waited for an app" "$(cat "$work/shop.status")" 503
equals "who waited for a delay" "$(cat "$work/slow.status")" 202
start_relay
equals "what is kept of it" "$(field shop#1 answer_by): $(field shop#1 answer_why)" "fallback: the relay is stopping"
equals "what is kept of it" "$(field slow#1 answer_by) $(field slow#1 answer_status)" "fixed 202"

ask slow
within 10 waiting 1
kill_relay
wait "$ASKING" || true
start_relay
equals "after a power cut" "$(field slow#2 answer_by) $(field slow#2 answer_status)" "nobody 0"
