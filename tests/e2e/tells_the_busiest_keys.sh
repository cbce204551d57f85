#!/bin/sh
# `hookline stats` tells which orders and customers were the busiest, also of events from before anybody said where they stand, and of what a filter leaves.
. "${0%/*}/lib.sh"

start_relay
order() {
	send /e/shop/hooks --body "{\"order\":$1,\"buyer\":{\"id\":\"$2\"},\"ref\":\"r-$1\"}" >/dev/null
}
"$hookline" endpoint add shop >"$work/add.out"
order 42 ann
order 42 ann
order 7 ann

keys() {
	"$hookline" stats --span 1h --json "$@" >stats.json
	json stats.json '[(row["name"], row["value"], row["events"], row["failed"]) for row in doc["keys"]]'
}
keys_are() {
	[ "$(keys)" = "$1" ]
}
equals "keys before there are any" "$(keys)" "[]"

"$hookline" endpoint set shop --key order=.order --key buyer=.buyer.id >"$work/set.out"
within 20 keys_are '[["buyer", "ann", 3, 0], ["order", "42", 2, 0], ["order", "7", 1, 0]]'
order 42 bob
within 20 keys_are '[["buyer", "ann", 3, 0], ["order", "42", 3, 0], ["buyer", "bob", 1, 0], ["order", "7", 1, 0]]'
"$hookline" stats --span 1h >stats.out
contains stats.out '^Busiest business keys$'
contains stats.out '^order 42 .* 3   75 %$'

start_app --fail-first 1
"$hookline" replay shop#4 --to "$APP_URL" >"$work/replay.out" 2>&1 || true
within 20 keys_are '[["order", "42", 3, 1], ["buyer", "ann", 3, 0], ["buyer", "bob", 1, 1], ["order", "7", 1, 0]]'
"$hookline" replay shop#4 --to "$APP_URL" >"$work/replay.out"
within 20 keys_are '[["buyer", "ann", 3, 0], ["order", "42", 3, 0], ["buyer", "bob", 1, 0], ["order", "7", 1, 0]]'
equals "of a filter" "$(keys key.buyer:bob)" '[["buyer", "bob", 1, 0], ["order", "42", 1, 0]]'
equals "of the filter of a bar" "$(keys order:42)" '[["order", "42", 3, 0], ["buyer", "ann", 2, 0], ["buyer", "bob", 1, 0]]'

"$hookline" endpoint set shop --key ref=.ref >"$work/set.out"
within 20 keys_are '[["ref", "r-42", 3, 0], ["ref", "r-7", 1, 0]]'

kill "$RELAY_PID"
within 20 gone "$RELAY_PID"
start_relay
within 20 keys_are '[["ref", "r-42", 3, 0], ["ref", "r-7", 1, 0]]'
