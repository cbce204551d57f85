#!/bin/sh
# Dropspace tries 1, 5 and 30 minutes after its first attempt, takes any 2xx and waits 5 s; postpress takes 200 alone. All of it faster.
. "${0%/*}/lib.sh"

start_relay
start_app --status 202
"$hookline" endpoint add ds --provider dropspace >/dev/null
"$hookline" endpoint add pp --provider postpress >/dev/null
"$hookline" endpoint add bs --provider blackspace >/dev/null
start_hookline --forward "$APP_URL" --retry "provider @600x"
send /e/ds/ --body '{"type":"launch.completed"}' >/dev/null
app_receives 1
attempts_are 'ds#1' '[[1, "forward", 202]]'
send /e/pp/ --body '{"type":"post.published"}' >/dev/null
app_receives 6
within 10 nothing_is_due
contains "$work/listen.err" 'pp#1 is not tried again: given up after 5 attempts: 202'
send /e/bs/ --body '{"type":"post.published"}' >/dev/null
app_receives 7
nothing_is_due || fail "blackspace publishes no schedule"
stop "$LISTEN_PID"

start_app --status 500
start_hookline --forward "$APP_URL" --retry "provider @600x"
send /e/ds/ --body '{"type":"launch.failed"}' >/dev/null
app_receives 4
within 10 nothing_is_due
contains "$work/listen.err" 'ds#3 is not tried again: given up after 4 attempts: 500'
"$hookline" show 'ds#3' --json >"$work/show.out"
json "$work/show.out" "[round((b - a).total_seconds(), 1) for t in [[__import__('datetime').datetime.fromisoformat(a['started_at'][:26]) for a in doc['attempt_log']]] for a, b in zip(t, t[1:])]" >"$work/gaps.out"
"$python" - "$(cat "$work/gaps.out")" <<'PY' || fail "the delays are others: $(cat "$work/gaps.out")"
import json, sys
gaps, wanted = json.loads(sys.argv[1]), [0.1, 0.4, 2.5]
sys.exit(len(gaps) != 3 or any(not want <= gap < want + 1 for gap, want in zip(gaps, wanted)))
PY
