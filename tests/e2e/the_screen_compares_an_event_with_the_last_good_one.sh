#!/bin/sh
# d on the screen: with the newest one before it that went well, with the one that is selected, and, in the pane of attempts,
# the answers of two attempts of one event.
. "${0%/*}/lib.sh"

start_relay
start_app
"$hookline" endpoint add shop --provider stripe --secret-file "$(secret_file key whsec_right)" >/dev/null
for amount in 1099 1500 2000; do
	send /e/shop/hooks --sign stripe:whsec_right --body "{\"id\":\"evt_$amount\",\"type\":\"order.paid\",\"amount\":$amount}" >/dev/null
done
"$hookline" replay shop#1 --to "$APP_URL" >/dev/null

SIZE=110x30
start_screen
shows 'shop#3'
keys 'd'
shows 'Difference' '- shop#1' '\+ shop#3' 'amount +1099 -> 2000' 'evt_1099'
keys 'i'
shows '1 changed, 1 left out'
keys 'b' 'b' 'b'
shows 'first difference at byte'
keys '<Tab>' '<Tab>'
shows 'not sent to an app'
keys '<Esc>'
hides 'Difference'

keys 'k k' 'jjd' # the second is selected
shows 'Difference' '- shop#2' '\+ shop#3'
keys '<Esc>' '<Esc>'

stop "$APP_PID"
start_app --status 503
"$hookline" replay shop#1 --to "$APP_URL" --again >/dev/null || true
keys 'g' '5'
shows '5 attempts .2.'
keys 'd'
shows 'attempt before' '- shop#1@1' '\+ shop#1@2' '200 OK -> HTTP/1.1 503'
keys 'q' 'Q'
on_screen ends 0
