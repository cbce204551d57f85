#!/bin/sh
# All that is to be tried again as a pane (`w`): over several events and apps, narrowed, chosen, paused, hurried, cancelled, and left for an event.
. "${0%/*}/lib.sh"

start_relay
start_app --status 503
SIZE=110x30 start_screen --route "path:/a/** => $APP_URL" --route "path:/b/** => http://127.0.0.1:9/" --retry 1h,1h
shows "live"
for path in a b a; do # each event has its first attempt behind it: default#1, #3 and #5
	send /$path/hooks >/dev/null
	tried=$((${tried:-0} + 1))
	within 20 due_is "len(docs) == $tried"
done
keys w
shows "To try again"
shows "default#5 .* 2/3 "
shows "default#3 .* 2/3 "
shows "default#1 .* 2/3 "

keys "/$APP_PORT"
keys "<Enter>"
shows "To try again  $APP_PORT  .* 2$"
keys '*p'
shows "2, 2 paused, 2 chosen"
within 10 due_is 'sorted((r["event_seq"], r["paused"]) for r in docs) == [(1, True), (3, False), (5, True)]'
keys p
within 10 due_is '[r["paused"] for r in docs] == [False] * 3'
keys n
app_receives 4
within 10 due_is 'sorted((r["event_seq"], r["tries"]) for r in docs) == [(1, 2), (3, 1), (5, 2)]'

keys =
shows "default#3 .* 2/3 "
keys "/default#3"
keys "<Enter>"
shows "To try again  default#3  .* 1$"
keys c
within 10 due_is 'sorted(r["event_seq"] for r in docs) == [1, 5]'
shows "Nothing that is to be tried again has these words"

keys "ww"
shows "default#5 .* 3/3 "
keys "/#1"
keys "<Enter>"
shows "To try again  #1 "
keys "<Enter>"
shows "attempt 3 of 3 in 59 min"
hides "To try again"
keys "@"
shows "hookline retries cancel default#3 --to"
