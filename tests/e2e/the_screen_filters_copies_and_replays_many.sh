#!/bin/sh
# A filter of the relay, text to the clipboard of the terminal, and one replay of all that is selected.
. "${0%/*}/lib.sh"

start_relay
start_app
"$hookline" endpoint add pay --provider stripe --secret-file "$(secret_file live whsec_right)" >/dev/null
send /e/pay/ --sign stripe:whsec_right --count 3 >/dev/null
send /e/pay/ --sign stripe:whsec_wrong --count 2 >/dev/null
send /hooks >/dev/null

start_screen --filter endpoint:pay
shows 'pay#5' 'pay#1'
hides 'default#1'
keys '/' '<Ctrl-u>' 'verdict:invalid<Enter>'
hides 'pay#3 '
shows 'pay#4' 'pay#5'
send /e/pay/ --sign stripe:whsec_right >/dev/null
send /e/pay/ --sign stripe:whsec_wrong >/dev/null
shows 'pay#7'
hides 'pay#6'

keys 'yr'
shows 'copied'
on_screen save "$work/raw"
grep -q -a "$(printf ']52;c;%s' "$(printf 'pay#7' | base64)")" "$work/raw" || fail "the reference is not on the clipboard"

keys '*'
keys "R127.0.0.1:$APP_PORT/again<Enter>"
shows 'Replay 3 events' 'to send +3'
keys '<Enter>'
app_receives 3
shows 'complete: 3 sent in .*: 3 2xx'
keys '<Esc>'
shows 'pay#4 .* 1  *200' 'pay#5 .* 1  *200' 'pay#7 .* 1  *200'
equals "delivered" "$(list_json '!is:undelivered' | wc -l)" 3
keys 'Q'
on_screen ends 0
