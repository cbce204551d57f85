#!/bin/sh
# The whole story on one screen: an event arrives, its bad signature is explained, it is forwarded, the app fails, it is
# replayed, and the app's answer is seen.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1 --status 202
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_right)" >/dev/null
start_screen
shows 'No webhooks yet' "curl .*$INGEST" 'live'

send /e/pay/ --sign stripe:whsec_wrong >/dev/null
shows 'pay#1'
keys '4'
shows 'no secret of this endpoint makes this signature'
keys '<Esc>'
hides 'no secret of this endpoint'

keys "F127.0.0.1:$APP_PORT/hooks<Enter>"
shows '1 event came while nothing forwarded'
keys 'n'
send /e/pay/ --sign stripe:whsec_right >/dev/null
app_receives 1
shows 'pay#2 .* 1  *503'

keys 'Gr'
shows 'pay#2 answered 202' 'pay#2 .* 2  *202'
app_receives 2
contains "$APP_DIR/000002.req" 'Stripe-Signature: t='
equals "both requests have the same bytes but for the signature, which is made anew" \
	"$(grep -a -v Stripe-Signature "$APP_DIR/000001.req" | cksum)" \
	"$(grep -a -v Stripe-Signature "$APP_DIR/000002.req" | cksum)"
keys '5'
shows '503' '202'

keys 'Q'
shows 'Forwarding to .* ends with this'
keys 'y'
on_screen ends 0
on_screen restored
equals "attempts at the relay" "$(field pay#2 attempts)" 2
