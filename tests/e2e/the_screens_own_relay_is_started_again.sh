#!/bin/sh
# A relay that a screen started and that is killed is started again, on the same store; the screen resumes by itself.
. "${0%/*}/lib.sh"

own_relay_ports
SIZE=120x30
start_screen
shows 'No webhooks yet'
started=$(date +%s)
own_relay
send /hooks --count 3 >/dev/null
shows 'default#3'
ran_well() {
	[ $(($(date +%s) - started)) -ge 3 ]
}
within 10 ran_well

first=$RELAY_PID
kill -KILL "$RELAY_PID"
within 10 gone "$first"
shows 'relay gone|resuming|live'
another_relay_runs() {
	pid=$(tr -cd 0-9 <"$XDG_DATA_HOME/hookline/hookline.db.lock") && [ -n "$pid" ] && [ "$pid" != "$first" ] && alive "$pid"
}
within 10 another_relay_runs
own_relay
shows 'live'
hides 'relay gone'
send /hooks >/dev/null
shows 'default#4'
keys 'q'
on_screen ends 0
within 10 gone "$RELAY_PID"
