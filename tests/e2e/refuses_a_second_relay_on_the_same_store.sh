#!/bin/sh
# Two relays on one store would be two truths: the second says who has it.
. "${0%/*}/lib.sh"

start_relay

got=0
"$relay" --ingest 127.0.0.1:0 --stream 127.0.0.1:0 --admin 127.0.0.1:0 --store "sqlite:$work/store.db" \
	>"$work/second.out" 2>"$work/second.err" || got=$?

[ "$got" != 0 ] || fail "a second relay started"
contains "$work/second.err" "in use by hookline-relay, pid $RELAY_PID"
contains "$work/second.err" 'store.db'
send /hooks | grep -q '^200 ' || fail "the first one was disturbed"
