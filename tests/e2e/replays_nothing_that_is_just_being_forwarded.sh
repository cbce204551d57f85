#!/bin/sh
# A first forward is under way at a slow app when the same event is replayed there from that screen: the replay waits for its end.
. "${0%/*}/lib.sh"

start_relay
start_app --hold-after 0
start_screen --forward "$APP_URL"
shows 'forward'
send /hooks >/dev/null
app_receives 1
shows 'default#1'
keys 'r'
shows 'default#1: an attempt is under way there: the replay waits for its end'
equals "requests while the first is under way" "$(app_count)" 1
touch "$APP_DIR/go"
app_receives 2
shows '  2 +200'
attempts_are 'default#1' '[[1, "forward", 200], [2, "replay", 200]]'
attempts_take_turns 'default#1'

# and so does one by a plan
rm "$APP_DIR/go"
send /hooks >/dev/null
app_receives 3
shows 'default#4'
keys '<Space>B'
shows 'Replay 1 event'
keys 'd<Enter>'
shows 'default#4: an attempt is under way there'
equals "requests while the first is under way" "$(app_count)" 3
touch "$APP_DIR/go"
shows 'complete: [01] sent'
attempts_take_turns 'default#4'
