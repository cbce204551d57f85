#!/bin/sh
# Two listeners of one user forward to one app: each retry is made by one of them, also when that one is killed.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 40
start_hookline --forward "$APP_URL" --retry "200ms*3"
first=$LISTEN_PID
SCREENS=2
start_hookline --forward "$APP_URL" --retry "200ms*3"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	send /hooks >/dev/null
done
app_receives 40
within 5 nothing_is_due
list_json >"$work/list.out"
equals "attempts of each" "$(json "$work/list.out" "sorted({(e['attempts'], e['last_status']) for e in docs})")" '[[4, 503]]'

# the one that forwards ends, and the other goes on where it was
start_app --fail-first 1
stop "$first"
stop "$LISTEN_PID"
SCREENS=1
start_hookline --forward "$APP_URL" --retry 3s
first=$LISTEN_PID
SCREENS=2
start_hookline --forward "$APP_URL" --retry 3s
send /hooks >/dev/null
app_receives 1
within 10 due_is 'len(docs) == 1'
kill -KILL "$first"
app_receives 2
within 5 nothing_is_due
attempts_are default#51 '[[1, "forward", 503], [2, "retry", 200]]'
