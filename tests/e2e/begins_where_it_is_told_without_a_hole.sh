#!/bin/sh
# `listen --since` begins with one event, or with the last so many, and goes on without a hole however much comes
# meanwhile; what is not there yet is a slip, and nothing is forwarded for it.
. "${0%/*}/lib.sh"

start_relay
start_app
send /first --count 5 >/dev/null
exits 1 "$hookline" listen --forward "$APP_URL" --since default#999
contains "$work/err.err" 'there is no event default#999 yet: default is at #5'
equals "requests at the app" "$(app_count)" 0
exits 2 "$hookline" listen --since 1001
contains "$work/err.err" 'expected a number from 1 to 1000'

# whole FILE: the numbers in it have no hole
whole() {
	json "$1" "[d['seq'] for d in docs] == list(range(docs[0]['seq'], docs[0]['seq'] + len(docs)))"
}

send /much --count 1000000 >"$work/sent.out" &
sender=$!
children="$children $sender"
within 20 lines_at_least "$work/sent.out" 1500
for round in 1 2 3 4 5 6 7 8; do
	last=$((round % 2 == 0 ? 3 : 1000)) # a long list gives time for much to come meanwhile
	"$hookline" listen --json --since "$last" >"$work/round$round.jsonl" 2>"$work/round.err" </dev/null &
	LISTEN_PID=$!
	children="$children $LISTEN_PID"
	within 20 lines_at_least "$work/round$round.jsonl" $((last + 50))
	stop "$LISTEN_PID"
	equals "round $round is whole" "$(whole "$work/round$round.jsonl")" true
done
alive "$sender" || fail "the sender was through before the last round"
kill "$sender"

# From one event on, and the other endpoints from now on.
"$hookline" endpoint add quiet >/dev/null
send /e/quiet/a >/dev/null
start_hookline --json --since quiet#1
send /e/quiet/b >/dev/null
send /last >/dev/null
within 20 lines_at_least "$work/listen.out" 3
equals "what it began with" "$(json "$work/listen.out" "[d['ref'] for d in docs if d['endpoint'] == 'quiet']")" '["quiet#1", "quiet#2"]'
