#!/bin/sh
# Kill -9 of hookline, of the relay, and of both in the middle of a replay: it goes on, and nothing that was answered is sent again.
. "${0%/*}/lib.sh"

# each body came once
each_came_once() {
	cat "$APP_DIR"/*.req | grep -a -o '"n":[0-9]*' | sort | uniq -d >twice
	[ ! -s twice ] || fail "came twice: $(cat twice)"
	equals "bodies at the app" "$(cat "$APP_DIR"/*.req | grep -a -o '"n":[0-9]*' | sort -u | wc -l)" "$1"
}

# replay_many ARGS...: in the background
replay_many() {
	"$hookline" replay --to "$APP_URL" --yes "$@" >replay.out 2>replay.err </dev/null &
	pid=$!
	children="$children $pid"
}

killed() {
	kill -KILL $pid
	wait $pid 2>/dev/null || true
}

start_relay
send /hooks --count 40 --body '{"n":@N@}' >/dev/null

# hookline, while the app has not answered the 11th: nobody knows of it, so it is left alone, and said
start_app --hold-after 10
replay_many --filter path:/hooks
within 20 app_has 11
killed
touch "$APP_DIR/go"
exits 1 "$hookline" replay --resume
contains err.err 'perhaps +1 may have been sent'
contains err.err 'default#11  may have been sent before: not sent again'
each_came_once 40

# asked for, it is sent again
start_app --hold-after 10
replay_many --filter path:/hooks
within 20 app_has 11
killed
touch "$APP_DIR/go"
exits 0 "$hookline" replay --resume --again
contains err.err '^complete: 30 sent'
equals "requests" "$(app_count)" 41

# the relay, several at once under way: hookline waits for it, and goes on by itself
start_app --hold-after 20
replay_many --filter path:/hooks --concurrency 4
within 20 app_has 24
kill_relay
touch "$APP_DIR/go"
within 20 grep -q 'waits for the relay' replay.err
start_relay
code=0
wait $pid || code=$?
equals "exit status" $code 0
contains replay.err '^complete: 40 sent'
each_came_once 40
equals "attempts kept" "$(list_json --limit 0 | grep -c '"last_status":200')" 40

# the relay first, then hookline: what the app answered meanwhile stands in the journal, and comes to the relay
start_app --hold-after 15
replay_many --filter path:/hooks
within 20 app_has 16
kill_relay
touch "$APP_DIR/go"

# of the places only those that are not empty begin with a brace; the replay that is not complete has a journal
an_answer_is_noted() {
	tr '\0' '\n' <"$(ls "$XDG_STATE_HOME"/hookline/replays/*/journal)" | grep -q '^{"event":"[^"]*","answered":true'
}
within 20 an_answer_is_noted
killed
start_relay
exits 0 "$hookline" replay --resume
contains err.err 'answered +16 since this replay began'
contains err.err '^complete: 24 sent'
each_came_once 40
exits 0 "$hookline" show default#16 --json
contains out.out "\"target_url\":\"$APP_URL\",.*\"status\":200"
