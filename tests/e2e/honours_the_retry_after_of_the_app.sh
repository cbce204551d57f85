#!/bin/sh
# An app that says when it wants to be asked again is not asked before, where the policy says so.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1 --retry-after 3
start_hookline --forward "$APP_URL" --retry "100ms,1m retry-after"
send /hooks >/dev/null
app_receives 2
within 5 nothing_is_due
contains "$work/listen.err" "Retry-After allows"
"$hookline" show default#1 --json >"$work/show.out"
gap() {
	json "$work/show.out" "(lambda t: (t[1] - t[0]).total_seconds() >= 3)([__import__('datetime').datetime.fromisoformat(a['started_at'][:26]) for a in doc['attempt_log']])"
}
equals "three seconds between the attempts" "$(gap)" true

stop "$LISTEN_PID"
start_app --fail-first 1 --retry-after 3600
start_hookline --forward "$APP_URL" --retry "100ms"
send /hooks >/dev/null
app_receives 2
