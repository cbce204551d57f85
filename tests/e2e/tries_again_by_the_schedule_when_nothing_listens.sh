#!/bin/sh
# An app that is not there is tried by the schedule too, each try one attempt, and no answer in time is a failure.
. "${0%/*}/lib.sh"

start_relay
start_app
stop "$APP_PID"
start_hookline --forward "$APP_URL" --retry "300ms*2,2s"
send /hooks >/dev/null
within 20 due_is '[r["tries"] for r in docs] == [3]'
"$python" "$tools/app.py" --dir "$APP_DIR" --port "$APP_PORT" >"$work/again.out" 2>"$work/again.err" &
children="$children $!"
app_receives 1
within 10 nothing_is_due
attempts_are default#1 '[[1, "forward", 0], [2, "retry", 0], [3, "retry", 0], [4, "retry", 200]]'
stop "$LISTEN_PID"

start_app --delay 3
start_hookline --forward "$APP_URL" --retry "100ms timeout=400ms"
began=$(date +%s)
send /hooks >/dev/null
nothing_is_tried() {
	grep -q "given up after 2 attempts: no answer" "$work/listen.err"
}
within 20 nothing_is_tried
[ $(($(date +%s) - began)) -le 5 ] || fail "the time-out of the policy was not kept"
contains "$work/listen.out" "no answer within 400 ms"
