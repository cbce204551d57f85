#!/bin/sh
# wait ends with the first event that matches, or says what came instead.
. "${0%/*}/lib.sh"

start_waiting() {
	: >"$work/wait.err"
	"$hookline" wait "$@" >"$work/wait.out" 2>"$work/wait.err" &
	WAIT_PID=$!
	children="$children $WAIT_PID"
	within 20 grep -q 'waiting for' "$work/wait.err"
}

waited_with() {
	code=0
	wait "$WAIT_PID" || code=$?
	equals "exit status of wait" "$code" "$1"
}

start_relay
send /before >/dev/null
exits 1 "$hookline" wait path:/before --timeout 200ms
contains err.err 'nothing that matches came within 200 ms, nor anything else'

start_waiting path:/wanted -n 2 --json
send /other >/dev/null
send /wanted >/dev/null
send /wanted/not >/dev/null
send /wanted >/dev/null
waited_with 0
equals "references" "$(json wait.out "' '.join(d['ref'] for d in docs)")" 'default#3 default#5'

start_waiting path:/wanted --timeout 1500ms
send /other --count 2 >/dev/null
send /else >/dev/null
waited_with 1
contains wait.err 'what did come meanwhile: 2 POST /other \(unverified\), 1 POST /else \(unverified\)'
equals "lines" "$(wc -l <wait.out)" 0

# history: all of it, from an event on, and behind one
exits 0 "$hookline" wait path:/wanted --timeout 0
contains out.out 'default#3'
exits 1 "$hookline" wait path:/never --timeout 0
contains err.err 'nothing that matches came$'
exits 0 "$hookline" wait path:/before --since start --timeout 0
contains out.out 'default#1'
exits 0 "$hookline" wait path:/wanted --since default#3 --timeout 0
contains out.out 'default#3'
exits 0 "$hookline" wait path:/wanted --after default#3 --timeout 0
contains out.out 'default#5'
exits 1 "$hookline" wait path:/wanted --after default#5 --timeout 0
exits 1 "$hookline" wait path:/wanted --after default#99 --timeout 0
contains err.err 'there is no event default#99'
exits 0 "$hookline" wait path:/wanted --since start --count 2 --timeout 0
equals "lines" "$(wc -l <out.out)" 2

exits 2 "$hookline" wait verdict:wrong
exits 2 "$hookline" wait --since default#1 --after default#1
exits 2 "$hookline" wait --count 0
exits 3 "$hookline" wait --relay ws://127.0.0.1:1
