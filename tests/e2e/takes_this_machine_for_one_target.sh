#!/bin/sh
# localhost, 127.0.0.1 and [::1] with the same port and path are one target: for the lease, for what was delivered already, and for what
# was missed. The attempt keeps the name that was typed.
. "${0%/*}/lib.sh"

start_relay
start_app
send /hooks --count 3 >/dev/null

exits 0 "$hookline" replay --filter path:/hooks --to "http://127.0.0.1:$APP_PORT" --yes
app_receives 3
exits 0 "$hookline" replay --filter path:/hooks --to "http://localhost:$APP_PORT" --dry-run
contains err.err 'delivered +3'
exits 0 "$hookline" replay default#1 --to "localhost:$APP_PORT" --again --yes
"$hookline" show default#1 --json >show.out
equals "targets as typed" "$(json show.out "[a['target_url'] for a in doc['attempt_log']]")" \
	"[\"http://127.0.0.1:$APP_PORT\", \"http://localhost:$APP_PORT\"]"

start_hookline --forward "localhost:$APP_PORT"
contains "$work/listen.err" "forwarding to http://localhost:$APP_PORT"
"$hookline" listen --forward "127.0.0.1:$APP_PORT" >second.out 2>second.err </dev/null &
second=$!
children="$children $second"
within 10 grep -q 'forwards to http://127.0.0.1:.* already; this one takes over when that one ends' second.err
send /hooks >/dev/null
app_receives 5
stop "$LISTEN_PID"
within 10 grep -q "forwarding to http://127.0.0.1:$APP_PORT" second.err
contains_not second.err 'missed'

