#!/bin/sh
# All that the filter shows: planned in a panel, changed by keys, run, paused, hidden, and reported; a screen that is killed in the middle
# leaves the rest to the next one.
. "${0%/*}/lib.sh"

start_relay
start_app --hold-after 7
send /hooks --count 6 --body '{"n":@N@}' >/dev/null
send /other --count 2 >/dev/null
exits 0 "$hookline" replay default#2 --to "$APP_URL"

start_screen
shows 'default#8'
keys '/path:/hooks<Enter>'
hides 'default#8'
keys "B127.0.0.1:$APP_PORT<Enter>"
shows 'Replay 6 events' 'order +oldest first: default#1 ... default#6' 'delivered 1 before: skipped' 'to send +5 '
keys 'o'
shows 'newest first: default#6 ... default#1'
keys 'd'
shows 'sent again' 'to send +6 '
keys 'dp50/s<Enter>'
shows 'pace +50/s' 'to send +5 .*about 80 ms'
keys '<Enter>'
shows 'complete: 5 sent in .*: 5 2xx' 'skipped, delivered'
app_receives 6
contains "$APP_DIR/000002.req" '"n":6'
contains "$APP_DIR/000006.req" '"n":1'
keys '<Esc>'
hides 'complete'

# once more, all: the app holds the second of them; paused, and stopped in good order
keys 'Bdp<Ctrl-u><Enter>'
shows 'sent again' 'as fast as the app answers'
keys '<Enter>'
app_receives 8
keys 'p'
shows 'Paused' '1 of 6'
keys '<Esc>'
shows 'paused, 1 of 6 sent'
keys 'B'
touch "$APP_DIR/go"
shows '2 of 6'
keys 's'
shows 'stopped: 2 sent'
keys '<Esc>'

# another host has to be typed
keys 'Bthttp://app.staging.invalid:81<Enter>'
keys '<Esc>'
keys "@"
shows 'replay --filter path:/hooks'
keys '<Esc>'

exits 0 "$hookline" replay --resume
contains err.err '^complete: 4 sent'
app_receives 12

# killed in the middle
start_app --hold-after 2
keys "R<Ctrl-u>127.0.0.1:$APP_PORT<Enter>"
app_receives 1
keys 'B'
shows 'to send +5 '
keys '<Enter>'
app_receives 3
on_screen signal KILL
on_screen ends -9
touch "$APP_DIR/go"
start_screen
shows 'default#8'
keys "B127.0.0.1:$APP_PORT<Enter>"
shows 'u resume +one cut off, begun .* ago, to '
keys 'u'
shows 'Resume replay 20' 'answered +1 of 6: not sent again' '1 may have been sent: skipped' 'to send +3 of 6'
keys '<Enter>'
shows 'complete: [0-9]+ sent'
app_receives 6
keys '<Esc>'
keys 'B'
hides 'u resume'
