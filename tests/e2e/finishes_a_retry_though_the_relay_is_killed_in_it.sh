#!/bin/sh
# The relay is killed while the app works on a retry: the attempt is kept when the relay is back, and not made again.
. "${0%/*}/lib.sh"

start_relay
start_app --status 503 --delay 1
start_hookline --forward "$APP_URL" --retry 100ms,1h
send /hooks >/dev/null
app_receives 2
kill_relay
start_relay
within 20 due_is '[(r["tries"], r["taken_until"]) for r in docs] == [(2, None)]'
attempts_are default#1 '[[1, "forward", 503], [2, "retry", 503]]'
equals "requests at the app" "$(app_count)" 2
