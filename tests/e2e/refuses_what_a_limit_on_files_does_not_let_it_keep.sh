#!/bin/sh
# Where the system lets no file of the relay grow any more (ulimit -f), events are refused as on a full disk; nobody is killed.
. "${0%/*}/lib.sh"

command -v prlimit >/dev/null || skip "there is no prlimit"
RELAY_UNDER="prlimit --fsize=3000000" start_relay
head -c 900000 /dev/zero >"$work/large"
answer=200
for number in 1 2 3 4 5 6; do
	[ "$answer" = 200 ] || break
	kept=$((number - 1))
	answer=$(send /large --body-file "$work/large" | cut -c 1-3)
done
equals "answer to what cannot be kept" "$answer" 503
for again in 1 2 3 4 5; do
	equals "answer $again" "$(send /large --body-file "$work/large" | cut -c 1-3)" 503
done
alive "$RELAY_PID" || fail "the relay was killed"
kill_relay
RELAY_UNDER='' start_relay
equals "events that were acknowledged" "$(list_json --limit 0 | wc -l)" "$kept"
