#!/bin/sh
# From the pane of the signature: the signed text is shown, a secret is typed hidden, the endpoint's history is judged again, and
# the verdict turns on the screen. What was typed is painted nowhere, and stands in no history and no log of commands.
. "${0%/*}/lib.sh"

start_relay
"$hookline" endpoint add shop --provider stripe --secret-file "$(secret_file old whsec_wrong)" --label old >/dev/null
send /e/shop/hooks --sign stripe:whsec_right --body '{"amount":1099}' >/dev/null

SIZE=110x40
start_screen
shows 'shop#1'
keys '4'
shows 'invalid' 'signed text, made of what was received' '[0-9]+\.\{"amount":1099\}' 'recipe'
keys 'a'
shows 'Secrets of shop' 'one more secret' '1  old'
keys 'n'
shows 'secret, hidden'
keys 'whsec_right'
shows '\*\*\*\*\*\*\*\*\*\*\*'
hides 'whsec_right'
keys '<Enter>'
shows 'verdicts changed|another verdict' 'valid: ' 'secret +new'
hides 'whsec_right'
equals "verdict" "$(field shop#1 verdict)" valid
keys '@'
shows 'endpoint set shop --label new --secret-file FILE'
hides 'whsec_right'
keys '<Esc>'
hides 'What was done'
keys 'a'
shows 'one more secret' '2  old|1  old'
keys 'n' '<Up>'
shows 'as the provider shows it'
keys '<Esc>'
hides 'as the provider shows it'

# another value for one that is there
keys 'a'
shows 'one more secret' 'another value'
keys '1' 'whsec_other<Enter>'
shows 'judged again 0 have'
on_screen save "$work/raw"
! grep -q -a -e whsec_right -e whsec_other "$work/raw" || fail "a secret was painted"
keys 'Q'
on_screen ends 0
