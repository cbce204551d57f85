#!/bin/sh
# An event that nobody could check is checked as soon as the secret is there.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add pay --provider stripe >"$work/add.out"
send /e/pay/hooks --sign stripe:whsec_right >/dev/null
send /e/pay/hooks --sign stripe:whsec_other >/dev/null
equals "verdict without a secret" "$(field pay#1 verdict)" unverified

"$hookline" endpoint set pay --secret-file "$(secret_file live whsec_right)" --label live >"$work/set.out"

contains "$work/set.out" '2'
equals "verdict" "$(field pay#1 verdict)" valid
equals "secret" "$(field pay#1 secret)" live
"$hookline" list --json >list.json
equals "both were judged with the same recipe" "$(json list.json 'len({doc["recipe"] for doc in docs}), len(docs[0]["recipe"])')" "(1, 8)"
equals "verdict of the other" "$(field pay#2 verdict)" invalid

exits 0 "$hookline" endpoint reverify pay --filter verdict:invalid --json
contains out.out '"events":1,"changed":0'
contains err.err '^100 %: 1 judged again, 0 changed$'
exits 2 "$hookline" endpoint reverify pay --filter verdict:odd
exits 2 "$hookline" endpoint list --filter verdict:valid
