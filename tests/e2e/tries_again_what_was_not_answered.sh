#!/bin/sh
# A replay that is resumed tries those again that nobody answered, though its filter knows them no more; and what somebody else has
# delivered meanwhile is left alone.
. "${0%/*}/lib.sh"

tried() {
	[ "$(list_json --limit 0 | grep -c '"last_status":-1')" -ge "$1" ]
}

start_relay
send /hooks --count 4 --body '{"n":@N@}' >/dev/null
start_app
stop "$APP_PID"
"$hookline" replay --filter status:none --to "$APP_URL" --yes --rate 2/s >replay.out 2>replay.err &
pid=$!
children="$children $pid"
within 20 tried 1
kill -INT $pid
code=0
wait $pid || code=$?
equals "exit status" $code 130
start_app --port "$APP_PORT"
exits 0 "$hookline" replay --resume
contains err.err '^complete: 4 sent in .*: 4 2xx'
app_receives 4

# default#3 is delivered by another while this one is at default#1
start_app
"$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --rate 1/s >replay.out 2>replay.err &
pid=$!
children="$children $pid"
within 20 app_has 1
exits 0 "$hookline" replay default#3 --to "$APP_URL"
wait $pid
contains replay.err '^complete: 3 sent .*; 1 skipped, answered since the replay began'
app_receives 4
