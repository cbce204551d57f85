#!/bin/sh
# --stop-on-failure stops at the first answer that is not 2xx; the replay is then resumed without sending it again. Ctrl-C stops in
# good order: what is under way is answered and kept.
. "${0%/*}/lib.sh"

start_relay
start_app --fail-first 1
send /hooks --count 4 --body '{"n":@N@}' >/dev/null
exits 1 "$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --stop-on-failure
contains err.err '^stopped at the first failure: 1 sent in .*: 1 5xx'
contains err.err 'default#1  answered 503'
contains err.err 'replay --resume [0-9]{8}-[0-9]{6}-'
app_receives 1
exits 0 "$hookline" replay --resume
contains err.err 'answered +1 since this replay began'
contains err.err '^complete: 3 sent'
app_receives 4
exits 1 "$hookline" replay --resume
contains err.err 'all are complete'

# Ctrl-C while the app thinks: its answer is waited for, and nothing else begins
start_app --hold-after 1
"$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --again >replay.out 2>replay.err &
pid=$!
children="$children $pid"
within 20 app_has 2
kill -INT $pid
within 20 grep -q 'what is under way ends' replay.err
touch "$APP_DIR/go"
code=0
wait $pid || code=$?
equals "exit status" $code 130
contains replay.err '^stopped: 2 sent in .*: 2 2xx'
app_receives 2
exits 2 "$hookline" replay --resume --to "$APP_URL"
contains err.err '[-]-to stays as it was'
exits 0 "$hookline" replay --resume --json --rate 50/s
json out.out "docs[-1]['report']['sent'], docs[-1]['report']['skipped_answered'], docs[-1]['report']['end']" >told
equals "the rest" "$(cat told)" "(2, 2, 'complete')"
app_receives 4
