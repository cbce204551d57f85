#!/bin/sh
# More comes in than a screen that is stopped is told one by one: afterwards it shows the newest, and the history behind it is whole.
. "${0%/*}/lib.sh"

start_relay
start_screen
shows 'live'
on_screen signal STOP
send /hooks --count 5000 >/dev/null
on_screen signal CONT
shows 'default#5000 ' 'following'
send /hooks >/dev/null
shows 'default#5001 '
keys 'g'
shows 'default#1 ' 'default#2 '
keys 'G'
shows 'default#5001 '
keys 'q'
on_screen ends 0
