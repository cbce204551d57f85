#!/bin/sh
# The relay is killed and started again: the screen says so, comes back by itself, and shows all that came meanwhile.
. "${0%/*}/lib.sh"

start_relay
send /hooks --count 3 >/dev/null
start_screen
shows 'default#3'

kill_relay
shows 'relay gone'
start_relay
send /hooks --count 4 >/dev/null
shows 'default#7' 'live'
hides 'relay gone'
for n in 1 2 3 4 5 6; do
	shows "default#$n "
done
equals "rows" "$(on_screen dump | grep -c 'default#')" 7
send /hooks >/dev/null
shows 'default#8'
keys 'q'
on_screen ends 0
