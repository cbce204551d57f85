#!/bin/sh
# A refused connection is told with the address and stored as an attempt.
. "${0%/*}/lib.sh"

start_relay
start_app
stop "$APP_PID"
start_hookline --forward "$APP_URL"
send /hooks >/dev/null

within 10 grep -q "nothing listens on 127.0.0.1:$APP_PORT" "$work/listen.out" "$work/listen.err"
"$hookline" show default#1 --json >"$work/show.out"
contains "$work/show.out" "nothing listens on 127.0.0.1:$APP_PORT"
