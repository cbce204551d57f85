#!/bin/sh
# Two secrets at once: each event names the one it was signed with.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file old whsec_old)" --label old >/dev/null
"$hookline" endpoint set pay --secret-file "$(secret_file new whsec_new)" --label new >/dev/null
send /e/pay/ --sign stripe:whsec_old >/dev/null
send /e/pay/ --sign stripe:whsec_new >/dev/null

equals "what matched" "$(field pay#1 secret) $(field pay#2 secret)" "old new"
