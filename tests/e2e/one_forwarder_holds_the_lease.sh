#!/bin/sh
# Two forward to the same target: one does it, the other says who does and takes over when that one is gone.
. "${0%/*}/lib.sh"

start_relay
start_app
start_hookline --forward "$APP_URL"
first=$LISTEN_PID
send /one >/dev/null
app_receives 1

mv "$work/listen.err" "$work/first.err"
SCREENS=2
start_hookline --forward "$APP_URL"
within 10 grep -q -i -E 'since .* forwards to .* already' "$work/listen.err"
send /two >/dev/null
app_receives 2

stop "$first"
takes_over() {
	send /three >/dev/null
	app_has 3
}
within 20 takes_over
