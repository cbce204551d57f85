#!/bin/sh
# A replay by hand succeeds while a retry waits: when that is due it sees so, and nothing is sent.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1
start_hookline --forward "$APP_URL" --retry 3s
send /hooks >/dev/null
app_receives 1
within 10 due_is 'len(docs) == 1'
"$hookline" replay default#1 --to "$APP_URL" >/dev/null 2>"$work/replay.err"
app_receives 2
within 10 nothing_is_due
contains "$work/listen.err" "default#1 is not tried again: delivered: 200"
attempts_are default#1 '[[1, "forward", 503], [2, "replay", 200]]'
equals "requests at the app" "$(app_count)" 2
