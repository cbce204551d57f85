#!/bin/sh
# Events that came while nobody was there are told, and forwarded only when asked for.
. "${0%/*}/lib.sh"

start_relay
start_app
send /missed --count 3 >/dev/null

start_hookline --forward "$APP_URL"
within 10 stands_in "$work/listen.err" '3 .*missed'
send /live >/dev/null
app_receives 1
stop "$LISTEN_PID"

start_hookline --forward "$APP_URL" --since default#1
app_receives 4
grep -l 'POST /missed' "$APP_DIR"/*.req >"$work/missed.out"
equals "missed events that were forwarded" "$(wc -l <"$work/missed.out")" 3
