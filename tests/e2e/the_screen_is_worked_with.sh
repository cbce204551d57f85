#!/bin/sh
# A working session on one screen, for sanitizers to watch: open, read, page, search, filter, forward, replay, quit.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1
send /hooks --count 60 >/dev/null
start_screen
shows 'default#60' 'live'

keys '<PgUp><PgUp>'
hides 'default#60'
keys 'g'
shows 'default#1 '
keys '<Enter>'
shows '\[2 payload\]'
keys 'b'
keys '3'
shows '\[3 headers\]' 'POST /hooks HTTP/1.1'
keys '/Host<Enter>'
shows 'Host: '
keys '<Down>'
shows 'default#2 .*from'
keys 'q'
hides 'headers'

keys '/status:5xx<Enter>'
shows 'Nothing matches'
keys '<Esc>'
shows 'default#60'
keys "F127.0.0.1:$APP_PORT<Enter>"
shows 'came while nothing forwarded'
keys 'n'
send /hooks >/dev/null
app_receives 1
keys 'G'
shows 'default#61 .* 503'
keys 'r'
shows 'default#61 answered 200'
keys 'Q'
shows 'Forwarding to .* ends with this'
keys 'y'
on_screen ends 0
on_screen restored
