#!/bin/sh
# Of two apps one was down when the forwarder ended: what it has missed is told, and brought to it alone when asked for.
. "${0%/*}/lib.sh"

start_relay
start_app
UP=$APP_URL up=$APP_DIR
start_app
DOWN=$APP_URL port=${APP_URL##*:}

forward_to_both() {
	start_hookline --match all --route "=> $UP" --route "path:/both* => $DOWN" "$@"
}

forward_to_both
send /both/1 >/dev/null
app_receives 1
within 10 app_has 1 "$up"
kill -KILL "$APP_PID"
send /both/2 >/dev/null
send /one/3 >/dev/null
send /both/4 >/dev/null
within 10 app_has 4 "$up"
within 10 grep -q 'events wait until it is there' "$work/listen.err"
kill -KILL "$LISTEN_PID"

start_app --port "$port"
: >"$work/listen.err"
forward_to_both
within 10 grep -q ' missed, ' "$work/listen.err"
first=$(sed -n 's/.*--since \(default#[0-9]*\) does.*/\1/p' "$work/listen.err")
stop "$LISTEN_PID"
equals "requests before it was asked for" "$(app_count)" 0

forward_to_both --since "$first"
app_receives 2
equals "paths" "$(head -qn 1 "$APP_DIR"/*.req | cut -d' ' -f2 | tr '\n' ' ')" '/both/2 /both/4 '
send /one/5 >/dev/null
within 10 app_has 5 "$up"
equals "requests at the app that was there" "$(app_count "$up")" 5
