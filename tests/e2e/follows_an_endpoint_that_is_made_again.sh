#!/bin/sh
# Who follows an endpoint by its name goes on when it is removed and made again.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add pay --provider stripe >"$work/add.out"
start_hookline --endpoint pay --json
send /e/pay/one >/dev/null
within 10 lines_at_least "$work/listen.out" 1

"$hookline" endpoint remove pay --yes >"$work/remove.out"
"$hookline" endpoint add pay --provider stripe >>"$work/add.out"
send /e/pay/two >/dev/null
within 10 lines_at_least "$work/listen.out" 2
equals "what was seen" "$(json "$work/listen.out" "[[e['ref'], e['target']] for e in docs]")" \
	'[["pay#1", "/e/pay/one"], ["pay#1", "/e/pay/two"]]'
