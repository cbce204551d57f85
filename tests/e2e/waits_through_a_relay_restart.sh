#!/bin/sh
# A relay that is started again while somebody waits loses nothing: neither what comes afterwards nor the question.
. "${0%/*}/lib.sh"

start_relay
send /first >/dev/null
"$hookline" wait path:/wanted >"$work/wait.out" 2>"$work/wait.err" &
WAIT_PID=$!
children="$children $WAIT_PID"
within 20 grep -q 'waiting for' "$work/wait.err"
kill_relay
within 10 grep -q 'trying again' "$work/wait.err"
start_relay
send /wanted >/dev/null
code=0
wait "$WAIT_PID" || code=$?
equals "exit status of wait" "$code" 0
contains wait.out 'default#2'
contains wait.err 'the relay is back'
