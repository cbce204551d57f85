#!/bin/sh
# prove reject: a good handler refuses what it must refuse, and each bad one is found, with the one case that it fails.
. "${0%/*}/lib.sh"

live=whsec_live_1
secret=$(secret_file live $live)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
send /e/shop/hooks --sign stripe:$live -H 'Content-Type: application/json' \
	--body '{"id":"evt_1","amount":100}' >/dev/null

start_handler --secret $live
exits 0 "$hookline" prove reject shop#1 --to "$APP_URL/hooks" --probe "cat $APP_DIR/done"
contains out.out '^ok   valid '
for case in altered-body wrong-secret no-signature doubled-header stale header-case truncated wrong-type empty oversize; do
	contains out.out "^ok   $case "
done
contains out.out '^-    future .*takes times ahead'
contains out.out '^-    old-id '
contains out.out '^ok   state '
contains out.out '^refused: '
contains_not out.out '^BAD'
equals "what was done" "$(cat "$APP_DIR/done")" evt_1

# each defect is found, and nothing else is blamed
finds() {
	start_handler --secret $live --defects "$1"
	exits 1 "$hookline" prove reject shop#1 --to "$APP_URL/hooks"
	equals "what $1 is found by" "$(awk '$1 == "BAD" { printf "%s ", $2 }' out.out)" "$2 "
	contains out.out '^repeat: hookline prove reject shop#1 --to http'
	stop "$APP_PID"
}
finds time stale
finds names header-case
finds doubled doubled-header
finds type wrong-type
finds empty empty
finds hang-up empty
finds signature 'altered-body wrong-secret no-signature doubled-header stale'
finds body 'altered-body wrong-secret stale'

# other schemes have other cases: here the id is signed, and no time ahead is taken
standard=whsec_bGl2ZS1zZWNyZXQtMQ==
exits 0 "$hookline" endpoint add std --provider standard-webhooks --secret-file live="$(secret_file std $standard)"
send /e/std/hooks -H 'webhook-id: msg_1' -H 'webhook-timestamp: 1' -H 'webhook-signature: v1,AA==' \
	-H 'Content-Type: application/json' --body '{"id":"evt_2"}' >/dev/null
finds_of_standard() {
	start_handler --secret $standard --scheme standard --defects "$1"
	exits "$2" "$hookline" prove reject std#1 --to "$APP_URL/hooks"
	equals "what $1 is found by" "$(awk '$1 == "BAD" { printf "%s ", $2 }' out.out)" "$3"
	stop "$APP_PID"
}
finds_of_standard '' 0 ''
contains out.out '^ok   future '
contains out.out '^ok   old-id '
finds_of_standard future 1 'future '
finds_of_standard id 1 'old-id '

# and here nothing is signed but the body
exits 0 "$hookline" endpoint add git --provider github --secret-file live="$(secret_file git top-secret)"
send /e/git/hooks -H 'X-GitHub-Event: push' -H 'X-Hub-Signature-256: sha256=00' -H 'Content-Type: application/json' \
	--body '{"id":"evt_3"}' >/dev/null
start_handler --secret top-secret --scheme github
exits 0 "$hookline" prove reject git#1 --to "$APP_URL/hooks"
contains out.out '^-    stale .*judges no time'
stop "$APP_PID"

# the line that repeats it does
start_handler --secret $live --defects time
exits 1 "$hookline" prove reject shop#1 --to "$APP_URL/hooks" --only stale
again=$(sed -n 's/^repeat: hookline //p' out.out)
# shellcheck disable=SC2086 # it is a line of words
exits 1 "$hookline" $again
contains out.out 'BAD  stale .*200.*accepted a request that was signed a day ago'
exits 1 "$hookline" prove reject shop#1 --to "$APP_URL/hooks" --only stale --json
json out.out 'docs[-1]["proven"]' | grep -q false || fail "the last object does not tell the verdict"

# each request is an attempt of its own that says what it was
exits 0 "$hookline" show shop#1 --json
json out.out '[a for a in doc["attempt_log"] if a["cause"] == "test" and "stale" in a["changes"]] != []' | grep -q true ||
	fail "no attempt tells that it was stale"

# an app that does not even take the event proves nothing
start_handler --secret whsec_other
exits 1 "$hookline" prove reject shop#1 --to "$APP_URL/hooks"
contains out.out '^nothing proven: '
stop "$APP_PID"
exits 6 "$hookline" prove reject shop#1 --to "$APP_URL/hooks"
exits 2 "$hookline" prove reject shop#1 --to "$APP_URL" --only nonsense
exits 2 "$hookline" prove reject shop#1 --to http://192.0.2.1/
