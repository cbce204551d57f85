#!/bin/sh
# Many are sent only after a plan that says what will happen; what the app has answered before is skipped unless asked; a report is kept.
. "${0%/*}/lib.sh"

start_relay
start_app
send /hooks --count 5 --body '{"n":@N@}' >/dev/null
exits 0 "$hookline" replay default#2 --to "$APP_URL"
app_receives 1

exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --dry-run --as-received
contains err.err '^5 events to http://127.0.0.1:'
contains err.err 'received .* to .* \('
contains err.err 'order +oldest first: default#1 \.\.\. default#5'
contains err.err 'delivered +1 of them before: skipped'
contains err.err 'to send +4 .*as fast as the app answers, 1 at a time'
contains out.out '^default#1 as received$'
contains out.out '^default#2 skipped: delivered before$'
equals "lines of the dry run" "$(wc -l <out.out)" 5
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --dry-run --json --order newest --rate 30/m --again
json out.out "doc['plan']['to_send'], doc['plan']['first'], doc['plan']['rate'], doc['plan']['estimate_ms'], docs[1]['ref']" >told
equals "the plan as JSON" "$(cat told)" "(5, 'default#5', 0.5, 8000, 'default#5')"
equals "requests after dry runs" "$(app_count)" 1

# nobody can be asked here
exits 2 "$hookline" replay --filter path:/hooks --to "$APP_URL"
contains err.err '--yes'
equals "requests without a yes" "$(app_count)" 1

exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL" --yes --json --report report.md
app_receives 5
json out.out "docs[-1]['report']['sent'], docs[-1]['report']['answers']['2xx'], docs[-1]['report']['skipped_delivered'], docs[-1]['report']['end']" >told
equals "the report" "$(cat told)" "(4, 4, 1, 'complete')"
contains report.md '^\| sent \| 4 \|$'
kept=$(sed -n 's/^report: //p' err.err)
equals "the report that is kept" "$(json "$kept" "doc['id'] in '$kept' and doc['sent']")" 4

# in the order they were named, each once
exits 0 "$hookline" replay default#3 default#1 default#3 --to "$APP_URL" --yes --again --report report.csv
app_receives 7
contains "$APP_DIR/000006.req" '"n":3'
contains "$APP_DIR/000007.req" '"n":1'
contains report.csv '^summary,"sent","2"$'
exits 0 "$hookline" replay default#3 default#1 --to "$APP_URL" --yes --again --order oldest
contains "$APP_DIR/000008.req" '"n":1'

# everything was answered: there is nothing to ask for
exits 0 "$hookline" replay --filter path:/hooks --to "$APP_URL"
equals "requests in the end" "$(app_count)" 9
exits 1 "$hookline" replay --filter path:/nothing --to "$APP_URL" --yes
contains err.err 'no event matches'
