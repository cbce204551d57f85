#!/bin/sh
# Expired, unsigned, invalid and re-serialised are verdicts of their own, each with a reason.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_right)" >/dev/null
"$hookline" endpoint add post --provider postpress --secret-file "$(secret_file post postpress-secret)" >/dev/null
send /e/pay/ --sign stripe:whsec_right >/dev/null
send /e/pay/ --sign stripe:whsec_right:4000 >/dev/null
send /e/pay/ >/dev/null
send /e/pay/ --sign stripe:whsec_wrong >/dev/null

equals "the verdicts" "$(field pay#1 verdict) $(field pay#2 verdict) $(field pay#3 verdict) $(field pay#4 verdict)" \
	"valid expired unsigned invalid"
for ref in pay#2 pay#3 pay#4; do
	[ -n "$(field $ref reason)" ] || fail "$ref has no reason"
done
