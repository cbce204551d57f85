#!/bin/sh
# Every attempt over all events on the screen: filtered, kept up with what is made, and a way to the event.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1
send /first --count 2 >/dev/null
for event in default#1 default#1 default#2; do
	"$hookline" replay "$event" --to "$APP_URL/x" --again >/dev/null 2>&1 || true
done

start_screen --filter path:/nothing
shows 'no event|nothing|match'
keys 'D'
shows 'Deliveries' '3, newest first' 'default#1 .* 1/2 .* replay .* 503' 'default#2 .* 1/1 .* 200 .* 127.0.0.1:[0-9]*/x'
shows ': replay, attempt 1 of 1 by '
"$hookline" replay default#2 --to "$APP_URL/y" --again >/dev/null 2>&1
shows 'default#2 .* 2/2 .* 200 .* 127.0.0.1:[0-9]*/y'
keys '/' 'status:5xx<Enter>'
shows 'Deliveries  status:5xx' '1, newest first' 'default#1 .* 1/2'
hides 'default#2'
keys '<Enter>'
shows 'attempts \(2\)' '1 of 2 replay'
keys '@'
shows 'hookline deliveries --newest status:5xx'
keys 'Q'
on_screen ends 0
