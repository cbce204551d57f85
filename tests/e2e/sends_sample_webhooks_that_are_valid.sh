#!/bin/sh
# Sample webhooks: of all five first providers they are valid at a relay with the same secret; an app takes them, too.
. "${0%/*}/lib.sh"

five='dropspace dragdropdo drop-cowboy postpress blackspace'
start_relay
for provider in $five; do
	key=$(secret_file "$provider.key" "secret-of-$provider")
	exits 0 "$hookline" endpoint add "at-$provider" --provider "$provider" --secret-file live="$key"
done
"$hookline" send --list >"$work/list"
wanted=0
for provider in $five; do
	for type in $(awk -v p="$provider" '$1 == p { print $2 }' "$work/list"); do
		exits 0 "$hookline" send "$provider" "$type" --secret-file live="$work/$provider.key"
		contains out.out "^$provider $type -> 200 .* kept as at-$provider#[0-9]+\$"
		contains err.err '^signed with secret live$'
		wanted=$((wanted + 1))
	done
done
[ "$wanted" -ge 26 ] || fail "only $wanted samples"
list_json --limit 0 >"$work/events"
equals "valid" "$(json "$work/events" "len([e for e in docs if e['verdict'] == 'valid' and e['type']])")" "$wanted"
equals "repeats" "$(json "$work/events" "max(e['repeat'] for e in docs)")" "$(json "$work/events" "1")"

# without a secret of ours the relay signs
exits 0 "$hookline" send blackspace post.failed --json
contains out.out '"status":200,.*"event":"at-blackspace#[0-9]+","signature":"signed anew with secret live at '
equals "verdict" "$(list_json --limit 1 | sed 's/.*"verdict":"\([a-z]*\)".*/\1/')" valid
exits 1 "$hookline" send slack app_mention
contains err.err 'no secret for slack yet'
contains err.err '--secret-file FILE signs here'
exits 0 "$hookline" send blackspace post.failed --unsigned
equals "verdict" "$(list_json --limit 1 | sed 's/.*"verdict":"\([a-z]*\)".*/\1/')" unsigned

# to an app, with its provider's own way of checking; no relay is asked
stripe=$(secret_file stripe.key whsec_live_1)
start_app --stripe whsec_live_1 --tolerance 300
(
	HOOKLINE_RELAY=ws://127.0.0.1:1
	export HOOKLINE_RELAY
	exits 0 "$hookline" send stripe charge.succeeded --secret-file "$stripe" --to "$APP_URL/hooks?a=1" --header 'X-Mine: 1'
	exits 1 "$hookline" send stripe charge.succeeded --unsigned --to "$APP_URL/hooks"
)
app_receives 2
contains "$APP_DIR/000001.req" '^POST /hooks\?a=1 HTTP/1.1'
contains "$APP_DIR/000001.req" '^X-Mine: 1'
contains "$APP_DIR/000001.req" '^User-Agent: Stripe/1.0'
exits 6 "$hookline" send stripe --secret-file "$stripe" --to 127.0.0.1:1
exits 2 "$hookline" send stripe --secret-file "$stripe" --to http://192.0.2.1

# the same ids again for a seed, others without; a body of one's own; the request alone
"$hookline" send github push --unsigned --seed 7 --at 1767225600 --print >one
"$hookline" send github push --unsigned --seed 7 --at 1767225600 --print >two 2>/dev/null || true
"$hookline" send github push --unsigned --at 1767225600 --print >three
cmp one two || fail "a seed made other ids"
! cmp -s one three || fail "the ids are not fresh"
printf '{"mine":1}' >mine
exits 0 "$hookline" send github push --secret-file "$stripe" --body mine --print
cp out.out signed.http
exits 0 "$hookline" verify signed.http --provider github --secret-file "$stripe"
tail -c 10 signed.http | cmp - mine || fail "the body is another"

# kept as what it is: sent, with what the app answered
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$stripe"
exits 0 "$hookline" send stripe invoice.paid --to "$APP_URL/hooks" --keep
contains out.out 'shop#1 .*invoice.paid .*valid .*sent$'
equals "origin" "$(field 'shop#1' origin)" sent
equals "tries" "$(field 'shop#1' last_status)" 200

exits 1 "$hookline" send stripe charge.suceeded
contains err.err 'did you mean "charge.succeeded"'
exits 2 "$hookline" send strip
contains err.err 'did you mean "stripe"'
exits 0 "$hookline" send --list dropspace
equals "listed" "$(wc -l <out.out)" 5
