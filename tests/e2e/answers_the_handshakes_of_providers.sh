#!/bin/sh
# The relay answers what a provider asks of a willing endpoint, as that provider wants it, and tells what it answered.
. "${0%/*}/lib.sh"

secret=shhh-it-is-a-test-secret-0001

# asked WANTED-STATUS CURL-ARGUMENTS...: the answer's head in head.out, its body in body.out
asked() {
	wanted=$1
	shift
	status=$(curl -sS -D "$work/head.out" -o "$work/body.out" -w '%{http_code}' "$@")
	[ "$status" = "$wanted" ] || fail "answered $status, not $wanted: $*"
}

# says TYPE BODY
says() {
	contains "$work/head.out" "^Content-Type: $1"
	contains "$work/head.out" '^X-Content-Type-Options: nosniff'
	equals "the body" "$(cat "$work/body.out")" "$2"
}

start_relay
"$hookline" endpoint add shop >/dev/null # names no provider
"$hookline" endpoint add meta --provider meta --param verify_token=right >/dev/null
"$hookline" endpoint add zoom --provider zoom --secret-file "$(secret_file zoom $secret)" >/dev/null
"$hookline" endpoint add crc --provider x-twitter --secret-file "$(secret_file crc $secret)" >/dev/null
"$hookline" endpoint add disc --provider discord >/dev/null
"$hookline" endpoint add trello --provider trello >/dev/null
"$hookline" endpoint add fit --provider fitbit --param verification_code=right >/dev/null
"$hookline" endpoint add kept --provider slack --handshake store >/dev/null

# Slack: the provider is known by its handshake
asked 200 "$INGEST/e/shop/" -H 'Content-Type: application/json' -d '{"type":"url_verification","token":"T","challenge":"3eZbrw1aBm2rZgRNFdxV"}'
says application/json '{"challenge":"3eZbrw1aBm2rZgRNFdxV"}'
equals "the badge" "$(field shop#1 handshake)" "slack url_verification answered"
equals "the provider" "$(field shop#1 provider)" slack

# Microsoft Graph: the very text, as text
asked 200 -X POST "$INGEST/e/shop/?validationToken=Validation%3a+%3cTesting%3e"
says text/plain 'Validation: <Testing>'

# Meta: the token is compared
asked 200 "$INGEST/e/meta/?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=right"
says text/plain 1158201444
asked 403 "$INGEST/e/meta/?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=wrong"
equals "the body" "$(cat "$work/body.out")" ""
equals "what was answered" "$(field meta#2 answer_status)" 403

# X: a MAC with the endpoint's secret
asked 200 "$INGEST/e/crc/?crc_token=challenge_string"
says application/json '{"response_token":"sha256=8Lj04T63WJImHFQyiogDxv57LZ7JGOgo+zr6pJ/WQqI="}'

# Zoom: only when it is signed right
zoom='{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}'
now=$(date +%s)
mac=$(printf 'v0:%s:%s' "$now" "$zoom" | openssl dgst -sha256 -hmac $secret -r | cut -d' ' -f1)
asked 200 "$INGEST/e/zoom/" -H 'Content-Type: application/json' -d "$zoom" -H "x-zm-request-timestamp: $now" -H "x-zm-signature: v0=$mac"
contains "$work/body.out" '"encryptedToken":"be5c1a01aa50c644e0fb4cd2041f549b3908165da0e422945627dce4c553ee3f"'
asked 401 "$INGEST/e/zoom/" -H 'Content-Type: application/json' -d "$zoom" -H "x-zm-request-timestamp: $now" -H "x-zm-signature: v0=00"

# Discord tries with wrong signatures
asked 401 "$INGEST/e/disc/" -H 'Content-Type: application/json' -d '{"type":1}' -H 'X-Signature-Ed25519: 00' -H 'X-Signature-Timestamp: 1'

# Trello: a HEAD alone
asked 200 -I "$INGEST/e/trello/"
equals "the badge" "$(field trello#1 handshake)" "trello creation answered"

# Fitbit tries with a wrong code
asked 204 "$INGEST/e/fit/?verify=right"
asked 404 "$INGEST/e/fit/?verify=wrong"

# Asana: the secret goes back, and into nothing that is shown
asked 200 -X POST "$INGEST/e/shop/" -H 'X-Hook-Secret: b537207f20cbfa02'
contains "$work/head.out" '^X-Hook-Secret: b537207f20cbfa02'
list_json >"$work/list.out"
contains_not "$work/list.out" b537207f
"$hookline" list >"$work/list.out"
contains "$work/list.out" 'asana X-Hook-Secret answered; it brought a secret'
"$hookline" endpoint set shop --provider asana --secret-from shop#3 >/dev/null
body='{"events":[]}'
mac=$(printf %s "$body" | openssl dgst -sha256 -hmac b537207f20cbfa02 -r | cut -d' ' -f1)
asked 200 "$INGEST/e/shop/" -H 'Content-Type: application/json' -d "$body" -H "X-Hook-Signature: $mac"
equals "the verdict" "$(field shop#4 verdict)" valid

# nothing that is not plain goes back
asked 400 "$INGEST/e/meta/?hub.mode=subscribe&hub.challenge=%0d%0aSet-Cookie:%20x&hub.verify_token=right"
contains_not "$work/head.out" Set-Cookie
"$hookline" show meta#3 >"$work/show.out"
contains "$work/show.out" "^handshake .*0x0d, which is not sent back"

# an endpoint that only stores them
asked 200 "$INGEST/e/kept/" -H 'Content-Type: application/json' -d '{"type":"url_verification","challenge":"x"}'
contains "$work/body.out" '^kept#1$'
equals "the badge" "$(field kept#1 handshake)" "slack url_verification stored, not answered"
exits 2 "$hookline" endpoint set kept --handshake app
contains "$work/err.err" "handshake app needs the answer app, too"
