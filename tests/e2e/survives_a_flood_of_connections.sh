#!/bin/sh
# 5,000 connections where 1,024 files may be open: the relay does not spin, does not flood the log, and is there
# for new clients as soon as they are gone.
. "${0%/*}/lib.sh"

most=$(awk '/^Max open files/ { print $5 }' /proc/self/limits)
[ "$most" = unlimited ] || [ "$most" -ge 5200 ] || skip "so many files may not be open here"
cat >"$work/few" <<'SH'
#!/bin/sh
ulimit -n 1024
exec "$@"
SH
RELAY_UNDER="sh $work/few"
start_relay
equals "files the relay may open" "$(awk '/^Max open files/ { print ($5 <= 1024) }' "/proc/$RELAY_PID/limits")" 1
before=$(date +%s)
"$python" "$tools/flood.py" "$INGEST_PORT" "$RELAY_PID" 5000 >"$work/flood.out"
seconds=$(($(date +%s) - before + 1))
cat "$work/flood.out"

# A fifth of a processor would be a loop that turns for nothing; on a busy machine a second is a turn of the scheduler.
json "$work/flood.out" "doc['cpu'] < 0.4 or exit('it used %s s of 2' % doc['cpu'])" >/dev/null
json "$work/flood.out" "doc['waited'] < ${LATE_S:-1} or exit('a new client waited %s s' % doc['waited'])" >/dev/null
send /hooks | grep -q '^200 ' || fail "it does not answer any more"
lines=$(grep -c 'cannot accept' "$work/relay.err" || true)
[ "$lines" -le "$seconds" ] || fail "$lines lines about it in $seconds s"
[ "$(wc -l <"$work/relay.err")" -le $((seconds * 12 + 10)) ] || fail "the log is flooded: $(wc -l <"$work/relay.err") lines"
