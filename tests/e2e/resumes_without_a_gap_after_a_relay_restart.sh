#!/bin/sh
# A client that was cut off goes on where it was: each event once, in order.
. "${0%/*}/lib.sh"

start_relay
start_hookline --json

send /hooks --count 5 >/dev/null
kill_relay
start_relay
within 20 subscribed
send /hooks --count 5 >/dev/null

within 20 lines_at_least "$work/listen.out" 10
equals "what listen saw" "$(json "$work/listen.out" "[e['seq'] for e in docs]")" "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
