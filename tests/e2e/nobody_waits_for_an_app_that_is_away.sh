#!/bin/sh
# A sender waits only for an app that is there and gets its event: not when the app cannot be reached, nor for what the forwarder does
# not take. When the app is back it answers again, and what it says of the events it missed is late.
. "${0%/*}/lib.sh"

asked() {
	STATUS=$(curl -sS -o "$work/body.out" -w '%{http_code}' --max-time 20 "$@")
}

# why REF: once it is settled
why() {
	settled() {
		[ "$(field "$1" answer_by)" != waiting ]
	}
	within 10 settled "$1"
	field "$1" answer_why
}

start_relay
"$hookline" endpoint add shop --answer app --answer-status 503 >/dev/null
start_app --status 201
port=$APP_PORT
start_hookline --endpoint shop --forward "$APP_URL" --filter 'method:POST'
asked "$INGEST/e/shop/" -d '{}'
equals "an app that is there" "$STATUS" 201
asked "$INGEST/e/shop/" -X PUT -d '{}'
equals "what nobody takes" "$STATUS: $(why shop#3)" "503: no app is there: nobody forwards this event, or its app is away"

stop "$APP_PID"
asked "$INGEST/e/shop/" -d '{}'
equals "the first one without an app" "$STATUS" 503
case $(why shop#4) in
"the app gave no answer: "*) ;;
*) fail "why: $(why shop#4)" ;;
esac
is_away() {
	asked "$INGEST/e/shop/" -d '{}'
	[ "$(list_json --endpoint shop --limit 1 | grep -c 'or its app is away')" = 1 ]
}
within 10 is_away
equals "without an app" "$STATUS" 503

start_app --status 201 --port "$port"
is_back() {
	asked "$INGEST/e/shop/" -d '{}'
	[ "$STATUS" = 201 ]
}
within 20 is_back
"$hookline" show shop#4 --json >"$work/show.out"
equals "the app's answer to what it missed" \
	"$(json "$work/show.out" "[(a['status'], a.get('late', False)) for a in doc['attempt_log']]")" '[[0, false], [201, true]]'
