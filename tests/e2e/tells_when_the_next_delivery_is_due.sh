#!/bin/sh
# What a policy of retries has still to do stands with the newest attempt at that target, and nowhere else.
. "${0%/*}/lib.sh"

rows() {
	"$hookline" deliveries --json >"$work/rows.out"
	json "$work/rows.out" "$1"
}

tried() {
	[ "$(rows 'len(docs)')" -ge "$1" ]
}

due() {
	"$hookline" retries --json >"$work/retries.out" && [ -s "$work/retries.out" ]
}

start_relay
start_app --status 503
start_hookline --forward "$APP_URL/base" --retry 1h,1h
send /hooks >/dev/null
within 20 tried 1
within 20 due
equals "due" "$(rows "docs[0]['next_at']")" "$(json retries.out "doc['due_at']")"

"$hookline" retries now default#1 >/dev/null
within 20 tried 2
second_is_due() {
	[ "$(rows "docs[1]['next_at'] is not None")" = true ]
}
within 20 second_is_due
equals "of the first" "$(rows "docs[0]['next_at']")" null
exits 0 "$hookline" deliveries
contains out.out '2/2 .* 503 .* next 20'

"$hookline" replay default#1 --to "$APP_URL/elsewhere" >/dev/null 2>&1 || true
equals "of another target" "$(rows "[d['next_at'] is not None for d in docs]")" '[false, true, false]'
