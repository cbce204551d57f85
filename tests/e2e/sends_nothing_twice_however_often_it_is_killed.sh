#!/bin/sh
# Many at once, killed again and again (hookline, its relay, both) at whatever moment it is: no body comes to the app twice, and each is
# either there or said to be in doubt.
. "${0%/*}/lib.sh"

go_on() {
	"$hookline" replay "$@" >>replay.out 2>>replay.err </dev/null &
	pid=$!
	children="$children $pid"
}

# further N: the app has N more than before, or the replay is through
further() {
	[ "$(app_count)" -ge "$1" ] || ! alive $pid
}

start_relay
send /hooks --count 600 --body '{"n":@N@}' >/dev/null
start_app
go_on --filter path:/hooks --to "$APP_URL" --yes --concurrency 8
for who in hookline relay both hookline both relay hookline both; do
	within 60 further $(($(app_count) + 40))
	[ $who = relay ] || kill -KILL $pid 2>/dev/null || true
	[ $who = hookline ] || kill_relay
	[ $who = relay ] || wait $pid 2>/dev/null || true
	[ $who = hookline ] || start_relay
	[ $who = relay ] || go_on --resume
done
code=0
wait $pid || code=$?
[ $code -le 1 ] || fail "the last one ended with $code"
cat "$APP_DIR"/*.req | grep -a -o '"n":[0-9]*' | sort >came
sort -u came >once
[ "$(wc -l <came)" = "$(wc -l <once)" ] || fail "came twice: $(uniq -d came | head -n 5)"
doubt=$(sed -n 's/.*; \([0-9]*\) skipped, may have been sent before.*/\1/p' replay.err | tail -n 1)
missing=$((600 - $(wc -l <once)))
[ $missing -le "${doubt:-0}" ] || fail "$missing did not come, and only ${doubt:-0} are in doubt"
exits 1 "$hookline" replay --resume
contains err.err 'all are complete'
