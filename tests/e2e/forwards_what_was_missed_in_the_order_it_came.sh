#!/bin/sh
# Many requests are under way at once, yet they start in the order in which their events came.
. "${0%/*}/lib.sh"

start_relay
start_app
send /missed --count 40 >/dev/null

start_hookline --forward "$APP_URL" --since 40
app_receives 40
every_event_is_delivered() {
	"$hookline" list --json --limit 50 >"$work/list.out" && [ "$(grep -c '"attempts":1,"last_status":200' "$work/list.out")" = 40 ]
}
within 10 every_event_is_delivered

"$hookline" export --format jsonl >"$work/export.out"
"$python" - "$work/export.out" <<'PYTHON' >"$work/order.out"
import json, sys
events = sorted((json.loads(line) for line in open(sys.argv[1])), key=lambda event: event["seq"])
starts = [event["attempt_log"][0]["started_at"] for event in events]
print("in order" if starts == sorted(starts) else starts)
PYTHON
equals "starts of the attempts" "$(cat "$work/order.out")" 'in order'
