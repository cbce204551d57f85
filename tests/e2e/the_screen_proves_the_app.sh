#!/bin/sh
# p opens a menu of what a handler must stand; what is found comes line by line, with a verdict and the command that does it again.
. "${0%/*}/lib.sh"

live=whsec_live_1
secret=$(secret_file live $live)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
for n in 1 2 3; do
	send /e/shop/hooks --sign stripe:$live -H 'Content-Type: application/json' --body "{\"id\":\"evt_$n\"}" >/dev/null
done
start_handler --secret $live --defects time
SIZE=100x30
start_screen --relay "$STREAM"
shows 'shop#3'

keys p
shows 'Prove the app'
keys r
shows 'prove the app at: '
keys "$APP_URL/hooks<Enter>"
shows 'accepted: 1 of 1[0-9] did not go as they must'
shows 'BAD stale: 200: accepted a request that was signed a'
keys '<Esc>'
hides 'Prove: '

# what is there is shown again, and the same key proves something else
keys p
shows 'Prove: reject shop#3'
keys t
shows 'safe: the second was answered like the first'
keys '<Esc>'
hides 'Prove: '
keys '*pc'
shows 'stands: all 3 events were accepted'
keys '<Esc>'
hides 'Prove: '
keys '@'
shows 'hookline prove reject shop#3 --to http'
shows 'hookline prove chaos shop#'
keys '<Esc>'
hides 'hookline prove'
keys ':prove everything<Enter>'
shows 'twice, reject, retries or chaos'
