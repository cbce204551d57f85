#!/bin/sh
# The relay comes back with another store: that is told, what is in it is missed rather than forwarded, and what comes is forwarded.
. "${0%/*}/lib.sh"

STORE=$work/other.db start_relay
send /history --count 6 >/dev/null
stop_relay
start_relay
start_app
start_hookline --forward "$APP_URL"
send /before --count 9 >/dev/null
app_receives 9
stop "$APP_PID"
send /waits --count 9 >/dev/null # and is behind when the store changes
within 20 stands_in "$work/listen.err" 'events wait until it is there'
stop_relay

STORE=$work/other.db start_relay
within 20 stands_in "$work/listen.err" 'another store now'
within 20 stands_in "$work/listen.err" '6 events missed, default#1 to default#6'
start_app --port "$APP_PORT"
send /after --count 3 >/dev/null
app_receives 3
grep -l 'POST /history' "$APP_DIR"/*.req >"$work/history.out" || true
equals "events of that history that were forwarded" "$(wc -l <"$work/history.out")" 0
