#!/bin/sh
# A replay of an old event is signed anew, so that an app that looks at timestamps accepts it; --as-received sends what came.
. "${0%/*}/lib.sh"

secret=$(secret_file live whsec_live_1)
start_relay
exits 0 "$hookline" endpoint add shop --provider stripe --secret-file live="$secret"
send /e/shop/hooks --sign stripe:whsec_live_1:4000 -H 'X-First: 1' --body '{"id":"evt_1"}' >/dev/null
send /e/shop/hooks --sign stripe:whsec_other --body '{"id":"evt_2"}' >/dev/null
send /hooks --body '{"plain":1}' >/dev/null

exits 0 "$hookline" replay shop#1 shop#2 default#1 --to http://127.0.0.1:1 --dry-run --yes
contains out.out '^shop#1 signed anew with secret live at 20'
contains out.out '^shop#2 signed anew with secret live at 20'
contains out.out '^default#1 not signed anew: no provider recognised'
exits 0 "$hookline" replay shop#1 --to http://127.0.0.1:1 --dry-run --as-received
contains out.out '^shop#1 as received$'

for tolerance in 300 5; do
	start_app --stripe whsec_live_1 --tolerance $tolerance
	exits 0 "$hookline" replay shop#1 --to "$APP_URL" --json
	contains out.out '"status":200'
	contains out.out 'Stripe-Signature signed anew with secret live at 20'
	exits 1 "$hookline" replay shop#1 --to "$APP_URL" --as-received --json
	contains out.out '"status":400'
	contains_not out.out 'signed anew'
	exits 0 "$hookline" replay shop#2 --to "$APP_URL"
done

# nothing but the signature is another
sed -e 's/^Stripe-Signature: .*/Stripe-Signature: */' "$APP_DIR/000001.req" >anew
sed -e 's/^Stripe-Signature: .*/Stripe-Signature: */' "$APP_DIR/000002.req" >received
cmp anew received || fail "signing anew changed more than the signature"

# without a secret the original goes, and the attempt says so
exits 1 "$hookline" replay default#1 --to "$APP_URL" --json
contains out.out 'not signed anew: no provider recognised'
