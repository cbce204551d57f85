#!/bin/sh
# What an event is may change after it came: the app answers, a secret is added. wait looks again.
. "${0%/*}/lib.sh"

start_waiting() {
	: >"$work/wait.err"
	"$hookline" wait "$@" >"$work/wait.out" 2>"$work/wait.err" &
	WAIT_PID=$!
	children="$children $WAIT_PID"
	within 20 grep -q 'waiting for' "$work/wait.err"
}

waited_with() {
	code=0
	wait "$WAIT_PID" || code=$?
	equals "exit status of wait" "$code" "$1"
}

start_relay
start_app --fail-first 1
send /old >/dev/null
start_waiting status:2xx --json
"$hookline" replay default#1 --to "$APP_URL" >/dev/null 2>&1 || true
"$hookline" replay default#1 --to "$APP_URL" >/dev/null 2>&1
send /new >/dev/null
"$hookline" replay default#4 --to "$APP_URL" >/dev/null 2>&1
waited_with 0
equals "what came before is not waited for" "$(json wait.out "doc['ref']")" 'default#4'
equals "its status" "$(json wait.out "doc['last_status']")" 200

"$hookline" endpoint add shop --provider stripe >/dev/null
start_waiting verdict:valid endpoint:shop --json
send /e/shop/ --sign stripe:whsec_right >/dev/null
"$hookline" endpoint set shop --secret-file "$(secret_file live whsec_right)" >/dev/null
waited_with 0
equals "judged again" "$(json wait.out "doc['ref']")" 'shop#1'
