#!/bin/sh
# Events that came while nothing forwarded are counted and offered; they are sent when that is wanted, not before.
. "${0%/*}/lib.sh"

start_relay
start_app
send /hooks --count 4 >/dev/null
start_screen --forward "$APP_PORT"
shows '4 events came while nothing forwarded'
send /hooks >/dev/null
app_receives 1
keys 'n'
shows '4 missed'

keys 'u'
shows '4 events came while nothing forwarded'
keys 'y'
app_receives 5
hides 'missed'
equals "delivered" "$(list_json is:undelivered | wc -l)" 0
