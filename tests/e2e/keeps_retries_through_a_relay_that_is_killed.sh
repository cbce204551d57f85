#!/bin/sh
# The relay is killed while a retry waits and is away when it is due: the listener makes it as soon as the relay is back.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1
start_hookline --forward "$APP_URL" --retry 1s,1m
send /hooks >/dev/null
app_receives 1
within 10 due_is 'len(docs) == 1'
kill_relay
due_at=$(json "$work/due.out" "int(__import__('datetime').datetime.fromisoformat(doc['due_at'][:19] + '+00:00').timestamp()) + 1")
is_past() {
	[ "$(date +%s)" -ge "$due_at" ]
}
within 10 is_past
equals "requests at the app while the relay is away" "$(app_count)" 1

start_relay
app_receives 2
within 5 nothing_is_due
attempts_are default#1 '[[1, "forward", 503], [2, "retry", 200]]'
