#!/bin/sh
# Listener and relay are killed while a retry waits: it is made when it is due, by whoever is back, and once.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 2
start_hookline --forward "$APP_URL" --retry 4s,1s
send /hooks >/dev/null
app_receives 1
within 10 due_is '[r["tries"] for r in docs] == [1]'
kill -KILL "$LISTEN_PID"
kill_relay

start_relay
due_is '[(r["event_ref"], r["tries"], r["attempts"]) for r in docs] == [("default#1", 1, 3)]' || fail "what was due is forgotten"
start_hookline --forward "$APP_URL" --retry 4s,1s
app_receives 3
within 5 nothing_is_due
attempts_are default#1 '[[1, "forward", 503], [2, "retry", 503], [3, "retry", 200]]'

# and through a relay that is killed under a listener that stays
send /hooks --body again >/dev/null
app_receives 4
attempts_are default#5 '[[1, "forward", 200]]'
