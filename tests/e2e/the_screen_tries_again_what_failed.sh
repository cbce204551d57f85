#!/bin/sh
# On the screen: the policy, the countdown, pause, now; the screen is killed in the wait and goes on when it is back.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 3
SIZE=100x30 start_screen --forward "$APP_URL" --retry 1h,3s,1h
shows "live"
send /hooks >/dev/null
app_receives 1
shows "↷59m"
keys 5
shows "attempt 2 of 4 in 59 min"
shows "after 503; attempt 2 of 4 follows"
keys w
shows "To try again"
shows "default#1 .* 2/4 .* 503"
keys p
shows "attempt 2 of 4 is paused"
keys p
shows "attempt 2 of 4 in 59 min"
keys n
app_receives 2
within 10 due_is '[r["tries"] for r in docs] == [2]'
on_screen signal KILL

SIZE=100x30 start_screen --forward "$APP_URL"
shows "live"
app_receives 3
within 10 due_is '[r["tries"] for r in docs] == [3]'
keys w
shows "To try again"
keys n
app_receives 4
shows "Nothing is to be tried again"
within 10 nothing_is_due
attempts_are default#1 '[[1, "forward", 503], [2, "retry", 503], [3, "retry", 503], [4, "retry", 200]]'
