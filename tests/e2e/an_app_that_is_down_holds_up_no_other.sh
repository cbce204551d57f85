#!/bin/sh
# Of two apps that get the same events one is down: the other gets them at once, and it gets them in order when it is there.
. "${0%/*}/lib.sh"

start_relay
start_app
UP=$APP_URL
up=$APP_DIR
start_app
DOWN=$APP_URL port=${APP_URL##*:} down=$APP_DIR
kill -KILL "$APP_PID"

start_hookline --match all --route "=> $UP" --route "=> $DOWN order=kept"
for i in $(seq 30); do
	send "/$i" >/dev/null
done
within 20 app_has 30 "$up"
within 10 grep -q 'events wait until it is there' "$work/listen.err"
equals "requests at the app that is down" "$(app_count "$down")" 0

start_app --port "$port"
app_receives 30
equals "paths at the app that was down" "$(head -qn 1 "$APP_DIR"/*.req | cut -d' ' -f2 | tr -d / | tr '\n' ' ')" "$(seq -s ' ' 30) "
equals "requests at the other app" "$(app_count "$up")" 30

# nothing is sent again to an app that has it, when everything is asked for once more
stop "$LISTEN_PID"
start_hookline --match all --route "=> $UP" --route "=> $DOWN order=kept" --since start
send /last >/dev/null
app_receives 31
within 20 app_has 31 "$up"
equals "requests at the other app" "$(app_count "$up")" 31
