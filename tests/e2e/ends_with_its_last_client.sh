#!/bin/sh
# A relay started for its clients outlives each of them but the last, also when that one is killed.
. "${0%/*}/lib.sh"

start_relay --end-with-clients=1
start_hookline
first=$LISTEN_PID
SCREENS=2
start_hookline
second=$LISTEN_PID

stop "$first"
send /hooks >/dev/null
within 10 grep -q 'default#1' "$work/listen.out"

kill -KILL "$second"
within 10 gone "$RELAY_PID"
code=0
wait "$RELAY_PID" || code=$?
equals "exit status of the relay" "$code" 0
contains "$work/relay.err" 'stopping why="?no client is left'

# what it took is there when it is started again
start_relay
equals "events" "$(list_json | wc -l)" 1
