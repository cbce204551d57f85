#!/bin/sh
# A retry is under way at a slow app when the same event is replayed there: the replay waits, and sends nothing when it was answered.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1 --hold-after 1
start_hookline --forward "$APP_URL" --retry 200ms,200ms,200ms
send /hooks >/dev/null
app_receives 2
"$hookline" replay default#1 --to "$APP_URL" --again --yes >"$work/replay.out" 2>"$work/replay.err" &
replay=$!
children="$children $replay"
within 10 grep -q 'waiting for its end' "$work/replay.err"
equals "requests while the retry is under way" "$(app_count)" 2
touch "$APP_DIR/go"
wait "$replay" || fail "the replay failed: $(cat "$work/replay.err")"
within 10 nothing_is_due
attempts_are 'default#1' '[[1, "forward", 503], [2, "retry", 200]]'
equals "requests in all" "$(app_count)" 2
