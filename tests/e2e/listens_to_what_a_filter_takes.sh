#!/bin/sh
# `listen --filter` shows the events that match and nothing else, not what others do with the rest.
. "${0%/*}/lib.sh"

start_relay
start_app
"$hookline" listen --forward "$APP_URL" >"$work/forwarder.out" 2>"$work/forwarder.err" </dev/null &
children="$children $!"
within 20 stands_in "$work/forwarder.err" 'forwarding to'
SCREENS=2 start_hookline --json --since start --filter path:/wanted
send /other --count 3 >/dev/null
send /wanted >/dev/null
app_receives 4
within 20 lines_at_least "$work/listen.out" 1
within 20 stands_in "$work/forwarder.out" 'default#[78] .*-> 200'
equals "what was shown" "$(json "$work/listen.out" "[d.get('target') for d in docs]")" '["/wanted"]'
