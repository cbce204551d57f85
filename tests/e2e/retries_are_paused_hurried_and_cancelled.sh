#!/bin/sh
# What is due can be listed, held back, let go, made due now, and ended.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 3
start_hookline --forward "$APP_URL" --retry 1h,1h,1h
send /hooks >/dev/null
send /hooks >/dev/null
app_receives 2
within 10 due_is 'len(docs) == 2'

exits 0 "$hookline" retries
contains "$work/out.out" "^default#1 +in 59m +2 of 4  $APP_URL  .*503; attempt 2 of 4 follows$"
exits 0 "$hookline" retries pause default#1
contains "$work/err.err" "^1 paused$"
exits 0 "$hookline" retries list default#1
contains "$work/out.out" "^default#1 +paused "
equals "lines" "$(wc -l <"$work/out.out")" 1

exits 0 "$hookline" retries now default#3
app_receives 3
within 5 due_is 'sorted(r["tries"] for r in docs) == [1, 2]'
exits 0 "$hookline" retries now --all
app_receives 5
within 5 nothing_is_due

start_app --fail-first 9
stop "$LISTEN_PID"
start_hookline --forward "$APP_URL" --retry 1h
send /hooks >/dev/null
app_receives 1
within 10 due_is 'len(docs) == 1'
exits 0 "$hookline" retries cancel --to "$APP_URL"
within 5 nothing_is_due
contains "$work/listen.err" "default#8 is not tried again: cancelled by "
exits 1 "$hookline" retries now default#8
exits 2 "$hookline" retries cancel
exits 2 "$hookline" retries often
exits 2 "$hookline" listen --forward "$APP_URL" --retry 5s,soon
contains "$work/err.err" "not \"soon\""
