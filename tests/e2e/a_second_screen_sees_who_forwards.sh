#!/bin/sh
# What one screen forwards, another one sees: the attempts on their rows, and who makes them.
. "${0%/*}/lib.sh"

start_relay
start_app
USER=alice start_screen
alice=$SCREEN
shows 'No webhooks yet'
keys "F$APP_PORT<Enter>"
shows "$APP_PORT nothing sent yet"

USER=bob start_screen
shows 'No webhooks yet' 'alice@.* since'
send /hooks >/dev/null
app_receives 1
shows 'default#1 .* 1  *200'

# bob wants to, too: alice has it, until she ends it
keys "F$APP_PORT<Enter>"
shows 'alice@.* forwards'
bob=$SCREEN SCREEN=$alice
keys 'F'
shows 'not forwarding|bob@.*'
SCREEN=$bob
shows "$APP_PORT nothing sent yet"
send /hooks >/dev/null
app_receives 2
shows 'default#3 .* 1  *200' # the first attempt was default#2
