#!/bin/sh
# A changed copy is signed anew, kept with its parent and sent; the original stays, and nothing takes the copy for what a provider sent.
. "${0%/*}/lib.sh"

secret=$(secret_file live whsec_live_1)
body='{ "id":"evt_1",  "big":9007199254740993, "amount":1999, "note":"caf\u00e9" }'
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
send '/e/shop/hooks?x=1' --sign stripe:whsec_live_1 -H 'X-First: 1' -H 'X-Gone: 1' --body "$body" >/dev/null
"$hookline" show shop#1 --raw >"$work/before"
start_app --stripe whsec_live_1 --tolerance 300
start_hookline --forward "$APP_URL"

exits 0 "$hookline" edit shop#1 --set .amount=0 --set .more='{"a": [1]}' --header 'X-First: 2' --remove-header X-Gone \
	--target '/e/shop/hooks?x=2' --to "$APP_URL/app"
contains out.out 'shop#2 .* valid .*edited, from shop#1'
contains out.out 'shop#2 .*-> 200 .*edit'
contains err.err '^signed anew with secret live at 20'
app_receives 1
contains "$APP_DIR/000001.req" '^POST /app/hooks\?x=2 HTTP/1.1'
contains "$APP_DIR/000001.req" '^X-First: 2'
contains_not "$APP_DIR/000001.req" 'X-Gone'
"$hookline" show shop#2 --body >"$work/body"
printf '%s' '{ "id":"evt_1",  "big":9007199254740993, "amount":0, "note":"caf\u00e9","more":{"a": [1]} }' >"$work/wanted"
cmp "$work/body" "$work/wanted" || fail "other bytes were changed"
contains "$APP_DIR/000001.req" "Content-Length: $(wc -c <"$work/wanted")"

# the original is what it was, and the copy says what it is
"$hookline" show shop#1 --raw >"$work/after"
cmp "$work/before" "$work/after" || fail "the original was changed"
equals "origin" "$(field shop#2 origin)" edited
equals "parent" "$(field shop#2 parent_ref)" 'shop#1'
equals "repeat" "$(field shop#2 repeat)" 0
equals "verdict" "$(field shop#2 verdict)" valid
equals "made here" "$(list_json is:edited | wc -l)" 1
equals "received" "$(list_json is:received | wc -l)" 1
exits 0 "$hookline" show shop#2
contains out.out '^made +edited, from shop#1'
"$hookline" show shop#2 --json >"$work/show.out"
equals "cause" "$(json "$work/show.out" "doc['attempt_log'][0]['cause']")" edit
exits 0 "$hookline" export --format jsonl
equals "exported" "$(json out.out "[e['parent_ref'] for e in docs if e.get('origin') == 'edited'][0]")" 'shop#1'

# a copy that is only kept is forwarded by nobody; the next delivery of the same id is the second of the provider
exits 0 "$hookline" edit shop#1 --set .amount=1 --no-send --json
copy=$(json out.out "doc['ref']")
equals "tries" "$(field "$copy" attempts)" 0
send /e/shop/hooks --sign stripe:whsec_live_1 --body '{"id":"evt_1"}' >/dev/null
within 10 app_has 2
equals "repeat" "$(list_json --limit 1 is:received is:repeat >"$work/repeat" && json "$work/repeat" "doc['repeat']")" 2
equals "tries" "$(field "$copy" attempts)" 0

# what cannot be signed says so, and so does what is not to be
exits 1 "$hookline" edit shop#1 --set .amount=2 --keep-signature --to "$APP_URL"
contains out.out 'unsigned edit, from shop#1'
contains err.err '^signature kept as it is'
send /hooks --body '{"plain":1}' >/dev/null
exits 0 "$hookline" edit default#1 --set .plain=2 --no-send
contains out.out 'unsigned edit, from default#1'
contains err.err '^not signed anew: no provider recognised'

# what is wrong is said before anything is made
exits 1 "$hookline" edit shop#1 --set .nowhere.x=1 --no-send
contains err.err '^hookline edit: --set: .nowhere.x: nothing is there that could hold it'
exits 2 "$hookline" edit shop#1 --header nonsense --no-send
exits 2 "$hookline" edit shop#1 --set .a=1
exits 1 "$hookline" edit shop#99 --set .a=1 --no-send
exits 6 "$hookline" edit shop#1 --set .amount=3 --to 127.0.0.1:1
