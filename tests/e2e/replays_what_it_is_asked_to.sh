#!/bin/sh
# replay sends the captured bytes again, tells its plan first, and its exit code says how it went.
. "${0%/*}/lib.sh"

start_relay
start_app
send /hooks -H 'X-One: 1' -H 'x-one: 2' --count 3 --body '{"n":@N@}' >/dev/null

exits 0 "$hookline" replay default#2 --to "$APP_URL" --dry-run
equals "requests after a dry run" "$(app_count)" 0
exits 0 "$hookline" replay default#2 --to "$APP_URL"
app_receives 1
contains "$APP_DIR/000001.req" 'x-one: 2'
contains "$APP_DIR/000001.req" '"n":2'
exits 0 "$hookline" replay --filter 'path:/hooks' --to "$APP_URL" --yes --again
app_receives 4
exits 1 "$hookline" replay default#99 --to "$APP_URL"
exits 2 "$hookline" replay nonsense --to "$APP_URL"
exits 2 "$hookline" replay default#1

# A report that cannot be written is told before anything is sent; one that was not written leaves all as it was.
exits 2 "$hookline" replay default#1 --to "$APP_URL" --report nowhere/report.json
contains err.err '^hookline replay: --report: write nowhere/report.json: No such file or directory$'
exits 2 "$hookline" replay --filter 'path:/hooks' --to "$APP_URL" --yes --again --report "$work"
equals "requests without a report" "$(app_count)" 4
echo before >kept.json
exits 1 "$hookline" replay default#99 --to "$APP_URL" --report kept.json
exits 1 "$hookline" replay default#99 --to "$APP_URL" --report none.json
equals "an old report" "$(cat kept.json)" before
[ ! -e none.json ] || fail "there is a report of nothing"
exits 0 "$hookline" replay default#1 --to "$APP_URL" --report kept.json
equals "sent by the report" "$(json kept.json "doc['sent']")" 1
app_receives 5
stop "$APP_PID"
exits 6 "$hookline" replay default#1 --to "$APP_URL"
start_app --status 500
exits 1 "$hookline" replay default#1 --to "$APP_URL"
