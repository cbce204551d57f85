#!/bin/sh
# A script makes an endpoint fail as it is told, as the provider sees it; what it has left is listed and survives a restart.
. "${0%/*}/lib.sh"

# asked: the status, or 000 for a connection that was closed without an answer
asked() {
	STATUS=$(curl -sS -D "$work/head.out" -o "$work/body.out" -w '%{http_code}' --max-time 20 "$INGEST/e/shop/" -d '{}' 2>/dev/null) || true
	got="${got:-}$STATUS "
}

left() {
	"$hookline" endpoint list --json >"$work/list.txt"
	json "$work/list.txt" "[e for e in docs if e['name'] == 'shop'][0]['answer']['left']"
}

start_relay
"$hookline" endpoint add shop --answer-script 'next 3: 500, next 1: hang-up, every 2: 429 retry-after 1500ms' >/dev/null
got=
asked
asked
equals "what is left" "$(left)" 'next 1: 500, next 1: hang-up, every 2: 429 retry-after 1500ms'
"$hookline" endpoint list >"$work/out.txt"
contains "$work/out.txt" 'script: next 3: 500, .* left: next 1: 500, '
kill_relay
start_relay
equals "what is left after a power cut" "$(left)" 'next 1: 500, next 1: hang-up, every 2: 429 retry-after 1500ms'
asked
asked
asked
asked
equals "the answers" "$got" "500 500 500 000 200 429 "
contains "$work/head.out" '^Retry-After: 2'
equals "who answered" "$(field shop#6 answer_by)" script
settled() {
	[ "$(field shop#4 answer_by)" = script ]
}
within 10 settled
equals "a hang-up" "$(field shop#4 answer_status) $(field shop#4 answer_why)" "0 hung up"
equals "one it let through" "$(field shop#5 answer_by) $(field shop#5 answer_status)" "fixed 200"

# a slow drip: the body comes at last
"$hookline" endpoint set shop --answer-script 'next 1: drip 1s 503' >/dev/null
begun=$(date +%s%N)
got=
asked
equals "a drip" "$got$(cat "$work/body.out")" "503 shop#7"
took=$((($(date +%s%N) - begun) / 1000000))
[ "$took" -ge 700 ] || fail "the drip took $took ms"

# for a time
"$hookline" endpoint set shop --answer-script 'for 1h: 503' >/dev/null
got=
asked
asked
equals "for a time" "$got" "503 503 "
case $(left) in
"for 59m: 503" | "for 1h: 503" | "for 35"??"s: 503") ;;
*) fail "left: $(left)" ;;
esac

# an empty one ends it; one that cannot be read changes nothing
exits 2 "$hookline" endpoint set shop --answer-script 'sometimes: 500'
contains "$work/err.err" 'is no rule of a script'
"$hookline" endpoint set shop --answer-script '' >/dev/null
got=
asked
equals "no script" "$got" "200 "
