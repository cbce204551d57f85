#!/bin/sh
# An app that hangs up, talks nonsense or never ends: each is an attempt with its error, and the next event is forwarded.
. "${0%/*}/lib.sh"

start_relay
for mode in close garbage endless hostile; do
	start_app --mode "$mode"
	start_hookline --forward "$APP_URL"
	send "/$mode" >/dev/null
	app_receives 1
	tried() {
		"$hookline" list --json --limit 1 >"$work/last.out"
		[ "$(json "$work/last.out" "doc['attempts']")" -ge 1 ]
	}
	within 40 tried
	alive "$LISTEN_PID" || fail "listen ended with an app that does '$mode'"
	stop "$LISTEN_PID"
done
contains_not "$work/listen.out" "$(printf '\033]0')"
