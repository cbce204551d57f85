#!/bin/sh
# Forwarding that is switched off sends nothing more; what was at the app already is waited for, and its attempt kept.
. "${0%/*}/lib.sh"

start_relay
start_app --delay 1
start_screen --forward "$APP_PORT"
shows "$APP_PORT nothing sent yet"
send /one >/dev/null
app_receives 1
keys 'F'
shows 'not forwarding'
send /two >/dev/null
shows 'default#1 .* 1  *200'
equals "attempts at the first" "$(field default#1 attempts)" 1
equals "requests at the app" "$(app_count)" 1

# on again: what came meanwhile is offered
keys 'F'
shows '1 event came while nothing forwarded'
keys 'y'
app_receives 2
