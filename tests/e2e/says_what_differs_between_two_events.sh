#!/bin/sh
# hookline diff: by structure, by line, by byte and by header, with what is left out; exit codes as diff(1) has them. Of one
# event alone it compares with the newest one before it that went well.
. "${0%/*}/lib.sh"

says() { # says EXIT ARGUMENTS...
	code=$1
	shift
	exits "$code" "$hookline" diff "$@"
}
has() {
	grep -q -F -e "$1" out.out || fail "not told: $1: $(cat out.out)"
}

start_relay
start_app --fail-first 1
"$hookline" endpoint add shop --provider stripe --secret-file "$(secret_file key whsec_right)" >/dev/null
post() { # post BODY [OPTIONS]
	body=$1
	shift
	send /e/shop/hooks --sign stripe:whsec_right --body "$body" "$@" >/dev/null
}
post '{"id":"evt_1","type":"order.paid","created_at":1,"amount":1099,"items":[{"sku":"a","n":1},{"sku":"b","n":1}]}'
post '{"id":"evt_2","type":"order.paid","created_at":2,"amount":1099.0,"items":[{"sku":"b","n":2},{"sku":"a","n":1}]}' \
	-H 'X-Extra: yes'

says 1 shop#1 shop#2 --body
has '--- shop#1'
has '+++ shop#2'
has '~ .id  "evt_1" -> "evt_2"'
has '= .amount  1099 -> 1099.0  (only spelled differently)'
has '~ .items[1].n  1 -> 2'
has '(moved)'
says 1 shop#1 shop#2 --ignore-usual --ignore .items --ignore amount --headers
has '+ X-Extra  yes'
says 0 shop#1 shop#2 --ignore-usual --ignore .items --ignore amount --body
has 'the same but for'
says 1 shop#1 shop#2 --lines
has '@ line 1'
says 1 shop#1 shop#2 --bytes
has 'first difference at byte 11'
says 1 shop#1 shop#2 --json --ignore items --ignore created_at
equals old "$(json out.out "doc['old'] + ' ' + doc['new']")" 'shop#1 shop#2'
equals parts "$(json out.out "[part['part'] + ' by ' + part['by'] for part in doc['parts']]")" \
	'["headers by header", "body by structure"]'
equals differences "$(json out.out "[(d['mark'], d['path'], d['old'], d['new']) for d in doc['parts'][1]['differences']]")" \
	'[["changed", ".id", "\"evt_1\"", "\"evt_2\""], ["spelled", ".amount", "1099", "1099.0"]]'
equals count "$(json out.out "[doc['same'], doc['parts'][1]['same'], doc['parts'][1]['count'], doc['parts'][1]['ignored'] > 0]")" \
	'[false, false, 2, true]'
says 1 shop#1 shop#2 --json --lines
equals 'a line' "$(json out.out "[(d['mark'], d['at']) for d in doc['parts'][0]['differences']]")" \
	'[["removed", "line 1"], ["added", "line 1"]]'
says 1 shop#1 shop#2 --json --bytes
equals 'the first bytes' "$(json out.out "doc['parts'][0]['differences'][0]['old']")" '{"id":"evt_1","t'
says 0 shop#1 shop#1 --json
equals same "$(json out.out "[doc['same'], [part['differences'] for part in doc['parts']]]")" '[true, [[], []]]'
says 0 shop#1 shop#1
says 1 shop#1 shop#2 --quiet
[ ! -s out.out ] || fail "--quiet prints something"
says 2 shop#1 shop#9
says 2 shop#1 shop#2 --body --headers
says 2 shop#2
contains err.err 'went well'

# the first attempt fails, the second does not
"$hookline" replay shop#1 --as-received --to "$APP_URL" >/dev/null || true
"$hookline" replay shop#1 --as-received --to "$APP_URL" --again >/dev/null
says 1 shop#1@1 shop#1@2 --answers
has '--- shop#1@1'
has 'first line  HTTP/1.1 503'
says 2 shop#1@1 shop#1@3 --answers
contains err.err 'attempt 3'
says 0 shop#1@1 shop#1@2 --requests
says 1 shop#2 --body
has '--- shop#1'
