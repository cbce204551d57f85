#!/bin/sh
# Every tenth flush fails: those events get 503, all others are there, and the relay lives on.
. "${0%/*}/lib.sh"

under_strace fdatasync,fsync:error=EIO:when=30+10
start_relay

send /hooks --count 150 --body '{"n":@N@}' >"$work/answers.out"

kept=$(count_of 200 "$work/answers.out")
equals "answers of 200 and of 503" "$((kept + $(count_of 503 "$work/answers.out")))" 150
[ "$kept" -lt 150 ] || fail "no flush failed, so nothing was tested"
list_json --limit 0 >"$work/list.out"
equals "events stored" "$(wc -l <"$work/list.out")" "$kept"
alive "$RELAY_PID" || fail "the relay ended"
