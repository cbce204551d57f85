#!/bin/sh
# s opens the signature, and the relay, which has the secrets, says why it is not right: here that of another endpoint.
. "${0%/*}/lib.sh"

live=$(secret_file live whsec_live_1)
staging=$(secret_file staging whsec_staging_1)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$live"
exits 0 "$hookline" endpoint add try --provider stripe --secret-file staging="$staging"
send /e/shop/hooks --sign stripe:whsec_staging_1 --body '{"id":"evt_1"}' >/dev/null

SIZE=120x40 start_screen
shows 'shop#1'
keys 's'
shows 'why  *the signature is made with' 'try/staging'
shows 'to do  *It is signed with the secret'
hides 'whsec_'
keys ':reverify<Enter>'
shows '0 of 1 verdicts are others now'
keys 'qq'
on_screen ends 0
