#!/bin/sh
# Every attempt is a row: which event, which of how many, where to, what came of it, why and by whom; filtered, as JSON and CSV.
. "${0%/*}/lib.sh"

deliveries() {
	"$hookline" deliveries --json "$@" >"$work/rows.out"
	json "$work/rows.out" "' '.join('%s:%d/%d' % (d['event_ref'], d['number'], d['attempts']) for d in docs)"
}

start_relay
start_app --fail-first 2
exits 0 "$hookline" deliveries
contains err.err 'nothing was delivered yet'
"$hookline" endpoint add shop --provider stripe >/dev/null
send /e/shop/hooks --body '{"id":"evt_1","type":"=1+1","note":"order 42"}' --sign stripe:whsec_x >/dev/null
send /other --count 2 >/dev/null
for event in shop#1 shop#1 default#1; do
	"$hookline" replay "$event" --to "$APP_URL/x" >/dev/null 2>&1 || true
done
"$hookline" replay default#2 --to http://127.0.0.1:1/closed >/dev/null 2>&1 || true

equals "all" "$(deliveries)" 'shop#1:1/2 shop#1:2/2 default#1:1/1 default#2:1/1'
equals "newest first" "$(deliveries --newest)" 'default#2:1/1 default#1:1/1 shop#1:2/2 shop#1:1/2'
equals "the newest two" "$(deliveries --limit 2)" 'default#1:1/1 default#2:1/1'
equals "oldest first without a limit" "$(deliveries --limit 0)" 'shop#1:1/2 shop#1:2/2 default#1:1/1 default#2:1/1'
equals "by status of the attempt" "$(deliveries status:5xx)" 'shop#1:1/2 shop#1:2/2'
equals "failed" "$(deliveries status:failed)" 'default#2:1/1'
equals "by target" "$(deliveries "target:127.0.0.1:$APP_PORT/*" -- -status:5xx)" 'default#1:1/1'
equals "by cause and who" "$(deliveries cause:replay 'who:*@*' endpoint:default)" 'default#1:1/1 default#2:1/1'
equals "by cause" "$(deliveries cause:forward)" ''
equals "by what stands in the event" "$(deliveries '"order 42"' provider:stripe)" 'shop#1:1/2 shop#1:2/2'
equals "of an endpoint" "$(deliveries --endpoint default)" 'default#1:1/1 default#2:1/1'

exits 0 "$hookline" deliveries
contains out.out 'STARTED .* EVENT .* TRY .* TARGET'
contains out.out 'shop#1 .* =1\+1 .* 2/2 .* replay .* 503 .*@.* http://127'
contains out.out 'default#2 .* failed .* http://127.0.0.1:1/closed .* connection refused'

"$hookline" deliveries --csv >"$work/table.csv"
"$python" - "$work/table.csv" <<'PY'
import csv, sys
raw = open(sys.argv[1], "rb").read()
assert raw.count(b"\r\n") == 5 and raw.count(b"\n") == 5, raw
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert [row["event"] for row in rows] == ["shop#1", "shop#1", "default#1", "default#2"], rows
assert rows[0]["event_type"] == "'=1+1", rows[0]
assert (rows[1]["attempt"], rows[1]["attempts"], rows[1]["status"], rows[1]["cause"]) == ("2", "2", "503", "replay")
assert rows[3]["status"] == "" and "refused" in rows[3]["error"], rows[3]
PY
exits 0 "$hookline" deliveries status:404 --csv
equals "a head alone" "$(wc -l <out.out)" 1
exits 2 "$hookline" deliveries cause:replai
contains err.err 'did you mean "replay"'
exits 2 "$hookline" deliveries --csv --json
exits 1 "$hookline" deliveries --endpoint none
