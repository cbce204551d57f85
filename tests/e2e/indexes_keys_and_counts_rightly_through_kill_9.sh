#!/bin/sh
# The relay is killed while it indexes business keys and counts events: what is asked by a key, and how many there were, is right afterwards.
. "${0%/*}/lib.sh"

# Each number is an order of three events, one a round.
ORDERS=1500

start_relay
exits 0 "$hookline" endpoint add shop --answer-status 200

# The mark of the index: it has the events above LOW up to HEAD, by the places of VERSION. With a process and a version: waits until another
# one is made and not whole yet, and kills the process at that moment.
cat >"$work/mark.py" <<'PY'
import os
import signal
import sqlite3
import sys
import time

db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True, timeout=10)
pid, before = (int(sys.argv[2]), sys.argv[3]) if len(sys.argv) > 2 else (0, "")
until = time.monotonic() + 30
while True:
    low, head, version = db.execute("SELECT low, head, version FROM key_mark").fetchone()
    if pid == 0 or version != before and low < head:
        break
    if time.monotonic() > until:
        sys.exit("no index was made anew")
if pid:
    os.kill(pid, signal.SIGKILL)
print(low, head, version or "none")
PY
mark() {
	"$python" "$work/mark.py" "$work/store.db" "$@"
}

# What is asked by a key is right at any moment, also while the index is behind.
# asked_is_right WHEN SEQ...: oldest first.
asked_is_right() {
	when=$1
	shift
	list_json --limit 0 order:42 >"$work/order.out"
	equals "events of order 42 ($when)" "$(json "$work/order.out" "' '.join(str(e['seq']) for e in reversed(docs))")" "$*"
	"$hookline" timeline order 42 --json >"$work/timeline.out"
	equals "time line of order 42 ($when)" "$(json "$work/timeline.out" "' '.join(str(e['seq']) for e in docs)")" "$*"
}

# The counts grow until they are those of the events there are, and stay there.
truth() {
	list_json --limit 0 >"$work/all.out"
	wc -l <"$work/all.out"
}
counted() {
	"$hookline" stats --json >"$work/stats.out"
	[ "$(json "$work/stats.out" 'docs[0]["events"]')" = "$1" ]
}
counts_are_right() {
	all=$(truth)
	within 30 counted "$all" || fail "stats tells $(cat "$work/stats.out"), and there are $all events ($1)"
	equals "by provider ($1)" "$(json "$work/stats.out" 'sum(row["events"] for row in docs[0]["providers"])')" "$all"
	equals "by verdict ($1)" "$(json "$work/stats.out" 'sum(docs[0]["verdicts"].values())')" "$all"
	equals "over time ($1)" "$(json "$work/stats.out" 'sum(bucket[0] for bucket in docs[0]["buckets"])')" "$all"
}

# Two rounds have come before anybody said where the key stands: the index is made of what was there, and killed in the middle.
send /e/shop/a --body '{"order":{"id":@N@}}' --count $ORDERS >/dev/null
send /e/shop/b --body '{"order":{"id":@N@}}' --count $ORDERS >/dev/null
caught=0 tries=0
while [ $caught -lt 3 ]; do
	tries=$((tries + 1))
	[ $tries -le 40 ] || fail "of $tries times the index was whole before the relay was killed but for $caught"
	version=$(mark | cut -d' ' -f3)
	mark "$RELAY_PID" "${version#none}" >"$work/mark.out" &
	watcher=$!
	# another place each time: the index begins anew; the answer may be killed, too
	"$hookline" endpoint set shop --key order=.order.id --key "order=.number$tries" >"$work/set.out" 2>&1 || true
	wait "$watcher" || fail "the index is not made anew"
	wait "$RELAY_PID" 2>/dev/null || true
	read -r low head _ <"$work/mark.out"
	[ "$low" -eq 0 ] || caught=$((caught + 1))
	start_relay
	asked_is_right "killed with $((head - low)) of $((2 * ORDERS)) indexed" 42 $((ORDERS + 42))
done
counts_are_right "after the index was killed"

# Killed right after it has begun to count, and asked right then: what it tells as whole is whole.
for round in 1 2 3; do
	kill_relay
	start_relay
	"$hookline" stats --json >"$work/stats.out"
	equals "counts that are told as whole ($round)" \
		"$(json "$work/stats.out" 'docs[0]["complete_from"] > docs[0]["from"] or docs[0]["events"]')" \
		"$(json "$work/stats.out" "docs[0]['complete_from'] > docs[0]['from'] or $((2 * ORDERS))")"
done
counts_are_right "after three kills at the start"

# A third round comes in, and the relay is killed in its middle, while both follow.
send /e/shop/c --body '{"order":{"id":@N@}}' --count $ORDERS >"$work/third.out" &
sender=$!
children="$children $sender"
more_than() {
	"$hookline" stats --json >"$work/stats.out"
	[ "$(json "$work/stats.out" 'docs[0]["events"]')" -gt "$1" ]
}
within 30 more_than $((2 * ORDERS + 50))
kill_relay
wait "$sender" || true
start_relay
acknowledged=$(grep -c '^200 ' "$work/third.out")
[ "$(truth)" -ge $((2 * ORDERS + acknowledged)) ] || fail "$(truth) events, and $acknowledged of the third round were acknowledged"
counts_are_right "after it was killed under load"
asked_is_right "after it was killed under load" 42 $((ORDERS + 42)) $((2 * ORDERS + 42))

# all of it is indexed in the end, and another kill changes nothing
all_indexed() {
	mark >"$work/mark.out"
	read -r low head _ <"$work/mark.out"
	[ "$low" -eq 0 ] && [ "$head" -ge "$(truth)" ]
}
within 60 all_indexed
kill_relay
start_relay
asked_is_right "all indexed" 42 $((ORDERS + 42)) $((2 * ORDERS + 42))
counts_are_right "all indexed"
