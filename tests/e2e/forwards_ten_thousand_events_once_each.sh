#!/bin/sh
# 10,000 events to two apps at once, 50 in flight at one of them and in order at the other: none lost, none twice, memory flat.
. "${0%/*}/lib.sh"

start_relay
"$python" "$here/many.py" --ingest "$INGEST_PORT" --events 10000 --ports "$work/ports" --report "$work/report.json" \
	>"$work/many.out" 2>"$work/many.err" &
MANY_PID=$!
children="$children $MANY_PID"
within 10 test -e "$work/ports"
read -r slow quick <"$work/ports"

start_hookline --match all --route "=> $slow concurrency=50" --route "=> $quick order=kept"
echo "$LISTEN_PID" >"$work/go" && mv "$work/go" "$work/ports.go"
within 170 gone "$MANY_PID"

# AddressSanitizer keeps what was freed
most_kb=16384
case ${ASAN_RUNS:-$(nm "$hookline" 2>/dev/null | grep -c __asan_init)} in
0) ;;
*) most_kb=1000000 ;;
esac

list_json --limit 0 >"$work/list.out"
"$python" - "$work/report.json" "$work/list.out" "$most_kb" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
events = sorted((json.loads(line) for line in open(sys.argv[2])), key=lambda event: event["seq"])
order = [int(event["target"].strip("/")) for event in events]
grown = report["late_kb"] - report["early_kb"]
print("most in flight %d and %d, memory %d kB after 2,000 events, %+d kB after all"
      % (report["most"], report["most_quick"], report["early_kb"], grown))
assert sorted(report["slow"]) == list(range(10000)), "%d at the first app" % len(report["slow"])
assert report["quick"] == order, "not in order at the second app"
assert all(event["attempts"] == 2 and event["last_status"] == 200 for event in events)
assert 40 <= report["most"] <= 50 and report["most_quick"] == 1
assert grown < int(sys.argv[3]), "the memory grows"
PY
