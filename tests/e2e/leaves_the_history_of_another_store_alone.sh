#!/bin/sh
# The relay comes back with another store: that is told, what is in it is missed rather than forwarded, and what comes is forwarded.
. "${0%/*}/lib.sh"

STORE=$work/other.db start_relay
send /history --count 40 >/dev/null # numbers the forwarder will be at
stop_relay
start_relay
start_app
start_hookline --forward "$APP_URL"
"$hookline" endpoint add shop >/dev/null # which the other store has not
send /e/shop/first >/dev/null
app_receives 1
"$hookline" listen --json --since shop#1 >"$work/all.out" 2>"$work/all.err" </dev/null &
children="$children $!"
within 20 stands_in "$work/all.out" '"shop#1"'
send /before --count 9 >/dev/null
app_receives 10
stop "$APP_PID"
send /waits --count 9 >/dev/null # and is behind when the store changes
within 20 stands_in "$work/listen.err" 'events wait until it is there'
stop_relay

STORE=$work/other.db start_relay
within 20 stands_in "$work/listen.err" 'another store now'
within 20 stands_in "$work/listen.err" '40 events missed, default#1 to default#40'
start_app --port "$APP_PORT"
send /after --count 3 >/dev/null
app_receives 3
within 20 lines_at_least "$work/all.out" 1
seen_after() {
	[ "$(grep -c '"target":"/after"' "$work/all.out")" = 3 ]
}
within 20 seen_after
grep -l 'POST /history' "$APP_DIR"/*.req >"$work/history.out" || true
equals "events of that history that were forwarded" "$(wc -l <"$work/history.out")" 0
